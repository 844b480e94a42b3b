"""Where clocks run: which notices are known there, the days that the jurisdiction names itself, its policy values."""

from datetime import date, time, timedelta
from functools import cache, lru_cache
from random import Random

from bench.clock.counting import Customs
from bench.clock.dice import Dice, one_of
from bench.clock.life import Place
from bench.clock.official import SATURDAY, YEARS, Named, Notice, earlier_days, first_wordings, notices

OFFICE_HOURS = (
    ((time(9), time(12)), (time(13), time(17))),
    ((time(8, 30), time(11, 30)), (time(14), time(17, 30))),
    ((time(0), time(23, 59)),),
    ((time(9), time(17)),),
    ((time(7, 15), time(10)), (time(10), time(12, 30)), (time(15), time(20, 45))),
)
LOCAL_NAME = "本地"


def draw_place(dice: Dice) -> Place:
    """Draw which notices are known, the days that the jurisdiction names itself, and what the law leaves open."""
    words, known = _calendars()[dice.number(0, len(_calendars()) - 1)]
    local = _local_days(dice.number(0, 40))
    customs = Customs(
        office_hours=one_of(dice, OFFICE_HOURS),
        first_day_counts=bool(dice.number(0, 1)),
        closes_at_midnight=bool(dice.number(0, 1)),
        month_is_30_days=bool(dice.number(0, 1)),
    )
    return Place(words, known, local, customs)


@cache
def _calendars() -> tuple[tuple[str, tuple[tuple[int, Notice], ...]], ...]:
    """What may be known: all notices, those up to a year, none, gaps, and notices before and after a correction."""
    every = notices()
    found = {"all notices from 2019 to 2026": every}
    found["2004 to 2026, before 2019 as chinesecalendar has it"] = {**earlier_days(), **every}
    found["2004 to 2018 as chinesecalendar has it"] = earlier_days()
    found |= {f"notices up to {year}": _up_to(year, every) for year in YEARS[:-1]}
    for year, first in first_wordings().items():
        found[f"{year} before its correction"] = {**every, year: first}
        found[f"{year} before its correction, the last notice"] = {**_up_to(year, every), year: first}
    found["no notice"] = {}
    found["2022 and 2024 missing"] = {year: notice for year, notice in every.items() if year not in {2022, 2024}}
    for number in range(12):
        found[f"corrected by dice {number}"] = calendar = _corrected(every, Random(number))
        year = YEARS[number % len(YEARS)]
        found[f"corrected by dice {number}, up to {year}"] = _up_to(year, calendar)
    return tuple((words, tuple(sorted(known.items()))) for words, known in found.items())


def _up_to(last: int, calendar: dict[int, Notice]) -> dict[int, Notice]:
    return {year: notice for year, notice in calendar.items() if year <= last}


def _corrected(every: dict[int, Notice], dice: Random) -> dict[int, Notice]:
    """Correct each notice somewhere: a day taken out, a holiday worked after all, a working day made free."""
    return {year: _corrected_one(year, notice, dice) for year, notice in every.items()}


def _corrected_one(year: int, notice: Notice, dice: Random) -> Notice:
    days = {one.day: one for one in notice}
    for day in dice.sample(sorted(days), 2):
        del days[day]
    for day in dice.sample(sorted(days), 2):
        days[day] = Named(day, days[day].name, not days[day].is_worked)
    anywhere = [date(year, 1, 1) + timedelta(days=dice.randint(0, 364)) for _ in range(3)]
    for day in (*anywhere, date(year, 12, dice.randint(28, 31))):
        days[day] = Named(day, "补", day.weekday() >= SATURDAY)
    return tuple(days[day] for day in sorted(days))


@lru_cache(maxsize=64)
def _local_days(number: int) -> tuple[tuple[date, bool], ...]:
    """Return the days that a jurisdiction names itself; none for 0, the more the higher the number."""
    dice = Random(number)
    named = [one.day for year in notices().values() for one in year]
    days = [dice.choice(named) if dice.random() < 0.3 else _any_day(dice) for _ in range(number)]  # noqa: PLR2004
    if number % 5 == 4:  # noqa: PLR2004 - a closing of three weeks
        closing = _any_day(dice)
        days += [closing + timedelta(days=more) for more in range(21)]
    return tuple(sorted({day: dice.random() < 0.4 for day in days}.items()))  # noqa: PLR2004


def _any_day(dice: Random) -> date:
    return date(2018, 12, 1) + timedelta(days=dice.randint(0, 3200))
