"""Draws lives: by dice from a seed, or by hypothesis. Edges come often; low numbers are simple, so that lives shrink.

A life is drawn by whole numbers only. Written down, they are a tape from which the same life is drawn again
(`shrinking`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Protocol, TypeVar

from bench.clock.counting import (
    FIRST_YEAR,
    LAST_YEAR,
    ONE_DAY,
    BeyondCalendarError,
    Customs,
    Extent,
    Span,
    end_of,
)
from bench.clock.life import Life, Place
from bench.clock.official import SATURDAY, YEARS, Named, Notice, first_wordings, notices

Any = TypeVar("Any")
DAY_UNITS = ("working_day", "calendar_day", "month", "on_the_spot")
HOUR_UNITS = ("hour", "working_hour")
UNITS = ("working_day", "calendar_day", "month", "hour", "working_hour", "on_the_spot")
NUMBERS = {
    "working_day": (1, 0, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 250),
    "calendar_day": (1, 0, 2, 3, 5, 7, 10, 15, 20, 30, 60, 90, 180, 366),
    "month": (1, 0, 2, 3, 6, 11, 12, 13, 18),
    "hour": (1, 0, 2, 8, 12, 23, 24, 25, 48, 72, 100, 240, 720),
    "working_hour": (1, 0, 2, 3, 4, 7, 8, 9, 16, 21, 40, 70, 100),
    "on_the_spot": (0,),
}
OFFICE_HOURS = (
    ((time(9), time(12)), (time(13), time(17))),
    ((time(8, 30), time(11, 30)), (time(14), time(17, 30))),
    ((time(0), time(23, 59)),),
    ((time(9), time(17)),),
    ((time(7, 15), time(10)), (time(10), time(12, 30)), (time(15), time(20, 45))),
)
LOCAL_NAME = "本地"


class Dice(Protocol):
    """Whatever gives whole numbers: simple ones are low."""

    def number(self, low: int, high: int) -> int:
        """Return a number between the two, both included."""


class Taped:
    """Dice that begin with what is written on a tape and write down what they gave."""

    def __init__(self, tape: Sequence[int] = (), otherwise: Random | None = None) -> None:
        self._given, self._otherwise = list(tape), otherwise
        self.tape: list[int] = []

    def number(self, low: int, high: int) -> int:
        """Return the next number of the tape, as far as it fits; beyond the end a random or the lowest one."""
        if len(self.tape) < len(self._given):
            found = min(max(self._given[len(self.tape)], low), high)
        else:
            found = self._otherwise.randint(low, high) if self._otherwise else low
        self.tape.append(found)
        return found


def draw_life(dice: Dice) -> Life:
    """Draw a place and a life in it."""
    return draw_life_in(draw_place(dice), dice)


def draw_place(dice: Dice) -> Place:
    """Draw which notices are known, the days that the jurisdiction names itself, and what the law leaves open."""
    words, known = _calendars()[dice.number(0, len(_calendars()) - 1)]
    local = _local_days(dice.number(0, 40))
    customs = Customs(
        office_hours=_one_of(dice, OFFICE_HOURS),
        first_day_counts=bool(dice.number(0, 1)),
        closes_at_midnight=bool(dice.number(0, 1)),
        month_is_30_days=bool(dice.number(0, 1)),
    )
    return Place(words, known, local, customs)


def draw_life_in(place: Place, dice: Dice) -> Life:
    """Draw a life; its stops lie where they matter: around the start and around the end as it stands by then."""
    unit = UNITS[_by_weight(dice, (8, 4, 4, 3, 4, 1))]
    limit = (unit, _number(unit, dice))
    start = _instant(place, dice, _start_day(place, dice))
    extensions = tuple(_extension(unit, dice) for _ in range(_by_weight(dice, (6, 3, 1, 1))))
    stops: tuple[Span, ...] = ()
    for _ in range(_by_weight(dice, (5, 4, 3, 2, 1, 1))):
        stops = (*stops, _stop(place, dice, limit, start, stops, extensions))
    end = _end(place, limit, start, stops, extensions)
    as_of = start.date() + timedelta(days=dice.number(-2, (end - start.date()).days + 5))
    return Life(place, limit, start, stops, extensions, as_of, told_in_utc=bool(dice.number(0, 1)))


def _extension(unit: str, dice: Dice) -> Extent:
    """Draw an extension: hours in the same unit only, days also in another."""
    if unit in HOUR_UNITS:
        return unit, _number(unit, dice)
    if unit != "on_the_spot" and not dice.number(0, 1):
        return unit, _number(unit, dice)
    other = DAY_UNITS[dice.number(0, 2)]
    return other, _number(other, dice)


def _number(unit: str, dice: Dice) -> int:
    return _one_of(dice, NUMBERS[unit]) if dice.number(0, 3) else dice.number(0, max(NUMBERS[unit]) // 2)


def _stop(
    place: Place, dice: Dice, limit: Extent, start: datetime, stops: tuple[Span, ...], extensions: tuple[Extent, ...]
) -> Span:
    """Draw a stop: in the midst, at the due day, touching or overlapping another, before the start, after the end."""
    end = _end(place, limit, start, stops, extensions)
    kind = _by_weight(dice, (4, 4, 2, 2, 1, 1))
    if kind in {2, 3} and stops:
        since, until = _one_of(dice, stops)
        begin = until if kind == 2 else since + (until - since) * dice.number(0, 4) / 4  # noqa: PLR2004 - touching
        return begin, max(begin, _until(place, dice, begin))
    days = {4: -dice.number(1, 30), 5: (end - start.date()).days + dice.number(1, 10), 1: (end - start.date()).days}
    offset = days[kind] if kind in days else dice.number(0, max((end - start.date()).days, 0))
    begin = _instant(place, dice, start.date() + timedelta(days=offset))
    return begin, max(begin, _until(place, dice, begin))


def _until(place: Place, dice: Dice, since: datetime) -> datetime:
    """Draw the end of a stop: at once, after seconds, hours, days, weeks, or at an edge of a later day."""
    kind = _by_weight(dice, (4, 2, 2, 1, 1))
    lengths: tuple[Callable[[], datetime], ...] = (
        lambda: _instant(place, dice, since.date() + timedelta(days=dice.number(0, 20))),
        lambda: since + timedelta(days=dice.number(0, 40)),
        lambda: since + timedelta(minutes=dice.number(0, 2000)),
        lambda: since + timedelta(seconds=dice.number(0, 5)),
        lambda: _instant(place, dice, since.date() + timedelta(days=dice.number(0, 200))),
    )
    return lengths[kind]()


def _end(place: Place, limit: Extent, start: datetime, stops: tuple[Span, ...], extensions: tuple[Extent, ...]) -> date:
    """Return the last day as it stands: the life's later stops are drawn around it."""
    try:
        return end_of(limit, start, stops, extensions, place.year, place.customs).day
    except BeyondCalendarError:
        return start.date()


def _start_day(place: Place, dice: Dice) -> date:
    """Draw a day: one of those that broke others, one near such a one, or any."""
    kind = _by_weight(dice, (30, 40, 60, 10, 2, 1))
    first_of_all, last_of_all = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    if kind == 0:
        return date(2024, 1, 1) + timedelta(days=dice.number(0, 365))
    if kind == 3:  # noqa: PLR2004 - any
        return first_of_all + timedelta(days=dice.number(0, (last_of_all - first_of_all).days))
    if kind == 4:  # noqa: PLR2004 - where calendars end
        return last_of_all - timedelta(days=dice.number(0, 60))
    if kind == 5:  # noqa: PLR2004 - where they begin
        return first_of_all + timedelta(days=dice.number(0, 10))
    special = _one_of(dice, (*_special_days(), *(day for day, _ in place.local)))
    if kind == 1:
        return special
    return special + timedelta(days=dice.number(-25, 10))


def _instant(place: Place, dice: Dice, day: date) -> datetime:
    """Draw an instant of a day: at an edge of the office's hours or of the day, just before or after, or any."""
    customs = place.customs
    edges = [
        datetime.combine(day, customs.office_hours[0][0]),
        customs.closing(day),
        datetime.combine(day, time(0)),
        *(datetime.combine(day, clock) for span in customs.office_hours for clock in span),
    ]
    if _by_weight(dice, (2, 1)):
        return datetime.combine(day, time(0)) + timedelta(seconds=dice.number(0, 86_399))
    moved = (timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), timedelta(microseconds=-1))
    return _one_of(dice, edges) + _one_of(dice, moved)


@cache
def _special_days() -> tuple[date, ...]:
    """Moved working days, holidays, leap days, ends of months, ends of years."""
    named = [one.day for year in notices().values() for one in year]
    leap = [date(2020, 2, 29), date(2024, 2, 29), date(2028, 2, 29)]
    months = [date(year, month, 1) - ONE_DAY for year in (2019, 2020, 2023, 2024, 2025, 2026) for month in range(1, 13)]
    ends = [date(year, 12, number) for year in (2018, *YEARS, 2027) for number in (27, 28, 29, 30, 31)]
    return (*named, *leap, *months, *ends)


@cache
def _calendars() -> tuple[tuple[str, tuple[tuple[int, Notice], ...]], ...]:
    """What may be known: all notices, those up to a year, none, gaps, and notices before and after a correction."""
    every = notices()
    before = {year: {**every, year: first} for year, first in first_wordings().items()}
    found = [("all notices from 2019 to 2026", every)]
    found += [(f"notices up to {last}", {y: n for y, n in every.items() if y <= last}) for last in YEARS[:-1]]
    found += [(f"{year} before its correction", calendar) for year, calendar in before.items()]
    found += [
        (f"notices up to 2020, {year} before its correction", {y: n for y, n in calendar.items() if y <= 2020})  # noqa: PLR2004
        for year, calendar in before.items()
    ]
    found += [("no notice", {})]
    found += [("2022 and 2024 missing", {y: n for y, n in every.items() if y not in {2022, 2024}})]
    found += [(f"corrected by dice {number}", _corrected(every, Random(number))) for number in range(12)]
    return tuple((words, tuple(sorted(known.items()))) for words, known in found)


def _corrected(every: dict[int, Notice], dice: Random) -> dict[int, Notice]:
    """Correct each notice somewhere: a day taken out, a holiday worked after all, a working day made free."""
    return {year: _corrected_one(year, notice, dice) for year, notice in every.items()}


def _corrected_one(year: int, notice: Notice, dice: Random) -> Notice:
    days = {one.day: one for one in notice}
    for day in dice.sample(sorted(days), 2):
        del days[day]
    for day in dice.sample(sorted(days), 2):
        days[day] = Named(day, days[day].name, not days[day].is_worked)
    for _ in range(3):
        day = date(year, 1, 1) + timedelta(days=dice.randint(0, 364))
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


def _one_of(dice: Dice, them: Sequence[Any]) -> Any:
    return them[dice.number(0, len(them) - 1)]


def _by_weight(dice: Dice, weights: Sequence[int]) -> int:
    """Return the place of one of them, heavier ones oftener."""
    left = dice.number(0, sum(weights) - 1)
    for place, weight in enumerate(weights):
        if left < weight:
            return place
        left -= weight
    raise AssertionError
