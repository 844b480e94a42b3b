"""When limits end of lives that are moved by weeks: reckoned by the calendar, and kept for the next life."""

from datetime import datetime, timedelta
from functools import cache, lru_cache

from tongban.calendar import queries as calendar
from tongban.calendar.rules import Due, Limit, WorkingCalendar, due
from tongban.site.demo.bulk.cutting import Slot


@cache
def the_calendar() -> WorkingCalendar:
    """Return the calendar, read once: nothing more is asked of the database afterwards."""
    return calendar.working_calendar()


@lru_cache(maxsize=400_000)
def _due(value: int, unit: str, start: str, weeks: int) -> Due:
    moved = datetime.fromisoformat(start) - timedelta(weeks=weeks)
    days = the_calendar()
    return due(Limit(value, unit), moved, days, days.policy_on(moved))  # type: ignore[arg-type]


def due_of(origin: Slot, weeks: int) -> Due:
    """Return when a limit ends that began so many weeks earlier, under the calendar of those days."""
    value, unit, start = origin
    return _due(int(str(value)), str(unit), str(start), weeks)
