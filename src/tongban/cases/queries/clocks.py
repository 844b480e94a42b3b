"""The clocks of a case as people are shown them: due, days left, whether it may still move, and why."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from tongban.base.clock import office_date
from tongban.base.compiled import together
from tongban.base.templatetags.words import date_words, limit_words
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Limit, Unit, WorkingCalendar, days_left, explain, sentences
from tongban.cases.models import Case, Clock
from tongban.cases.queries.dossier import clock_rows
from tongban.cases.rules.clocks import TOLD


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock: its label, due date, working days left, and the sentences that explain it."""

    kind: str
    label: str
    due_on: date
    days_left: int | None
    provisional: bool
    state: str
    limit: str
    basis: str
    sentences: tuple[str, ...]
    is_superseded: bool = False
    """Whether a later clock of its kind has taken its place: it is explained, but not shown as a date."""


def clocks_of(case: Case, *, today: date, for_applicant: bool) -> list[ClockShown]:
    """Return the clocks of a case, the running ones first. Applicants are not shown limits for supervision."""
    rows, content = together(clock_rows.asking(case.id), calendar.calendar_content.asking())
    return clocks_shown(rows, calendar.calendar_of(content), today=today, for_applicant=for_applicant)


def clocks_shown(rows: list[Clock], reckoned: WorkingCalendar, *, today: date, for_applicant: bool) -> list[ClockShown]:
    """Return the same of rows that are at hand."""
    told = [clock for clock in rows if not for_applicant or clock.kind in TOLD]
    latest = {clock.kind: clock.id for clock in told}
    shown = [replace(_shown(clock, reckoned, today), is_superseded=latest[clock.kind] != clock.id) for clock in told]
    return sorted(shown, key=lambda clock: (clock.state not in {"running", "stopped"}, clock.due_on))


def _shown(clock: Clock, reckoned: WorkingCalendar, today: date) -> ClockShown:
    running = clock.state == Clock.State.RUNNING
    return ClockShown(
        kind=clock.kind,
        label=str(clock.get_kind_display()),
        due_on=clock.due_on,
        days_left=days_left(today, clock.due_on, reckoned) if running else None,
        provisional=clock.provisional,
        state=_state(clock),
        limit=limit_words(clock.limit_value, clock.limit_unit),
        basis=clock.basis,
        sentences=tuple(explain_clock(clock, reckoned)),
    )


def _state(clock: Clock) -> str:
    if clock.state != Clock.State.ENDED:
        return str(clock.state)
    ended_on = office_date(clock.ended_at) if clock.ended_at else clock.due_on
    return "met" if ended_on <= clock.due_on else "missed"


def explain_clock(clock: Clock, reckoned: WorkingCalendar | None = None) -> list[str]:
    """Return in sentences how a due date came about: the rule, from when, which days did not count and why."""
    unit: Unit = clock.limit_unit  # type: ignore[assignment]  # written from a Limit only
    explained = explain(
        Limit(clock.limit_value, unit), clock.started_at, reckoned or calendar.working_calendar(), calendar.policy()
    )
    return [_rule(clock), *sentences(explained)]


def _rule(clock: Clock) -> str:
    values = {
        "name": clock.get_kind_display(),
        "limit": limit_words(clock.limit_value, clock.limit_unit),
        "basis": clock.basis,
        "day": date_words(clock.started_at),
    }
    if clock.basis:
        return _("%(name)s: %(limit)s from %(day)s, by %(basis)s.") % values
    return _("%(name)s: %(limit)s from %(day)s.") % values
