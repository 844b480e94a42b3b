"""When a time limit ends.

Sources: 民法典 art. 200 to 204 (the first day does not count; months end on the corresponding day; a last day that is
a holiday moves to the day after the holidays; the last day ends when business ends), 行政许可法 art. 82 (days of that
law are working days). What the law leaves open is a `Policy`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules.days import LAST_DAY, WorkingCalendar, working_days_between

Unit = Literal["working_day", "calendar_day", "hour", "working_hour", "month", "on_the_spot"]

MONTHS = 12
MINUTES = 60
LONGEST = 100_000
"""A larger value in any unit leaves the calendar's hundred years, or means nothing."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: a number of units. The value of `on_the_spot` has no meaning."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse negative values: no law sets a limit before its start."""
        if self.value < 0:
            message = "a time limit is not negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the law leaves open and each jurisdiction decides.

    `office_hours` are the spans in which working hours run; what comes in after the last span ends, or on a day on
    which no office works, counts as coming in on the next working day. `first_day` is the number by which that day
    counts: 0 by default (民法典 art. 201), 1 where local rules count it.
    """

    office_hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))
    first_day: Literal[0, 1] = 0

    @property
    def opening(self) -> time:
        """When offices open."""
        return self.office_hours[0][0]

    @property
    def closing(self) -> time:
        """When offices close."""
        return self.office_hours[-1][1]

    @property
    def minutes_a_day(self) -> int:
        """Working minutes of a working day."""
        return sum(_minutes(end) - _minutes(begin) for begin, end in self.office_hours)


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends: the last day, until closing time, or for hours the very instant.

    `provisional`: a notice still to come may move it; it is shown as such and never acted upon.
    """

    day: date
    provisional: bool
    instant: datetime | None = None


def counting_day(start: date | datetime, calendar: WorkingCalendar, policy: Policy = DEFAULT_POLICY) -> date:
    """Return the working day as which a start counts: itself, or the next working day when offices were closed."""
    if not isinstance(start, datetime):
        return calendar.this_or_next(start)
    local = start.astimezone(OFFICE_ZONE)
    if calendar.is_working(local.date()) and local.time() >= policy.closing:
        return calendar.working_day_after(local.date(), 1)
    return calendar.this_or_next(local.date())


def due(limit: Limit, start: date | datetime, calendar: WorkingCalendar, policy: Policy = DEFAULT_POLICY) -> Due:
    """Return when the limit ends. A `datetime` must be aware; a `date` starts within office hours of that day.

    Raises BeyondCalendar when it leaves the years that calendars hold.
    """
    if limit.value > LONGEST:
        raise BeyondCalendar
    began = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
    if limit.unit in ("hour", "working_hour"):
        instant = _instant_due(limit, start, calendar, policy)
        return Due(instant.date(), calendar.touches_provisional(began, instant.date()), instant)
    last = calendar.this_or_next(last_day(limit, counting_day(start, calendar, policy), calendar, policy))
    return Due(last, calendar.touches_provisional(began, last))


def last_day(limit: Limit, first: date, calendar: WorkingCalendar, policy: Policy = DEFAULT_POLICY) -> date:
    """Return the last day as counted from the day `first`, before a holiday at the end moves it (art. 203)."""
    count = max(0, limit.value - policy.first_day)
    if limit.unit == "working_day":
        return calendar.working_day_after(first, count) if count else first
    if limit.unit == "calendar_day":
        return _days_after(first, count)
    if limit.unit == "month":
        return _days_after(_months_after(first, limit.value), -policy.first_day if limit.value else 0)
    return first


def days_left(today: date, last: date, calendar: WorkingCalendar) -> int:
    """Return the working days from today to the last day: 0 on the last day, negative when it has passed."""
    return working_days_between(today, last, calendar)


def _days_after(day: date, count: int) -> date:
    if count > (LAST_DAY - day).days:
        raise BeyondCalendar
    return day + timedelta(days=count)


def _months_after(day: date, months: int) -> date:
    """Return the corresponding day of a later month, or that month's last day (民法典 art. 202)."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if year > LAST_DAY.year:
        raise BeyondCalendar
    following = date(year + (month + 1) // MONTHS, (month + 1) % MONTHS + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _instant_due(limit: Limit, start: date | datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    """Hours run from the instant itself (民法典 art. 201); working hours run while offices are open."""
    local = _instant_of(start, calendar, policy)
    if limit.unit == "working_hour":
        return _working_hours_after(limit.value, local, calendar, policy)
    if limit.value > (LAST_DAY - local.date()).days * 24:
        raise BeyondCalendar
    return local + timedelta(hours=limit.value)


def _instant_of(start: date | datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    if isinstance(start, datetime):
        return start.astimezone(OFFICE_ZONE)
    return datetime.combine(calendar.this_or_next(start), policy.opening, OFFICE_ZONE)


def _working_hours_after(hours: int, local: datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    day = counting_day(local, calendar, policy)
    worked = _worked_by(local, policy) if day == local.date() else timedelta()
    a_day = timedelta(minutes=policy.minutes_a_day)
    total = worked + timedelta(hours=hours)
    full_days = max(0, (total - timedelta.resolution) // a_day)
    if full_days:
        day = calendar.working_day_after(day, full_days)
    return _instant_at(day, total - full_days * a_day, policy)


def _worked_by(local: datetime, policy: Policy) -> timedelta:
    """Return how long the office has been open on that day by this time."""
    worked = timedelta()
    for begin, end in policy.office_hours:
        reached = min(max(local, _at(local.date(), begin)), _at(local.date(), end))
        worked += reached - _at(local.date(), begin)
    return worked


def _instant_at(day: date, worked: timedelta, policy: Policy) -> datetime:
    """Return the time of the day at which the office has been open for so long."""
    for begin, end in policy.office_hours:
        span = _at(day, end) - _at(day, begin)
        if worked <= span:
            return _at(day, begin) + worked
        worked -= span
    return _at(day, policy.closing)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, OFFICE_ZONE)


def _minutes(moment: time) -> int:
    return moment.hour * MINUTES + moment.minute
