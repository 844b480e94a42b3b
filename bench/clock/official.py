"""What the official notices say, day by day: read from the copies in `notices/`, and compared with chinesecalendar.

The copies are those of the public collection holiday-cn (MIT licence), made from the notices of the State Council's
General Office on holidays (国务院办公厅关于节假日安排的通知), whose addresses each file names. A file gives what held
in the end: the notice with its corrections.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import chinese_calendar

FOLDER = Path(__file__).parent / "notices"
SATURDAY = 5
YEARS = tuple(range(2019, 2027))
"""Years of which the notices are at hand."""
EARLIER = tuple(range(2004, 2019))


class Named(NamedTuple):
    """One day that a notice names: a holiday, or a weekend day that is worked 调休."""

    day: date
    name: str
    is_worked: bool


Notice = tuple[Named, ...]
"""All days that the notice of one year names; a few lie in the December before."""


def notices() -> dict[int, Notice]:
    """Return the days of all notices at hand, by the year that each is for."""
    return {year: _read(FOLDER / f"{year}.json") for year in YEARS}


def earlier_days() -> dict[int, Notice]:
    """Return the days of 2004 to 2018 as the package chinesecalendar has them: no copies of those notices are at hand.

    So they are not compared with anything official; but lives are drawn and counted in these years as well.
    """
    days = [Named(day, str(name), False) for day, name in chinese_calendar.holidays.items()]
    days += [Named(day, str(name), True) for day, name in chinese_calendar.workdays.items()]
    found = {year: [one for one in days if one.day.year == year] for year in EARLIER}
    return {year: tuple(sorted(named)) for year, named in found.items()}


def first_wordings() -> dict[int, Notice]:
    """Return the notices that were corrected within their year, as they read before.

    2019: May Day was one day, until 国办发明电〔2019〕3号 of 22 March made it four. 2020: Spring Festival ended on
    30 January, and 1 February was worked, until 国办发明电〔2020〕1号 of 26 January made it last until 2 February.
    """
    found = notices()
    may_day = {date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4), date(2019, 5, 5)}
    festival = {date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2), date(2020, 2, 3)}
    worked = Named(date(2020, 2, 1), "春节", True)
    return {
        2019: tuple(named for named in found[2019] if named.day not in may_day),
        2020: (*(named for named in found[2020] if named.day not in festival), worked),
    }


def differences_from_chinesecalendar() -> list[str]:
    """Compare every day of the years at hand with the package chinesecalendar; each difference is a sentence."""
    named = {one.day: one for notice in notices().values() for one in notice}
    wrong = []
    day = date(YEARS[0], 1, 1)
    while day <= date(YEARS[-1], 12, 31):
        works = named[day].is_worked if day in named else day.weekday() < SATURDAY
        if works != chinese_calendar.is_workday(day):
            wrong.append(f"{day}: {'worked' if works else 'free'} by the notices, not so by chinesecalendar")
        day += timedelta(days=1)
    return wrong


def _read(path: Path) -> Notice:
    days = json.loads(path.read_text(encoding="utf-8"))["days"]
    return tuple(Named(date.fromisoformat(one["date"]), one["name"], not one["isOffDay"]) for one in days)
