"""A year as twelve small months: what each day is, in a word and a colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.calendar.rules import WorkingCalendar, holiday_words

DAYS_OF_A_WEEK = 7
MONTHS = 12


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day in its month. `kind`: ordinary, weekend, holiday, worked, or local; `words` say it aloud."""

    number: int
    kind: str
    mark: str
    words: str
    provisional: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month in weeks from Monday to Sunday; None where the week belongs to another month."""

    first: date
    weeks: Sequence[Sequence[DayShown | None]]
    working_days: int


def months_of(calendar: WorkingCalendar, year: int, today: date) -> list[MonthShown]:
    """Return the twelve months of a year."""
    return [_month(calendar, date(year, month, 1), today) for month in range(1, MONTHS + 1)]


def weekdays() -> list[tuple[str, str]]:
    """Return short and whole names of the days of the week, from Monday on."""
    return [
        (pgettext("weekday", "Mo"), _("Monday")),
        (pgettext("weekday", "Tu"), _("Tuesday")),
        (pgettext("weekday", "We"), _("Wednesday")),
        (pgettext("weekday", "Th"), _("Thursday")),
        (pgettext("weekday", "Fr"), _("Friday")),
        (pgettext("weekday", "Sa"), _("Saturday")),
        (pgettext("weekday", "Su"), _("Sunday")),
    ]


def _month(calendar: WorkingCalendar, first: date, today: date) -> MonthShown:
    days = list(_days_of_month(first))
    cells: list[DayShown | None] = [None] * first.weekday()
    cells += [_day(calendar, day, today) for day in days]
    cells += [None] * (-len(cells) % DAYS_OF_A_WEEK)
    weeks = [cells[place : place + DAYS_OF_A_WEEK] for place in range(0, len(cells), DAYS_OF_A_WEEK)]
    return MonthShown(first, weeks, sum(calendar.is_working(day) for day in days))


def _days_of_month(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        yield day
        day += timedelta(days=1)


def _day(calendar: WorkingCalendar, day: date, today: date) -> DayShown:
    name, is_working = calendar.name_of(day), calendar.is_working(day)
    if calendar.is_local(day):
        kind = "local"
    elif name:
        kind = "worked" if is_working else "holiday"
    else:
        kind = "ordinary" if is_working else "weekend"
    mark = ""
    if kind in {"holiday", "worked", "local"}:
        mark = pgettext("mark", "on") if is_working else pgettext("mark", "off")
    return DayShown(day.day, kind, mark, _words(kind, name, is_working), calendar.is_provisional(day), day == today)


def _words(kind: str, name: str, is_working: bool) -> str:  # noqa: FBT001 - what the day is
    if kind in {"ordinary", "weekend"}:
        return ""
    values = {"name": holiday_words(name)}
    return _("%(name)s, offices work") % values if is_working else _("%(name)s, offices are closed") % values
