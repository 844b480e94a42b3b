"""Limits in hours: they end at an instant. Hours run day and night, working hours while offices are open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY, WorkingCalendar
from tongban.calendar.rules.policies import Policy
from tongban.calendar.rules.stops import Stop, instants_left_out

ONE_DAY = timedelta(days=1)


def hours_after(count: int, start: datetime, stops: Sequence[Stop]) -> datetime:
    """Return the first instant at which so many hours have passed outside the stops; none end at the start."""
    left, at = timedelta(hours=count), start
    for since, until in instants_left_out(stops) if count else ():
        if until <= at:
            continue
        if at + left <= since:
            break
        left -= max(timedelta(), since - at)
        at = until
    return (at + left).astimezone(OFFICE_ZONE)


def working_hours_after(
    count: int, start: datetime, calendar: WorkingCalendar, policy: Policy, stops: Sequence[Stop]
) -> datetime:
    """Return the first instant at which offices have been open for so many hours outside the stops.

    None end at the first instant, from the start on, at which offices are open and the clock is not stopped.
    """
    office = _Office(calendar, policy)
    standing = [(since, until) for since, until in instants_left_out(stops) if until > start]
    if not count:
        return office.open_from(start, standing)
    wanted = office.worked_until(start) + timedelta(hours=count)
    for since, until in standing:
        begun = office.worked_until(max(since, start))
        if begun >= wanted:
            break
        wanted += office.worked_until(until) - begun
    return office.reached(wanted)


def hours_used(start: datetime, until: datetime, stops: Sequence[Stop]) -> timedelta:
    """Return how much time has passed outside the stops."""
    stood = (min(end, until) - max(since, start) for since, end in instants_left_out(stops))
    return max(until - start - sum((span for span in stood if span > timedelta()), timedelta()), timedelta())


def working_hours_used(
    start: datetime, until: datetime, calendar: WorkingCalendar, policy: Policy, stops: Sequence[Stop]
) -> timedelta:
    """Return for how long offices have been open outside the stops."""
    office = _Office(calendar, policy)

    def worked(since: datetime, end: datetime) -> timedelta:
        return max(office.worked_until(end) - office.worked_until(since), timedelta()) if since < end else timedelta()

    stood = (worked(max(since, start), min(end, until)) for since, end in instants_left_out(stops))
    return max(worked(start, until) - sum(stood, timedelta()), timedelta())


class _Office:
    """How long offices have been open since the calendar's beginning, and when so long was reached."""

    def __init__(self, calendar: WorkingCalendar, policy: Policy) -> None:
        self.calendar, self.policy = calendar, policy
        self.a_day = timedelta(minutes=policy.minutes_a_day)

    def worked_until(self, instant: datetime) -> timedelta:
        local = instant.astimezone(OFFICE_ZONE)
        if local.date() > LAST_DAY:  # a stop beyond the calendar: whatever ends within it ends before
            return self.calendar.working_days_up_to(LAST_DAY) * self.a_day
        day = local.date()
        full = self.calendar.working_days_up_to(day - ONE_DAY) if day > FIRST_DAY else 0
        within = self._within(local) if self.calendar.is_working(day) else timedelta()
        return full * self.a_day + within

    def _within(self, local: datetime) -> timedelta:
        """Return how long the office has been open on that working day by this time."""
        worked = timedelta()
        for begin, end in self.policy.office_hours:
            reached = min(max(local, _at(local.date(), begin)), _at(local.date(), end))
            worked += reached - _at(local.date(), begin)
        return worked

    def reached(self, worked: timedelta) -> datetime:
        """Return the first instant at which offices have been open for so long; more than nothing."""
        days = -(-worked // self.a_day)
        day, rest = self.calendar.working_day_at(days), worked - (days - 1) * self.a_day
        for begin, end in self.policy.office_hours:
            span = _at(day, end) - _at(day, begin)
            if rest <= span:
                return _at(day, begin) + rest
            rest -= span
        return _at(day, self.policy.closing)

    def open_from(self, start: datetime, stops: Sequence[tuple[datetime, datetime]]) -> datetime:
        """Return the first instant, from the start on, at which offices are open and the clock is not stopped."""
        at = self._opening_from(start.astimezone(OFFICE_ZONE))
        for since, until in stops:
            if since <= at < until:
                at = self._opening_from(until.astimezone(OFFICE_ZONE))
        return at

    def _opening_from(self, local: datetime) -> datetime:
        if self.calendar.is_working(local.date()):
            for begin, end in self.policy.office_hours:
                if local < _at(local.date(), end):
                    return max(local, _at(local.date(), begin))
        return _at(self.calendar.working_day_after(local.date(), 1), self.policy.opening)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, OFFICE_ZONE)
