"""Thresholds as days: reckoned once for a look, so that the database compares dates and nothing else. Pure.

A threshold is crossed by a clock when its due day lies before the cutoff of today. Percentages have a cutoff for each
limit, with what was added to it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from tongban.calendar.rules import WorkingCalendar
from tongban.coordination.rules.table import WatchRule

Limits = Sequence[tuple[int, str]]
"""A limit as it was first set, and after it what was added."""
_DAYS_OF = {"working_day": 0.0, "calendar_day": 1.0, "month": 30.0}
"""Days of one unit, for percentages; working days are counted by the calendar. Hours have no percentage worth it."""
_WORKING_DAY = 7 / 5
"""Days of a working day where a limit and what was added to it are counted in different units."""


def ahead(today: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the first due day that is more than so many working days away."""
    return calendar.working_day_at(calendar.working_days_up_to(today) + working_days + 1)


def behind(today: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the first due day that has not passed by more than so many working days."""
    if working_days == 0:
        return today
    yesterday = today - timedelta(days=1)
    return calendar.working_day_at(calendar.working_days_up_to(yesterday) - working_days + 1)


def cutoff(rule: WatchRule, limits: Limits, today: date, calendar: WorkingCalendar) -> date | None:
    """Return the first due day with which a clock has not crossed the threshold; None where it has no such threshold.

    Stops need no reckoning here: the due day of a clock that runs lies behind them already.
    """
    if rule.unit == "percent":
        return _cutoff_of_share(limits, rule.value, today, calendar)
    return cutoff_of_days(rule, today, calendar)


def cutoff_of_days(rule: WatchRule, today: date, calendar: WorkingCalendar) -> date:
    """Return the same for a rule counted in working days: for clocks of all limits."""
    return (ahead if rule.watch == "near_due" else behind)(today, rule.value, calendar)


def _cutoff_of_share(limits: Limits, percent: int, today: date, calendar: WorkingCalendar) -> date | None:
    counted = [(value, unit) for value, unit in limits if unit in _DAYS_OF]
    if not counted or limits[0][1] not in _DAYS_OF:
        return None
    units, rest = {unit for _value, unit in counted}, 100 - percent
    if units == {"working_day"}:
        return ahead(today, sum(value for value, _unit in counted) * rest // 100, calendar)
    total = sum(value * (_DAYS_OF[unit] or _WORKING_DAY) for value, unit in counted)
    return today + timedelta(days=int(total * rest) // 100 + 1)
