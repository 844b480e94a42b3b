"""The other count: day by day, in plain loops, from `docs/law/counting-time.md` and the notices alone.

Nothing of the product is read or imported here, and nothing is clever: where `calendar.rules` reckons in one step, this walks.
It is to be compared with the page sentence by sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bench.clock.official import Notice

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
        if day.weekday() >= 5:  # noqa: PLR2004 - Saturday
            return False
        return day.year in self.notices or (day.month, day.day) not in FIXED_HOLIDAYS

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
    left_out: frozenset[date] = frozenset()
    """The days on which the clock did not run, whenever they are; none for hours."""


def end_of(  # noqa: PLR0913 - everything that a limit depends on
    limit: Extent,
    start: datetime,
    stops: Iterable[Span],
    extensions: Iterable[Extent],
    year: Year,
    customs: Customs,
) -> End:
    """Count from a start until the limit is used up. Instants are legal time of China without a zone."""
    unit, number = limit
    number += sum(more for other, more in extensions if other == unit)
    others = [(other, more) for other, more in extensions if other != unit]
    if unit in {"hour", "working_hour"}:
        return _end_of_hours(unit, timedelta(hours=number), start, list(stops), year, customs)
    return _end_of_days([(unit, number), *others], start, list(stops), year, customs)


def _end_of_days(limits: list[Extent], start: datetime, stops: list[Span], year: Year, customs: Customs) -> End:
    left_out = days_left_out(stops, customs)
    last = customs.day_of(start)
    while not year.works(last):
        last += ONE_DAY
    counted: list[date] = []
    includes_first = customs.first_day_counts
    for unit, number in limits:
        some = _days(unit, number, last, includes_first, left_out, year, customs)
        counted += some
        last = some[-1] if some else last
        while not year.works(last) or last in left_out:
            last += ONE_DAY
        includes_first = False
    return End(
        last, customs.closing(last), _any_provisional(start.date(), last, year), tuple(counted), frozenset(left_out)
    )


def _days(  # noqa: PLR0913 - all that decides whether a day counts
    unit: str, number: int, first: date, includes_first: bool, left_out: set[date], year: Year, customs: Customs
) -> list[date]:
    """Return the days that count, from a first day on, until they are enough."""
    if unit == "on_the_spot":
        number = 0
    if unit == "month":
        number = 30 * number if customs.month_is_30_days else (corresponding_day(first, number) - first).days
    counted: list[date] = []
    day = first if includes_first else first + ONE_DAY
    while len(counted) < number:
        if day not in left_out and (year.works(day) or unit != "working_day"):
            counted.append(day)
        day += ONE_DAY
    return counted


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


def _end_of_hours(  # noqa: PLR0913 - likewise
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
    return End(end.date(), end, _any_provisional(start.date(), end.date(), year))


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
