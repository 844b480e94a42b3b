"""The same reckoning done day by day and quarter by quarter of an hour, slowly and plainly, to compare with."""

from datetime import date, datetime, timedelta

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.rules import Limit, Policy, WorkingCalendar

ONE_DAY = timedelta(days=1)
ONE_QUARTER = timedelta(minutes=15)


def next_open(day: date, calendar: WorkingCalendar) -> date:
    """Walk to the first working day, starting with the day itself."""
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def day_it_counts_as(start: datetime, calendar: WorkingCalendar, policy: Policy) -> date:
    """Walk from an instant to the working day it counts as."""
    day = start.astimezone(OFFICE_ZONE).date()
    if calendar.is_working(day) and start.astimezone(OFFICE_ZONE).time() >= policy.closing:
        day += ONE_DAY
    return next_open(day, calendar)


def due_day(limit: Limit, start: datetime, calendar: WorkingCalendar, policy: Policy) -> date:
    """Count the days of a limit one after the other."""
    day = day_it_counts_as(start, calendar, policy)
    if limit.unit == "working_day":
        for _ in range(limit.value - policy.first_day):
            day = next_open(day + ONE_DAY, calendar)
    elif limit.unit == "calendar_day":
        for _ in range(limit.value - policy.first_day):
            day += ONE_DAY
    elif limit.unit == "month":
        day = corresponding_day(day, limit.value)
        if policy.first_day and limit.value:
            day -= ONE_DAY
    return next_open(day, calendar)


def corresponding_day(day: date, months: int) -> date:
    """Walk from month to month; where the month is shorter, its last day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for wanted in range(day.day, 27, -1):
        try:
            return date(year, month, wanted)
        except ValueError:
            continue
    return date(year, month, day.day)


def working_hours_later(hours: int, start: datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    """Let the office's clock run by quarters of an hour; `start` and office hours lie on them."""
    now, left = start.astimezone(OFFICE_ZONE), hours * 4
    while not is_open(now, calendar, policy):
        now += ONE_QUARTER
    while left:
        if is_open(now, calendar, policy):
            left -= 1
        now += ONE_QUARTER
    return now


def is_open(now: datetime, calendar: WorkingCalendar, policy: Policy) -> bool:
    """Whether the office works during this quarter."""
    inside = any(begin <= now.time() < end for begin, end in policy.office_hours)
    return inside and calendar.is_working(now.date())
