"""Draws lives. Edges come often; low numbers are simple, so that what is found can be made small."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache

from bench.clock.counting import FIRST_YEAR, LAST_YEAR, ONE_DAY, BeyondCalendarError, End, Extent, Span, end_of
from bench.clock.dice import Dice, by_weight, one_of
from bench.clock.life import Life, Place
from bench.clock.official import EARLIER, YEARS, earlier_days, notices
from bench.clock.places import draw_place

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


def draw_life(dice: Dice) -> Life:
    """Draw a place and a life in it."""
    return draw_life_in(draw_place(dice), dice)


def draw_life_in(place: Place, dice: Dice) -> Life:
    """Draw a life; its stops lie where they matter: around the start and around the end as it stands by then."""
    unit = UNITS[by_weight(dice, (8, 4, 4, 3, 4, 1))]
    limit = (unit, _number(unit, dice))
    start = _instant(place, dice, _start_day(place, dice))
    extensions = tuple(_extension(unit, dice) for _ in range(by_weight(dice, (6, 3, 1, 1))))
    stops: tuple[Span, ...] = ()
    for _ in range(by_weight(dice, (5, 4, 3, 2, 1, 1))):
        stops = (*stops, _stop(place, dice, limit, start, stops, extensions))
    end = _end(place, limit, start, stops, extensions)
    as_of = start.date() + timedelta(days=dice.number(-2, (end.day - start.date()).days + 5))
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
    return one_of(dice, NUMBERS[unit]) if dice.number(0, 3) else dice.number(0, max(NUMBERS[unit]) // 2)


def _stop(
    place: Place, dice: Dice, limit: Extent, start: datetime, stops: tuple[Span, ...], extensions: tuple[Extent, ...]
) -> Span:
    """Draw a stop: in the midst, on the due day as it stands by then, at edges of the life or of stops, outside."""
    end = _end(place, limit, start, stops, extensions)
    length = (end.day - start.date()).days
    edges = [instant for span in ((start, end.at), *stops) for instant in span]
    kinds: tuple[Callable[[], datetime], ...] = (
        lambda: _instant(place, dice, start.date() + timedelta(days=dice.number(0, length))),
        lambda: _instant(place, dice, end.day),
        lambda: one_of(dice, edges),
        lambda: _within(dice, one_of(dice, stops) if stops else (start, end.at)),
        lambda: _instant(place, dice, start.date() - timedelta(days=dice.number(1, 30))),
        lambda: _instant(place, dice, end.day + timedelta(days=dice.number(1, 10))),
    )
    since = kinds[by_weight(dice, (4, 4, 3, 2, 1, 1))]()
    until = one_of(dice, edges) if not dice.number(0, 7) else _until(place, dice, since)
    return since, max(since, until)


def _within(dice: Dice, span: Span) -> datetime:
    since, until = span
    return since + (until - since) * dice.number(0, 4) / 4


def _until(place: Place, dice: Dice, since: datetime) -> datetime:
    """Draw the end of a stop: at once, after seconds, hours, days, weeks, or at an edge of a later day."""
    kind = by_weight(dice, (4, 2, 2, 1, 1))
    lengths: tuple[Callable[[], datetime], ...] = (
        lambda: _instant(place, dice, since.date() + timedelta(days=dice.number(0, 20))),
        lambda: since + timedelta(days=dice.number(0, 40)),
        lambda: since + timedelta(minutes=dice.number(0, 2000)),
        lambda: since + timedelta(seconds=dice.number(0, 5)),
        lambda: _instant(place, dice, since.date() + timedelta(days=dice.number(0, 200))),
    )
    return lengths[kind]()


def _end(place: Place, limit: Extent, start: datetime, stops: tuple[Span, ...], extensions: tuple[Extent, ...]) -> End:
    """Return the end as it stands: the life's later stops are drawn around it."""
    try:
        return end_of(limit, start, stops, extensions, place.year, place.customs)
    except BeyondCalendarError:
        return End(start.date(), start, is_provisional=True)


def _start_day(place: Place, dice: Dice) -> date:
    """Draw a day: one of those that broke others, one near such a one, or any."""
    kind = by_weight(dice, (30, 40, 60, 10, 2, 1))
    first_of_all, last_of_all = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    if kind == 0:
        return date(2024, 1, 1) + timedelta(days=dice.number(0, 365))
    if kind == 3:  # noqa: PLR2004 - any
        return first_of_all + timedelta(days=dice.number(0, (last_of_all - first_of_all).days))
    if kind == 4:  # noqa: PLR2004 - where calendars end
        return last_of_all - timedelta(days=dice.number(0, 60))
    if kind == 5:  # noqa: PLR2004 - where they begin
        return first_of_all + timedelta(days=dice.number(0, 10))
    known_before = _earlier_days() if EARLIER[0] in dict(place.notices) else ()
    special = one_of(dice, (*_special_days(), *(day for day, _ in place.local), *known_before))
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
    if by_weight(dice, (2, 1)):
        return datetime.combine(day, time(0)) + timedelta(seconds=dice.number(0, 86_399))
    moved = (timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), timedelta(microseconds=-1))
    return one_of(dice, edges) + one_of(dice, moved)


@cache
def _earlier_days() -> tuple[date, ...]:
    """Return what was named in the years of which no notice is at hand, more often than its share."""
    return tuple(one.day for year in earlier_days().values() for one in year) * 3


@cache
def _special_days() -> tuple[date, ...]:
    """Moved working days, holidays, leap days, ends of months, ends of years."""
    named = [one.day for year in notices().values() for one in year]
    leap = [date(2020, 2, 29), date(2024, 2, 29), date(2028, 2, 29)]
    months = [date(year, month, 1) - ONE_DAY for year in (2019, 2020, 2023, 2024, 2025, 2026) for month in range(1, 13)]
    ends = [date(year, 12, number) for year in (2018, *YEARS, 2027) for number in (27, 28, 29, 30, 31)]
    return (*named, *leap, *months, *ends)
