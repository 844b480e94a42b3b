"""How a due date came about, day by day, so that it can be told in a sentence."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.rules.days import SATURDAY, WorkingCalendar
from tongban.calendar.rules.limits import Due, Limit, Stretch, counting_day, due, stretches
from tongban.calendar.rules.policies import DEFAULT_POLICY, Policy
from tongban.calendar.rules.stops import NOTHING_LEFT_OUT, DaysLeftOut, Stop, days_left_out

Moved = Literal["", "after_closing", "closed_day"]
Reason = Literal["weekend", "holiday", "local", "stopped"]

ARTICLES = {
    "working_day": "《中华人民共和国行政许可法》第八十二条",
    "calendar_day": "《中华人民共和国民法典》第二百零一条、第二百零三条",
    "month": "《中华人民共和国民法典》第二百零二条、第二百零三条",
    "hour": "《中华人民共和国民法典》第二百零一条",
    "working_hour": "《中华人民共和国民法典》第二百零三条",
    "on_the_spot": "",
    "fixed_day": "",
}
"""Where the way of counting is laid down, by unit."""

COUNTED_IN_DAYS = frozenset({"working_day", "calendar_day", "month"})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that did not count, and why; `name` is the holiday's Chinese name, or the ground of a stop."""

    day: date
    reason: Reason
    name: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a due date came about.

    `began` is the day of the start, `first` the working day as which it counts (`moved` says why it differs).
    `counted` are the days that used up the limit, `moved_working_days` those of them that are weekend days worked by
    notice 调休. `counted_last` is the last day before a day without work at the end moved it to `due.day`.
    """

    limit: Limit
    began: date
    first: date
    moved: Moved
    counted: tuple[date, ...]
    left_out: tuple[LeftOut, ...]
    moved_working_days: tuple[date, ...]
    counted_last: date
    due: Due
    source: str
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Limit, ...] = ()
    policy: Policy = DEFAULT_POLICY

    @property
    def first_counts(self) -> bool:
        """Whether the first day is among those that the limit is counted in."""
        return bool(self.policy.first_day and self.limit.value) and self.limit.unit in COUNTED_IN_DAYS

    def used_on(self, day: date) -> int:
        """Return how many days of the limit have been used up when that day ends."""
        return bisect_right(self.counted, day)


def explain(
    limit: Limit,
    start: date | datetime,
    calendar: WorkingCalendar,
    policy: Policy = DEFAULT_POLICY,
    *,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Limit] = (),
) -> Explanation:
    """Return how the limit's end came about; raises BeyondCalendar."""
    ends = due(limit, start, calendar, policy, stops=stops, extensions=extensions)
    began = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
    if limit.unit == "fixed_day":
        return _fixed(limit, began, ends)
    first = began if limit.unit == "hour" else counting_day(start, calendar, policy)
    days = _Days(calendar, NOTHING_LEFT_OUT if limit.in_hours else days_left_out(stops, policy), stops, policy)
    runs = (
        [Stretch(limit.unit, first - ONE_DAY, ends.day, ends.day)]
        if limit.in_hours
        else stretches(limit, start, calendar, policy, stops=stops, extensions=extensions)
    )
    counted = tuple(day for run in runs for day in days.counted(run))
    return Explanation(
        limit=limit,
        began=began,
        first=first,
        moved=_moved(began, first, calendar),
        counted=counted,
        left_out=tuple(left for run in runs for left in days.left_out(run)),
        moved_working_days=tuple(day for day in counted if day.weekday() >= SATURDAY and calendar.is_working(day)),
        counted_last=runs[-1].last,
        due=ends,
        source=ARTICLES[limit.unit],
        stops=tuple(stops),
        extensions=tuple(extensions),
        policy=policy,
    )


def _fixed(limit: Limit, began: date, ends: Due) -> Explanation:
    """Nothing is counted up to a day that was fixed otherwise, so nothing is left out either."""
    return Explanation(
        limit=limit,
        began=began,
        first=began,
        moved="",
        counted=(),
        left_out=(),
        moved_working_days=(),
        counted_last=ends.day,
        due=ends,
        source=ARTICLES[limit.unit],
    )


def _moved(began: date, first: date, calendar: WorkingCalendar) -> Moved:
    if began == first:
        return ""
    return "after_closing" if calendar.is_working(began) else "closed_day"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a stretch, one by one."""

    calendar: WorkingCalendar
    gaps: DaysLeftOut
    stops: Sequence[Stop]
    policy: Policy

    def counted(self, run: Stretch) -> Iterator[date]:
        """Return those that count."""
        return (day for day in _span(run.after + ONE_DAY, run.last) if self._counts(day, run))

    def left_out(self, run: Stretch) -> Iterator[LeftOut]:
        """Return those that do not count, up to the last day, with the reason of each.

        The first day is among them where nothing is counted and a stop on it moves the end.
        """
        nothing_is_counted = run.after == run.last < run.end
        return (
            self._as_left_out(day)
            for day in _span(run.last if nothing_is_counted else run.after + ONE_DAY, run.end - ONE_DAY)
            if day > run.last or not self._counts(day, run)
        )

    def _counts(self, day: date, run: Stretch) -> bool:
        if day in self.gaps:
            return False
        return run.unit not in ("working_day", "working_hour") or self.calendar.is_working(day)

    def _as_left_out(self, day: date) -> LeftOut:
        if day in self.gaps:
            return LeftOut(day, "stopped", self._ground(day))
        name = self.calendar.name_of(day)
        if self.calendar.is_local(day):
            return LeftOut(day, "local", name)
        return LeftOut(day, "holiday" if name else "weekend", name)

    def _ground(self, day: date) -> str:
        covering = (s for s in self.stops if self.policy.day_of(s.since) <= day < self.policy.day_of(s.until))
        return next((stop.ground for stop in covering), "")


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
