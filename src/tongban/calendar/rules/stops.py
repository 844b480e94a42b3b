"""Time that does not count because the clock was stopped (行政许可法 art. 45), and the days it leaves out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules.days import LAST_DAY, WorkingCalendar, working_days_between
from tongban.calendar.rules.policies import Policy

ONE_DAY = timedelta(days=1)

Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Stop:
    """A time during which a clock stood, from an instant up to, and not including, another; `ground` says why."""

    since: datetime
    until: datetime
    ground: str = ""


def instants_left_out(stops: Iterable[Stop]) -> list[tuple[datetime, datetime]]:
    """Return the stops in order, those that touch or overlap made one."""
    return list(_merged(sorted((stop.since, stop.until) for stop in stops if stop.since < stop.until)))


def _merged(spans: Iterable[tuple[Moment, Moment]]) -> Iterator[tuple[Moment, Moment]]:
    """Return spans that come in order, those that touch or overlap made one."""
    standing: tuple[Moment, Moment] | None = None
    for begin, end in spans:
        if standing is None or begin > standing[1]:
            if standing is not None:
                yield standing
            standing = begin, end
        else:
            standing = standing[0], max(standing[1], end)
    if standing is not None:
        yield standing


class DaysLeftOut:
    """Days that stops leave out: spans from a first day up to, and not including, another; in order and apart."""

    __slots__ = ("_begins", "spans")

    def __init__(self, spans: Sequence[tuple[date, date]]) -> None:
        """Take spans that are in order and neither touch nor overlap."""
        self.spans = spans
        self._begins = [begin for begin, _end in spans]

    def __contains__(self, day: date) -> bool:
        """Whether the day is left out."""
        place = bisect_right(self._begins, day)
        return bool(place) and day < self.spans[place - 1][1]

    def working_day_after(self, after: date, count: int, calendar: WorkingCalendar) -> date:
        """Return the `count`-th working day after a day that is not left out; raises BeyondCalendar."""
        for begin, end in self._later_than(after):
            before = min(begin - ONE_DAY, LAST_DAY)
            available = working_days_between(after, before, calendar) if before > after else 0
            if available >= count:
                break
            count -= available
            after = max(after, end - ONE_DAY)
        return calendar.working_day_after(after, count)

    def day_after(self, after: date, count: int) -> date:
        """Return the `count`-th day after a day that is not left out; raises BeyondCalendar."""
        for begin, end in self._later_than(after):
            available = (begin - after).days - 1
            if available >= count:
                break
            count -= max(0, available)
            after = max(after, end - ONE_DAY)
        if count > (LAST_DAY - after).days:
            raise BeyondCalendar
        return after + timedelta(days=count)

    def this_or_next(self, day: date, calendar: WorkingCalendar) -> date:
        """Return the day itself, or the first one after it, that is a working day and not left out."""
        day = calendar.this_or_next(day)
        for begin, end in self.spans:
            if begin <= day < end:
                day = calendar.this_or_next(end)
        return day

    def _later_than(self, day: date) -> Iterator[tuple[date, date]]:
        """Return the spans that reach beyond a day."""
        return ((begin, end) for begin, end in self.spans if end - ONE_DAY > day)


NOTHING_LEFT_OUT = DaysLeftOut(())


def days_left_out(stops: Iterable[Stop], policy: Policy) -> DaysLeftOut:
    """Return the days that stops leave out: from the day of the beginning up to, not including, the day of the end."""
    spans = sorted((policy.day_of(stop.since), policy.day_of(stop.until)) for stop in stops)
    return DaysLeftOut(list(_merged((begin, end) for begin, end in spans if begin < end)))
