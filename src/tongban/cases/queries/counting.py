"""How the days of a case's clocks are counted, day by day, today or as if today were another day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.base.clock import office_date
from tongban.base.compiled import together
from tongban.base.errors import Invalid
from tongban.base.templatetags.words import either
from tongban.calendar import queries as calendar
from tongban.calendar.rules import WorkingCalendar
from tongban.cases.models import Case, Clock, ClockExtension, ClockInterval
from tongban.cases.queries import clocks
from tongban.cases.queries.clocks import ClockShown, Moves
from tongban.cases.queries.dossier import clock_rows, extension_rows, stop_rows, tasks_of
from tongban.cases.rules import counting
from tongban.cases.rules.counting import CountedDay, Span, Use

FURTHEST_AHEAD = timedelta(days=366)
"""How far beyond today one may look: beyond, holidays are not known and nothing can be said."""
_MOMENT = timedelta(microseconds=1)
NEVER_USED = Use(0, 0, "on_the_spot")


@dataclass(frozen=True, slots=True)
class Count:
    """A clock with the count of its days."""

    shown: ClockShown
    started_at: datetime
    first_day: date
    use: Use
    stops: tuple[ClockInterval, ...]
    extensions: tuple[ClockExtension, ...]
    days: tuple[CountedDay, ...]

    @property
    def spans(self) -> list[Span]:
        """The days, those that follow each other and are treated alike as one."""
        return counting.spans_of(self.days)


@dataclass(frozen=True, slots=True)
class Counts:
    """The clocks of a case as of a day, those that were open first."""

    as_of: date
    today: date
    counts: tuple[Count, ...]

    @property
    def is_assumed(self) -> bool:
        """Whether the day is to come: what happens until then is not known."""
        return self.as_of > self.today

    @property
    def is_today(self) -> bool:
        """Whether it is as of today."""
        return self.as_of == self.today


def counts_of(case: Case, *, today: date, as_of: date | None = None, for_applicant: bool) -> Counts:
    """Return how the days of the clocks are counted, as if today were `as_of`.

    Only what had happened by the end of that day counts: clocks begun, stops, extensions, ends, and the calendar as it
    was known then. Raises Invalid ("as_of") for a day before the receipt, or more than a year ahead.
    """
    day = as_of or today
    _check(case, day, today)
    tasks, rows, stops, extensions, content = together(
        tasks_of.asking(case.id),
        clock_rows.asking(case.id),
        stop_rows.asking(case.id),
        extension_rows.asking(case.id),
        calendar.calendar_content.asking(),
    )
    now_known, at = calendar.calendar_of(content), clocks.end_of_date(day)
    reckoned = now_known if day >= today else calendar.calendar_as_of(at - _MOMENT)
    moves = clocks.moves_of(stops, extensions).before(at)
    begun = [row for row in clocks.told_to(case, rows, for_applicant=for_applicant) if row.started_at < at]
    then = [row if day == today else clocks.clock_as_of(row, moves, reckoned, day=day) for row in begun]
    names = {task.id: either(task.name, task.name_en) for task in tasks}
    known = _Known(case, day, moves, reckoned, now_known, names)
    found = [_count(row, known) for row in then]
    return Counts(day, today, tuple(sorted(found, key=_order)))


def _order(count: Count) -> tuple[bool, date, datetime]:
    return count.shown.state not in clocks.OPEN, count.shown.due_on, count.started_at


def _check(case: Case, day: date, today: date) -> None:
    if day < office_date(case.submitted_at):
        raise Invalid({"as_of": [_("The matter had not come in by then. Please choose a later day.")]})
    if day > today + FURTHEST_AHEAD:
        raise Invalid({"as_of": [_("Please choose a day within the coming year.")]})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a case as of a day, and of the calendar then and now."""

    case: Case
    day: date
    moves: Moves
    then: WorkingCalendar
    now: WorkingCalendar
    steps: Mapping[UUID, str]


def _count(row: Clock, known: _Known) -> Count:
    day, moves = known.day, known.moves
    counted = clocks.counted_by(row, moves, known.then, today=day)
    explanation = counted.explanation
    shown = clocks.clock_shown(known.case, row, moves, counted, today=day, steps=known.steps)
    if row.state != Clock.State.ENDED and known.then is not known.now:
        now_reckoned = clocks.explanation_of(row, moves, known.now, today=day)
        shown = replace(shown, sentences=(*shown.sentences, *counting.corrected_since(explanation, now_reckoned)))
    days = counting.days_of(explanation, counted.calendar)
    if row.state == Clock.State.STOPPED:  # what comes is not known while it stands
        days = [one for one in days if one.day <= day]
    return Count(
        shown=shown,
        started_at=row.started_at,
        first_day=explanation.first,
        use=counted.use or NEVER_USED,
        stops=tuple(moves.stops.get(row.id, ())),
        extensions=tuple(moves.extensions.get(row.id, ())),
        days=tuple(days),
    )
