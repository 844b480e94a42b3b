"""The clocks of a case as people are shown them: due, days left, whether it may still move, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.base.clock import office_date
from tongban.base.compiled import together
from tongban.base.templatetags.words import date_words, limit_words
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Explanation, Limit, Policy, Stop, WorkingCalendar, days_left, explain, sentences
from tongban.cases.kinds import clock_words
from tongban.cases.models import Case, Clock, ClockExtension, ClockInterval
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.queries.dossier import clock_rows, extension_rows, stop_rows


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


@dataclass(frozen=True, slots=True)
class Moves:
    """What has moved the ends of clocks: their stops and their extensions, by clock."""

    stops: dict[UUID, list[ClockInterval]]
    extensions: dict[UUID, list[ClockExtension]]

    def stops_until(self, clock: Clock, today: date, policy: Policy) -> list[Stop]:
        """Return the stops of a clock; one that is not over yet, as if it ended when today does."""
        tonight = policy.end_of(today)
        return [
            Stop(row.since, row.until or max(tonight, row.since), row.ground) for row in self.stops.get(clock.id, ())
        ]

    def added(self, clock: Clock) -> list[Limit]:
        """Return what was added to a clock."""
        rows = self.extensions.get(clock.id, ())
        return [Limit(row.value, row.unit) for row in rows]  # type: ignore[arg-type]  # written from a Limit only


def moves_of(stops: Iterable[ClockInterval], extensions: Iterable[ClockExtension]) -> Moves:
    """Sort stops and extensions by their clock."""
    moves = Moves({}, {})
    for stop in stops:
        moves.stops.setdefault(stop.clock_id, []).append(stop)
    for extension in extensions:
        moves.extensions.setdefault(extension.clock_id, []).append(extension)
    return moves


def clocks_of(case: Case, *, today: date, for_applicant: bool) -> list[ClockShown]:
    """Return the clocks of a case, the running ones first. Applicants are not shown limits for supervision."""
    rows, stops, extensions, content = together(
        clock_rows.asking(case.id),
        stop_rows.asking(case.id),
        extension_rows.asking(case.id),
        calendar.calendar_content.asking(),
    )
    moves = moves_of(stops, extensions)
    return clocks_shown(case, rows, moves, calendar.calendar_of(content), today=today, for_applicant=for_applicant)


def clocks_shown(
    case: Case, rows: Sequence[Clock], moves: Moves, reckoned: WorkingCalendar, *, today: date, for_applicant: bool
) -> list[ClockShown]:
    """Return the same of rows that are at hand."""
    told = rules_of(case).told if for_applicant else frozenset()
    standing = [clock for clock in rows if not for_applicant or clock.kind in told]
    latest = {(clock.kind, clock.task_id): clock.id for clock in standing}
    shown = [
        replace(_shown(clock, moves, reckoned, today), is_superseded=latest[clock.kind, clock.task_id] != clock.id)
        for clock in standing
    ]
    return sorted(shown, key=lambda clock: (clock.state not in {"running", "stopped"}, clock.due_on))


def _shown(clock: Clock, moves: Moves, reckoned: WorkingCalendar, today: date) -> ClockShown:
    running = clock.state == Clock.State.RUNNING
    return ClockShown(
        kind=clock.kind,
        label=clock_words(clock.kind),
        due_on=clock.due_on,
        days_left=days_left(today, clock.due_on, reckoned) if running else None,
        provisional=clock.provisional,
        state=_state(clock),
        limit=limit_words(clock.limit_value, clock.limit_unit),
        basis=clock.basis,
        sentences=tuple(explain_clock(clock, moves, reckoned, today=today)),
    )


def _state(clock: Clock) -> str:
    if clock.state != Clock.State.ENDED:
        return str(clock.state)
    ended_on = office_date(clock.ended_at) if clock.ended_at else clock.due_on
    return "met" if ended_on <= clock.due_on else "missed"


def explanation_of(clock: Clock, moves: Moves, reckoned: WorkingCalendar, *, today: date) -> Explanation:
    """Return how the end of a clock came about, day by day; of a clock that stands, as if it ran on from tomorrow."""
    policy = reckoned.policy_on(clock.started_at)
    return explain(
        Limit(clock.limit_value, clock.limit_unit),  # type: ignore[arg-type]  # written from a Limit only
        clock.started_at,
        reckoned,
        policy,
        stops=moves.stops_until(clock, today, policy),
        extensions=moves.added(clock),
    )


def explain_clock(clock: Clock, moves: Moves, reckoned: WorkingCalendar, *, today: date) -> list[str]:
    """Return in sentences how a due date came about: the rule, from when, which days did not count and why."""
    return [_rule(clock), *sentences(explanation_of(clock, moves, reckoned, today=today))]


def _rule(clock: Clock) -> str:
    values = {
        "name": clock_words(clock.kind),
        "limit": limit_words(clock.limit_value, clock.limit_unit),
        "basis": clock.basis,
        "day": date_words(clock.started_at),
    }
    if clock.basis:
        return _("%(name)s: %(limit)s from %(day)s, by %(basis)s.") % values
    return _("%(name)s: %(limit)s from %(day)s.") % values
