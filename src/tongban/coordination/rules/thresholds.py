"""Thresholds as days: reckoned once for a look, so that the database compares dates and nothing else. Pure.

A threshold is crossed by a clock when its due day lies before the cutoff of today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tongban.calendar.rules import WorkingCalendar
from tongban.coordination.rules.table import WatchRule

LONGEST_LIMIT = 400
"""Limits longer than this have the cutoff of this one."""
_DAYS_OF = {"working_day": 0.0, "calendar_day": 1.0, "month": 30.0}
"""Days of one unit, for percentages; working days are counted by the calendar. Hours have no percentage worth it."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Clocks whose due day lies before `before` have crossed: of all limits, or of one unit from `shortest` on."""

    name: str
    before: date
    unit: str = ""
    shortest: int = 0
    longest: int = LONGEST_LIMIT


def ahead(today: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the first due day that is more than so many working days away."""
    return calendar.working_day_at(calendar.working_days_up_to(today) + working_days + 1)


def behind(today: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the first due day that has not passed by more than so many working days."""
    if working_days == 0:
        return today
    yesterday = today - timedelta(days=1)
    return calendar.working_day_at(calendar.working_days_up_to(yesterday) - working_days + 1)


def cutoffs(rule: WatchRule, today: date, calendar: WorkingCalendar) -> Iterator[Cutoff]:
    """Return the cutoffs of a rule about clocks for today: one, or for percentages one for each remaining span."""
    if rule.unit == "percent":
        yield from _by_percent(rule, today, calendar)
    elif rule.watch == "near_due":
        yield Cutoff(rule.key, ahead(today, rule.value, calendar))
    else:
        yield Cutoff(rule.key, behind(today, rule.value, calendar))


def _by_percent(rule: WatchRule, today: date, calendar: WorkingCalendar) -> Iterator[Cutoff]:
    for unit, days in _DAYS_OF.items():
        first = 0
        for value in range(LONGEST_LIMIT + 1):
            rest = _rest(value, days, rule.value)
            if value == LONGEST_LIMIT or _rest(value + 1, days, rule.value) != rest:
                before = today + timedelta(days=rest + 1) if days else ahead(today, rest, calendar)
                yield Cutoff(f"{rule.key}:{unit}:{rest}", before, unit, first, value)
                first = value + 1


def _rest(value: int, days: float, percent: int) -> int:
    """Return how many days of a limit are left when so many percent of it are used, rounded down."""
    return int(value * (days or 1) * (100 - percent)) // 100


def crossed(
    rule: WatchRule, due_on: date, limit: tuple[int, str], today: date, calendar: WorkingCalendar
) -> date | None:
    """Return the cutoff that a clock has crossed; None when it has not."""
    value, unit = limit
    if rule.unit != "percent":
        before = next(cutoffs(rule, today, calendar)).before
    elif unit in _DAYS_OF:
        days = _DAYS_OF[unit]
        rest = _rest(min(value, LONGEST_LIMIT), days, rule.value)
        before = today + timedelta(days=rest + 1) if days else ahead(today, rest, calendar)
    else:
        return None
    return before if due_on < before else None
