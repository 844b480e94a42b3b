"""What a change of the calendar changes: which days, and which starts are reckoned by other policy values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY, WorkingCalendar

ONE_DAY = timedelta(days=1)

Span = tuple[date, date]
"""Days from the first up to and including the last."""


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that is another than before: worked or not, or by another name."""

    day: date
    was_working: bool
    is_working: bool
    was_named: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a change can move: limits that run over one of the days, and limits that start within one of the spans.

    `days` are those on which offices work now and did not before, or the other way round, and those that have become
    firm or provisional.
    """

    days: tuple[Span, ...] = ()
    starts: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        """Whether it moves anything."""
        return bool(self.days or self.starts)


def change_between(before: WorkingCalendar, after: WorkingCalendar) -> CalendarChange:
    """Return what differs between two calendars, as far as it can move the end of a limit."""
    days = [
        day
        for day in _all_days()
        if before.is_working(day) != after.is_working(day) or before.is_provisional(day) != after.is_provisional(day)
    ]
    return CalendarChange(tuple(_spans(days)), tuple(_starts(before, after)))


def day_changes(before: WorkingCalendar, after: WorkingCalendar, year: int) -> list[DayChange]:
    """Return the days of a year, and of the December before, that are others than before, for people to look at."""
    first, last = max(FIRST_DAY, date(year - 1, 12, 1)), date(year, 12, 31)
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    changes = (
        DayChange(day, before.is_working(day), after.is_working(day), before.name_of(day), after.name_of(day))
        for day in days
    )
    return [one for one in changes if (one.was_working, one.was_named) != (one.is_working, one.name)]


def _all_days() -> Iterator[date]:
    return (date.fromordinal(one) for one in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1))


def _spans(days: Sequence[date]) -> Iterator[Span]:
    """Return days in order as spans; those that follow each other make one."""
    begun = 0
    for place, day in enumerate(days):
        if place + 1 == len(days) or days[place + 1] != day + ONE_DAY:
            yield days[begun], day
            begun = place + 1


def _starts(before: WorkingCalendar, after: WorkingCalendar) -> Iterator[Span]:
    """Return the spans of days whose starts are reckoned by other policy values than before."""
    bounds = sorted({*_bounds(before), *_bounds(after), FIRST_DAY, LAST_DAY + ONE_DAY})
    for first, following in pairwise(bounds):
        if before.policy_on(first) != after.policy_on(first):
            yield first, following - ONE_DAY


def _bounds(calendar: WorkingCalendar) -> list[date]:
    return [holds_from for holds_from, _policy in calendar.policies if holds_from is not None]
