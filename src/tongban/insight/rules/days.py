"""How many working days an office used, and what a limit comes to in working days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tongban.base.clock import office_date
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import (
    Limit,
    Stop,
    WorkingCalendar,
    counting_day,
    days_left_out,
    due,
    working_days_between,
)

ONE_DAY = timedelta(days=1)


def days_used(
    start: datetime, end: datetime, calendar: WorkingCalendar, stops: Sequence[tuple[datetime, datetime]] = ()
) -> int:
    """Return the working days from a beginning to an end, counted as a limit in working days counts them.

    The day of the beginning does not count (unless the policy says so), days on which the clock was stopped do not
    either: a case decided on the last day of a limit of n working days has used n.
    """
    policy = calendar.policy_on(start)
    first = counting_day(start, calendar, policy)
    after = first - ONE_DAY if policy.first_day else first
    last = office_date(end)
    used = max(0, working_days_between(after, last, calendar))
    stood = days_left_out((Stop(since, until) for since, until in stops), policy) if stops else None
    for begin, following in stood.spans if stood else ():
        used -= _within(after, last, begin, following - ONE_DAY, calendar)
    return used


def _within(after: date, last: date, begin: date, end: date, calendar: WorkingCalendar) -> int:
    """Return the working days of a stop that lie after one day and up to another."""
    earlier, later = max(after, begin - ONE_DAY), min(last, end)
    return working_days_between(earlier, later, calendar) if later > earlier else 0


def limit_in_days(limit: tuple[int, str] | None, start: datetime, calendar: WorkingCalendar) -> int | None:
    """Return a limit as working days, counted from a beginning; None without one, or beyond the calendar."""
    if limit is None:
        return None
    value, unit = limit
    if unit == "working_day":
        return value
    if unit == "on_the_spot":
        return 0
    policy = calendar.policy_on(start)
    try:
        ends = due(Limit(value, unit), start, calendar, policy)  # type: ignore[arg-type]  # written from a Limit only
    except BeyondCalendar:
        return None
    first = counting_day(start, calendar, policy)
    return max(0, working_days_between(first - ONE_DAY if policy.first_day else first, ends.day, calendar))
