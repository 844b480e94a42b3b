"""When a time limit ends, with its stops and extensions. docs/law/counting-time.md says the same in words.

Sources: 民法典 art. 200 to 204 (the first day does not count; months end on the corresponding day; a last day that is
a holiday moves to the day after the holidays; the last day ends when business ends), 行政许可法 art. 42 (extension),
art. 45 (what is not counted), art. 82 (days of that law are working days). What the law leaves open is a `Policy`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import hours
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY, WorkingCalendar, working_days_between
from tongban.calendar.rules.policies import DEFAULT_POLICY, Policy
from tongban.calendar.rules.stops import NOTHING_LEFT_OUT, DaysLeftOut, Stop, days_left_out

Unit = Literal["working_day", "calendar_day", "hour", "working_hour", "month", "on_the_spot"]
UNITS: tuple[Unit, ...] = get_args(Unit)
FixedDay = Literal["fixed_day"]
"""The end is a day fixed otherwise, such as the last day of a permit: so many days after the date of the start.
Nothing moves it and nothing is left out; it ends at midnight. No law and no guide states a limit in it."""

MONTHS = 12
DAYS_OF_A_MONTH = 30
"""Where policy counts a month as so many days."""
LONGEST = 100_000
"""A larger value in any unit leaves the calendar's hundred years, or means nothing."""

ONE_DAY = timedelta(days=1)
IN_HOURS: frozenset[Unit] = frozenset({"hour", "working_hour"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: a number of units. The value of `on_the_spot` has no meaning."""

    value: int
    unit: Unit | FixedDay

    def __post_init__(self) -> None:
        """Refuse negative values, as no law sets a limit before its start, and a number without a known unit."""
        if self.value < 0:
            message = "a time limit is not negative"
            raise ValueError(message)
        if self.unit not in (*UNITS, *get_args(FixedDay)):
            message = f"a time limit has one of the units {', '.join(UNITS)}"
            raise ValueError(message)

    @property
    def in_hours(self) -> bool:
        """Whether it ends at an instant and not with a day."""
        return self.unit in IN_HOURS


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends: the last day, until closing time, or for hours the very instant.

    `at` is the end as an instant in either case. `provisional`: a notice still to come may move it; it is shown as such
    and never acted upon.
    """

    day: date
    provisional: bool
    at: datetime
    instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of days that was counted in one unit: after the day `after`, up to `last`; the end moved to `end`."""

    unit: Unit | FixedDay
    after: date
    last: date
    end: date


def is_in_time(instant: datetime, ends_at: datetime) -> bool:
    """Whether what happened at an instant was in time for a limit that ends at another: before it, by a moment.

    The one rule for figures and states, for what the law deems at the end, and for asking for more time. At the end
    itself, which is closing time of the last day for limits in days, it is over (民法典 art. 203).
    """
    return instant < ends_at


def counting_day(start: date | datetime, calendar: WorkingCalendar, policy: Policy = DEFAULT_POLICY) -> date:
    """Return the working day as which a start counts: itself, or the next working day when offices were closed."""
    if not isinstance(start, datetime):
        return calendar.this_or_next(start)
    return calendar.this_or_next(policy.day_of(start))


def due(
    limit: Limit,
    start: date | datetime,
    calendar: WorkingCalendar,
    policy: Policy = DEFAULT_POLICY,
    *,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Limit] = (),
) -> Due:
    """Return when the limit ends. A `datetime` must be aware; a `date` starts within office hours of that day.

    Raises BeyondCalendar when it leaves the years that calendars hold, ValueError for hours extended in another unit.
    """
    began = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
    if began < FIRST_DAY or limit.value + sum(extension.value for extension in extensions) > LONGEST:
        raise BeyondCalendar
    if limit.unit == "fixed_day":
        return _fixed(limit, began)
    if limit.in_hours:
        instant = _instant_due(limit, start, calendar, policy, stops, extensions)
        may_move = limit.unit != "hour" and calendar.touches_provisional(began, instant.date())
        return Due(instant.date(), may_move, instant, instant)
    last = stretches(limit, start, calendar, policy, stops=stops, extensions=extensions)[-1].end
    return Due(last, calendar.touches_provisional(began, last), policy.end_of(last))


def fixed(day: date, start: date | datetime) -> Limit:
    """Return the limit that ends with a day that was fixed otherwise. Raises ValueError for a day before the start."""
    began = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
    return Limit((day - began).days, "fixed_day")


def _fixed(limit: Limit, began: date) -> Due:
    if limit.value > (LAST_DAY - began).days - 1:
        raise BeyondCalendar
    day = began + timedelta(days=limit.value)
    return Due(day, False, datetime.combine(day + ONE_DAY, time.min, OFFICE_ZONE))


def stretches(
    limit: Limit,
    start: date | datetime,
    calendar: WorkingCalendar,
    policy: Policy = DEFAULT_POLICY,
    *,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Limit] = (),
) -> list[Stretch]:
    """Return how a limit in days is used up: the limit with what was added in its unit, then each other extension."""
    if any(extension.in_hours for extension in extensions):
        raise ValueError(MIXED)
    gaps = days_left_out(stops, policy) if stops else NOTHING_LEFT_OUT
    added = sum(extension.value for extension in extensions if extension.unit == limit.unit)
    first = counting_day(start, calendar, policy)
    whole = Limit(limit.value + added, limit.unit)
    found = [_stretch(whole, first, calendar, policy, gaps, first_counts=bool(policy.first_day))]
    for extension in extensions:
        if extension.unit != limit.unit:
            found.append(_stretch(extension, found[-1].end, calendar, policy, gaps, first_counts=False))
    return found


MIXED = "hours are extended by hours of the same kind, and days by days"


def _stretch(
    limit: Limit, first: date, calendar: WorkingCalendar, policy: Policy, gaps: DaysLeftOut, *, first_counts: bool
) -> Stretch:
    after = first - ONE_DAY if first_counts and limit.value and limit.unit != "on_the_spot" else first
    last = _count(limit, first, after, calendar, policy, gaps)
    return Stretch(limit.unit, after, last, gaps.this_or_next(last, calendar))


def _count(
    limit: Limit, first: date, after: date, calendar: WorkingCalendar, policy: Policy, gaps: DaysLeftOut
) -> date:
    """Return the counted last day, before a holiday at the end moves it."""
    if limit.unit == "working_day":
        return gaps.working_day_after(after, limit.value, calendar) if limit.value else first
    days = _calendar_days(limit, first, policy)
    return gaps.day_after(after, days) if days else first


def _calendar_days(limit: Limit, first: date, policy: Policy) -> int:
    """Return a limit of calendar days or months as a number of days; on the spot, none."""
    if limit.unit == "calendar_day":
        return limit.value
    if limit.unit == "month":
        if policy.months == "thirty_days":
            return limit.value * DAYS_OF_A_MONTH
        return (_months_after(first, limit.value) - first).days
    return 0


def days_left(today: date, last: date, calendar: WorkingCalendar) -> int:
    """Return the working days from today to the last day: 0 on the last day, negative when it has passed."""
    return working_days_between(today, last, calendar)


def _months_after(day: date, months: int) -> date:
    """Return the corresponding day of a later month, or that month's last day (民法典 art. 202)."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if year > LAST_DAY.year:
        raise BeyondCalendar
    following = date(year + (month + 1) // MONTHS, (month + 1) % MONTHS + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _instant_due(
    limit: Limit,
    start: date | datetime,
    calendar: WorkingCalendar,
    policy: Policy,
    stops: Sequence[Stop],
    extensions: Sequence[Limit],
) -> datetime:
    """Hours run from the instant itself (民法典 art. 201); working hours run while offices are open."""
    if any(extension.unit != limit.unit for extension in extensions):
        raise ValueError(MIXED)
    value = limit.value + sum(extension.value for extension in extensions)
    local = _instant_of(start, calendar, policy)
    if limit.unit == "working_hour":
        return hours.working_hours_after(value, local, calendar, policy, stops)
    instant = hours.hours_after(value, local, stops)
    if not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise BeyondCalendar
    return instant


def _instant_of(start: date | datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    if isinstance(start, datetime):
        return start.astimezone(OFFICE_ZONE)
    return datetime.combine(calendar.this_or_next(start), policy.opening, OFFICE_ZONE)
