"""Publish a year's notice or its correction, and load the years that come with the product."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from chinese_calendar import constants
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.calendar.actions.versions import one_at_a_time, put, replaced, require_manager
from tongban.calendar.errors import WrongYear
from tongban.calendar.events import CalendarYearPublished, subject_of
from tongban.calendar.models import CalendarVersion, CalendarYear
from tongban.calendar.queries import SHIPPED, made_of, versions_in_force
from tongban.calendar.rules import NamedDay, WorkingCalendar, change_between
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY
from tongban.calendar.rules.settling import entry_of_day
from tongban.ledger import actions as ledger

DECEMBER = 12
LONGEST_NAME = 40
LONGEST_SOURCE = 200

CHINESE_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
"""The package's short names where official notices say more."""


@transaction.atomic
def publish_year(
    *, year: int, days: Iterable[NamedDay], source: str, now: datetime, actor: Actor = SYSTEM
) -> CalendarVersion:
    """Put a year's official notice (国务院办公厅关于节假日安排的通知) or its correction into force.

    `days` are all holidays and all worked weekend days that the notice names, `source` its number or address. The
    same days again change nothing. Records CalendarYearPublished. Raises Forbidden, WrongYear.
    """
    require_manager(actor)
    named = sorted(days)
    check_year(year, named)
    if not source.strip():
        raise WrongYear({"source": [_("Please name the notice: its number or its address.")]})
    one_at_a_time()
    before = versions_in_force()
    row = put(part=year, content=_entries(named), source=source.strip()[:LONGEST_SOURCE], actor=actor, now=now)
    if row is None:
        return CalendarVersion.objects.get(part=year, in_force=True)
    _tell(before, row, actor, now)
    return row


def _tell(before: list[CalendarVersion], row: CalendarVersion, actor: Actor, now: datetime) -> None:
    change = change_between(made_of(before), made_of(replaced(before, row)))
    event = CalendarYearPublished(
        subject_id=subject_of(row.part), year=row.part, version=row.version, days=list(change.days)
    )
    ledger.record(event, actor=actor, now=now)


def _entries(days: Iterable[NamedDay]) -> list[object]:
    return [entry_of_day(named) for named in sorted(days)]


def preview_of_year(year: int, days: Iterable[NamedDay]) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar as it is, and as it would be with these days as the notice of a year; raises WrongYear."""
    named = sorted(days)
    check_year(year, named)
    before = versions_in_force()
    return made_of(before), made_of(replaced(before, CalendarVersion(part=year, content=_entries(named))))


@transaction.atomic
def load_published(now: datetime) -> list[int]:
    """Put the years that come with the product into the tables; returns the years that are new or corrected.

    Runs after each migration. A year that somebody has published here stays as it is, also if an older release kept
    it. A release that brings a new year or a correction tells it like any other publication.
    """
    one_at_a_time()
    there = {row.part: row.source for row in versions_in_force()}
    loaded = []
    for year, offered in _offered(now).items():
        if there.get(year, SHIPPED) != SHIPPED:
            continue
        before = versions_in_force() if there else []
        days, source, published_at = offered
        row = put(part=year, content=_entries(days), source=source, actor=SYSTEM, now=published_at)
        if row is None:
            continue
        loaded.append(year)
        if there:
            _tell(before, row, SYSTEM, now)
    return loaded


def _offered(now: datetime) -> dict[int, tuple[list[NamedDay], str, datetime]]:
    """Return the years that come with the product, and those that were published under an older release."""
    offered = {year: (days, SHIPPED, now) for year, days in shipped_years().items()}
    for kept in CalendarYear.objects.exclude(source=SHIPPED).prefetch_related("days"):
        days = [NamedDay(one.day, one.name, one.is_working) for one in kept.days.all()]
        offered[kept.year] = (days, kept.source, kept.published_at)
    return offered


def shipped_years() -> dict[int, list[NamedDay]]:
    """Return the notices of 2004 and after as the package chinesecalendar has them, by the year of the notice."""
    chinese = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    named = [
        NamedDay(day, CHINESE_NAMES.get(chinese[name], chinese[name]), is_working)
        for days, is_working in ((constants.holidays, False), (constants.workdays, True))
        for day, name in days.items()
    ]
    return {year: list(days) for year, days in groupby(sorted(named), key=_year_of_notice)}


def _year_of_notice(named: NamedDay) -> int:
    """Return the year whose notice names the day: New Year's holiday may begin in the December before."""
    return named.day.year + (named.day.month == DECEMBER)


def check_year(year: int, days: list[NamedDay]) -> None:
    """Raise WrongYear when days cannot be the notice of a year, saying all that is wrong."""
    problems = []
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        problems.append(
            _("Calendars go from %(first)d to %(last)d.") % {"first": FIRST_DAY.year, "last": LAST_DAY.year}
        )
    if not any(not named.is_working for named in days):
        problems.append(_("A notice names at least one holiday."))
    if len({named.day for named in days}) < len(days):
        problems.append(_("A day is named twice."))
    problems += [problem for named in days if (problem := _wrong_day(year, named))]
    if problems:
        raise WrongYear({"days": problems})


def _wrong_day(year: int, named: NamedDay) -> str:
    values = {"day": named.day.isoformat(), "year": year}
    if not date(year - 1, DECEMBER, 1) <= named.day <= date(year, DECEMBER, 31):
        return _("%(day)s does not belong to the notice of %(year)d.") % values
    if not named.name.strip() or len(named.name) > LONGEST_NAME:
        return _("%(day)s needs a name of at most 40 characters.") % values
    if named.is_working and named.day.weekday() < 5:  # noqa: PLR2004 - Monday to Friday
        return _("%(day)s is no weekend day, so it need not be made a working day.") % values
    return ""
