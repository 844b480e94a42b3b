"""The one place that asks what time it is. Actions never call it: they are given `now`."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
"""Legal time of China: dates of receipt and due dates are dates in this zone."""


def now() -> datetime:
    """Return the present instant, aware, in UTC. Only doors (web, api, commands, tasks) call this."""
    return timezone.now()


def office_date(instant: datetime) -> date:
    """Return the calendar date of an aware instant in the office's zone."""
    return instant.astimezone(OFFICE_ZONE).date()


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in the office's zone."""
    return datetime.combine(day, time.min, OFFICE_ZONE)
