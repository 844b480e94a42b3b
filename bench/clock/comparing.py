"""Asks both, the product and the plain count, and says in what they differ."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import cast

from bench.clock.counting import BeyondCalendarError, End, end_of
from bench.clock.life import Life, Place
from bench.clock.official import Notice
from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import Due, Limit, NamedDay, Policy, Stop, Unit, WorkingCalendar, due, explain

IN_HOURS = {"hour", "working_hour"}


@dataclass(frozen=True)
class Answer:
    """What one of the two says of a life. Days are told for limits in days only."""

    refused: str = ""
    day: date | None = None
    at: datetime | None = None
    provisional: bool = False
    counted: tuple[date, ...] = ()
    passed_over: tuple[tuple[date, str], ...] = ()
    worked_weekends: tuple[date, ...] = ()
    used: int = 0
    """Days that are used up when the day ends that was asked for."""

    def differs_from(self, other: "Answer") -> list[str]:
        """Name what differs, with both answers."""
        return [
            f"{one.name}: {_short(getattr(self, one.name), getattr(other, one.name))}"
            for one in fields(self)
            if getattr(self, one.name) != getattr(other, one.name)
        ]


def _short(product: object, count: object) -> str:
    """Tell two answers; of long lists only what one has and the other has not."""
    if isinstance(product, tuple) and isinstance(count, tuple):
        more, less = [one for one in product if one not in count], [one for one in count if one not in product]
        return f"the product alone has {_told(more)}, the count alone {_told(less)}"
    return f"the product says {product}, the count {count}"


def _told(them: list[object]) -> str:
    return ", ".join(" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in them) or "none"


Reckoner = Callable[[Life], Answer]


def by_counting(life: Life) -> Answer:
    """Count day by day."""
    try:
        end = end_of(life.limit, life.start, life.stops, life.extensions, life.place.year, life.place.customs)
    except BeyondCalendarError:
        return Answer(refused="beyond the calendar")
    return Answer(
        "",
        end.day,
        end.at,
        end.is_provisional,
        end.counted,
        end.passed_over,
        end.worked_weekends,
        _used(end, life.as_of),
    )


def _used(end: End, as_of: date) -> int:
    return sum(day <= as_of for day in end.counted)


def by_the_product(life: Life) -> Answer:
    """Ask the rules of the room `calendar`: the end, and the explanation, which must agree with it."""
    calendar, policy = _calendar(life.place.notices, life.place.local), _policy(life.place)
    limit = _limit(*life.limit)
    start = _aware(life.start).astimezone(UTC) if life.told_in_utc else _aware(life.start)
    stops = [Stop(_aware(since), _aware(until)) for since, until in life.stops]
    extensions = [_limit(*extension) for extension in life.extensions]
    try:
        found = due(limit, start, calendar, policy, stops=stops, extensions=extensions)
        if life.limit[0] in IN_HOURS:
            return _ended(found)
        told = explain(limit, start, calendar, policy, stops=stops, extensions=extensions)
    except BeyondCalendar:
        return Answer(refused="beyond the calendar")
    if told.due != found:
        return Answer(refused=f"explains {told.due}, but says {found}")
    left_out = tuple((left.day, left.reason) for left in told.left_out)
    used = told.used_on(life.as_of)
    ended = _ended(found)
    return Answer("", ended.day, ended.at, ended.provisional, told.counted, left_out, told.moved_working_days, used)


def _ended(found: Due) -> Answer:
    return Answer("", found.day, found.at.astimezone(OFFICE_ZONE).replace(tzinfo=None), found.provisional)


def _limit(unit: str, number: int) -> Limit:
    return Limit(number, cast("Unit", unit))


def _aware(instant: datetime) -> datetime:
    return instant.replace(tzinfo=OFFICE_ZONE)


def _policy(place: Place) -> Policy:
    return Policy(
        office_hours=place.customs.office_hours,
        first_day=1 if place.customs.first_day_counts else 0,
        closes="midnight" if place.customs.closes_at_midnight else "office",
        months="thirty_days" if place.customs.month_is_30_days else "corresponding_day",
    )


@lru_cache(maxsize=64)
def _calendar(notices: tuple[tuple[int, Notice], ...], local: tuple[tuple[date, bool], ...]) -> WorkingCalendar:
    named = {year: [NamedDay(*one) for one in notice] for year, notice in notices}
    return WorkingCalendar(named, [NamedDay(day, "本地", is_working=is_worked) for day, is_worked in local])
