"""How to find the calendar in force."""

from datetime import time
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet

from tongban.base.compiled import compiled_once
from tongban.calendar.models import CalendarYear, SpecialDay
from tongban.calendar.rules import NamedDay, Policy, WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """Return the calendar in force: one short query; the calendar itself is kept in memory by its content."""
    return calendar_of(calendar_content())


def calendar_of(content: list[tuple[int, str]]) -> WorkingCalendar:
    """Return the calendar of a content that has been asked for together with other things."""
    return _calendar(tuple(content))


@compiled_once
def calendar_content() -> QuerySet[CalendarYear, tuple[int, str]]:
    """Return the years of the calendar in force, each with the digest of its days."""
    return CalendarYear.objects.order_by("year").values_list("year", "digest")


@lru_cache(maxsize=8)
def _calendar(content: tuple[tuple[int, str], ...]) -> WorkingCalendar:
    """Return the calendar of this content. Digests name it, so that jurisdictions and corrections never mix."""
    years: dict[int, list[NamedDay]] = {year: [] for year, _digest in content}
    for special in SpecialDay.objects.filter(year__in=years):
        years[special.year_id].append(NamedDay(special.day, special.name, special.is_working))
    return WorkingCalendar(years)


def policy() -> Policy:
    """Return what this jurisdiction has decided where the law leaves it open.

    `TONGBAN_OFFICE_HOURS` in the settings, such as "9:00-12:00,13:00-17:30"; else 9 to 12 and 13 to 17 o'clock.
    """
    return _policy(getattr(settings, "TONGBAN_OFFICE_HOURS", ""))


@lru_cache(maxsize=8)
def _policy(hours: str) -> Policy:
    if not hours:
        return Policy()
    spans = [tuple(_time(moment) for moment in span.split("-")) for span in hours.split(",")]
    return Policy(office_hours=tuple((begin, end) for begin, end in spans))


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))
