"""What may be done with the calendar: publish a year's notice."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from chinese_calendar import constants
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.calendar.errors import WrongYear
from tongban.calendar.events import CalendarYearPublished, subject_of
from tongban.calendar.models import CalendarYear, SpecialDay
from tongban.calendar.rules import NamedDay
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY
from tongban.ledger import actions as ledger

SHIPPED = "chinesecalendar"
"""The source named in years that came with the product; a year published here is never overwritten by them."""

DECEMBER = 12
LONGEST_NAME = 40

CHINESE_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
"""The package's short names where official notices say more."""


@transaction.atomic
def publish_year(
    *, year: int, days: Iterable[NamedDay], source: str, now: datetime, actor: Actor = SYSTEM
) -> CalendarYear:
    """Put a year's official notice (国务院办公厅关于节假日安排的通知) or its correction into force.

    `days` are all holidays and all worked weekend days that the notice names, `source` its number or address. The
    same days again change nothing. Records CalendarYearPublished. Raises WrongYear.
    """
    named = sorted(days)
    _check(year, named)
    row, changed = _put(year, named, source, now)
    if changed:
        event = CalendarYearPublished(subject_id=subject_of(year), year=year, version=row.version)
        ledger.record(event, actor=actor, now=now)
    return row


@transaction.atomic
def load_published(now: datetime) -> list[int]:
    """Put the years that come with the product into the tables; returns the years that are new or corrected.

    Runs after each migration. A year that somebody has published here stays as it is.
    """
    kept = dict(CalendarYear.objects.exclude(source=SHIPPED).values_list("year", "source"))
    return [
        year
        for year, days in shipped_years().items()
        if year not in kept and _put(year, days, SHIPPED, now, only_if_unknown=True)[1]
    ]


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


def _put(
    year: int, days: list[NamedDay], source: str, now: datetime, *, only_if_unknown: bool = False
) -> tuple[CalendarYear, bool]:
    digest = digest_of(days)
    row, created = CalendarYear.objects.select_for_update().get_or_create(
        year=year, defaults={"source": source, "digest": digest, "published_at": now}
    )
    if not created:
        if row.digest == digest:
            return row, False
        if only_if_unknown and row.source != SHIPPED:
            return row, False
        row.version += 1
        row.source, row.digest, row.published_at = source, digest, now
        row.save()
        row.days.all().delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(year=row, day=named.day, name=named.name, is_working=named.is_working) for named in days
    )
    return row, True


def digest_of(days: Iterable[NamedDay]) -> str:
    """Return the SHA-256 of a year's days in a fixed form."""
    form = [[named.day.isoformat(), named.name, named.is_working] for named in sorted(days)]
    return hashlib.sha256(json.dumps(form, ensure_ascii=False).encode()).hexdigest()


def _check(year: int, days: list[NamedDay]) -> None:
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
