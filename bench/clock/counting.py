"""The other count: day by day, in plain loops, from `docs/law/counting-time.md` and the notices alone.

Nothing of the product is read or imported here, and nothing is clever: where `calendar.rules` reckons in one step,
this walks. It is to be compared with the page sentence by sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bench.clock.official import SATURDAY, Notice

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2099
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
Span = tuple[datetime, datetime]
Extent = tuple[str, int]
"""A unit and a number of it."""


class BeyondCalendarError(Exception):
    """The count came to a day before 2000 or after 2099."""


@dataclass(frozen=True)
class Year:
    """All days that are known: by notices, and by the jurisdiction itself."""

    notices: Mapping[int, Notice]
    local: Mapping[date, bool]
    named: dict[date, bool] = field(init=False)

    def __post_init__(self) -> None:
        """Put the days of all notices side by side; where two name one day, the later notice prevails."""
        named = {one.day: one.is_worked for year in sorted(self.notices) for one in self.notices[year]}
        object.__setattr__(self, "named", named)

    def works(self, day: date) -> bool:
        """Tell whether offices work."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BeyondCalendarError(day)
        if day in self.local:
            return self.local[day]
        if day in self.named:
            return self.named[day]
        if day.weekday() >= SATURDAY:
            return False
        return day.year in self.notices or (day.month, day.day) not in FIXED_HOLIDAYS

    def why_free(self, day: date) -> str:
        """Return why offices do not work on a day."""
        if day in self.local:
            return "local"
        is_fixed = day.year not in self.notices and (day.month, day.day) in FIXED_HOLIDAYS
        return "holiday" if day in self.named or is_fixed else "weekend"

    def is_provisional(self, day: date) -> bool:
        """Tell whether a notice that is still to come may change the day."""
        if day.year not in self.notices:
            return True
        if (day.month, day.day) < (12, 28) or day.year + 1 in self.notices:
            return False
        return day not in {one.day for one in self.notices[day.year]}


@dataclass(frozen=True)
class Customs:
    """What the law leaves open."""

    office_hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))
    first_day_counts: bool = False
    closes_at_midnight: bool = False
    month_is_30_days: bool = False

    def closing(self, day: date) -> datetime:
        """Return the closing time of a day."""
        if self.closes_at_midnight:
            return datetime.combine(day + ONE_DAY, time(0))
        return datetime.combine(day, self.office_hours[-1][1])

    def day_of(self, instant: datetime) -> date:
        """Return the day that an instant belongs to."""
        day = instant.date()
        return day if instant < self.closing(day) else day + ONE_DAY


@dataclass(frozen=True)
class End:
    """What the count found."""

    day: date
    at: datetime
    is_provisional: bool
    counted: tuple[date, ...] = ()
    """The days that counted, in order; none for hours."""
    passed_over: tuple[tuple[date, str], ...] = ()
    """The days after the first that did not count, up to the last, each with its reason; none for hours."""
    worked_weekends: tuple[date, ...] = ()
    """The days that counted though they are Saturdays or Sundays: named as worked."""


def end_of(
    limit: Extent,
    start: datetime,
    stops: Iterable[Span],
    extensions: Iterable[Extent],
    year: Year,
    customs: Customs,
) -> End:
    """Count from a start until the limit is used up. Instants are legal time of China without a zone."""
    year.works(start.date())
    unit, number = limit
    number += sum(more for other, more in extensions if other == unit)
    others = [(other, more) for other, more in extensions if other != unit]
    if unit in {"hour", "working_hour"}:
        return _end_of_hours(unit, timedelta(hours=number), start, list(stops), year, customs)
    return _end_of_days([(unit, number), *others], start, list(stops), year, customs)


def _end_of_days(limits: list[Extent], start: datetime, stops: list[Span], year: Year, customs: Customs) -> End:
    walk = _Walk(year, customs, days_left_out(stops, customs))
    last = customs.day_of(start)
    while not year.works(last):
        last += ONE_DAY
    includes_first = customs.first_day_counts
    for unit, number in limits:
        last = walk.reach(last, unit, number, includes_first=includes_first)
        includes_first = False
    weekends = tuple(day for day in walk.counted if day.weekday() >= SATURDAY and year.works(day))
    is_provisional = _any_provisional(start.date(), last, year)
    return End(last, customs.closing(last), is_provisional, tuple(walk.counted), tuple(walk.passed_over), weekends)


def in_time(unit: str, end: End, act: datetime, customs: Customs) -> bool:
    """Tell whether an act is in time: within the last day as offices keep days, or before so much time has passed."""
    return act < end.at if unit in {"hour", "working_hour"} else customs.day_of(act) <= end.day


def hours_passed(unit: str, start: datetime, until: datetime, stops: list[Span], year: Year, customs: Customs) -> int:
    """Walk from edge to edge and add up what counts; whole hours, the rest is dropped."""
    passed, moment = timedelta(0), start
    while moment < until:
        edge = min(_next_edge(moment, stops, customs), until)
        if _passes(unit, moment, stops, year, customs):
            passed += edge - moment
        moment = edge
    return passed // timedelta(hours=1)


class _Walk:
    """Somebody who goes from day to day with a pencil."""

    def __init__(self, year: Year, customs: Customs, left_out: set[date]) -> None:
        self.year, self.customs, self.left_out = year, customs, left_out
        self.counted: list[date] = []
        self.passed_over: list[tuple[date, str]] = []

    def reach(self, first: date, unit: str, number: int, *, includes_first: bool) -> date:
        """Count so many days, then go on to a day that can be the last."""
        if unit == "on_the_spot":
            number = 0
        if unit == "month":
            corresponding = (corresponding_day(first, number) - first).days
            number = 30 * number if self.customs.month_is_30_days else corresponding
        day = last = first
        if not includes_first:
            day += ONE_DAY
        while number > 0:
            if day not in self.left_out and (self.year.works(day) or unit != "working_day"):
                self.counted.append(day)
                last = day
                number -= 1
            else:
                self.pass_over(day)
            day += ONE_DAY
        while last in self.left_out or not self.year.works(last):
            if last not in self.counted:
                self.pass_over(last)
            last += ONE_DAY
        return last

    def pass_over(self, day: date) -> None:
        """Write down a day that does not count."""
        self.passed_over.append((day, "stopped" if day in self.left_out else self.year.why_free(day)))


def days_left_out(stops: Iterable[Span], customs: Customs) -> set[date]:
    """Return the days on which a clock is stopped as offices close."""
    left_out = set()
    for since, until in stops:
        day = customs.day_of(since)
        while day < customs.day_of(until):
            left_out.add(day)
            day += ONE_DAY
    return left_out


def corresponding_day(day: date, months: int) -> date:
    """Return the day of the same number so many months later, or the last of that month (民法典 art. 202)."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def _end_of_hours(
    unit: str, amount: timedelta, start: datetime, stops: list[Span], year: Year, customs: Customs
) -> End:
    """Walk from edge to edge (midnights, office hours, stops): between two of them nothing changes."""
    moment, left = start, amount
    while True:
        if unit == "hour" and not left:
            break
        edge = _next_edge(moment, stops, customs)
        if _passes(unit, moment, stops, year, customs):
            if edge - moment >= left:
                break
            left -= edge - moment
        moment = edge
    end = moment + left
    year.works(end.date())
    is_provisional = unit != "hour" and _any_provisional(start.date(), end.date(), year)
    return End(end.date(), end, is_provisional)


def _next_edge(moment: datetime, stops: list[Span], customs: Customs) -> datetime:
    edges = [datetime.combine(moment.date() + ONE_DAY, time(0))]
    edges += [datetime.combine(moment.date(), clock) for span in customs.office_hours for clock in span]
    edges += [instant for span in stops for instant in span]
    return min(edge for edge in edges if edge > moment)


def _passes(unit: str, moment: datetime, stops: list[Span], year: Year, customs: Customs) -> bool:
    """Tell whether time counts from this moment on."""
    if any(since <= moment < until for since, until in stops):
        return False
    if unit == "hour":
        return True
    opened = any(opens <= moment.time() < closes for opens, closes in customs.office_hours)
    return year.works(moment.date()) and opened


def _any_provisional(first: date, last: date, year: Year) -> bool:
    day = first
    while day <= last:
        if year.is_provisional(day):
            return True
        day += ONE_DAY
    return False
