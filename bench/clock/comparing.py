"""Asks both, the product and the plain count, and says in what they differ."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import cast

from bench.clock.counting import BeyondCalendarError, End, end_of, hours_passed, in_time
from bench.clock.life import Life, Place
from bench.clock.official import Notice
from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import Limit, NamedDay, Policy, Stop, Unit, WorkingCalendar, due, explain, is_in_time
from tongban.cases.rules.counting import use_of

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
    """Days that are used up when the day ends that was asked for; for hours, those passed by its closing time."""
    left: int = 0
    in_time: tuple[bool, ...] = ()
    """Whether what happens around the end is in time, at each of the instants that were asked for."""

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
    unit, customs = life.limit[0], life.place.customs
    used, total = _used(end, life), _total(end, life)
    return Answer(
        "",
        end.day,
        end.at,
        end.is_provisional,
        end.counted,
        end.passed_over,
        end.worked_weekends,
        used,
        max(total - used, 0),
        tuple(in_time(unit, end, act, customs) for act in acts_around(end.day, end.at)),
    )


def acts_around(day: date, at: datetime) -> tuple[datetime, ...]:
    """Return instants at which somebody may act: on the edge of the end, in the evening of the last day, the next."""
    evening = datetime.combine(day, time(18))
    moment = timedelta(microseconds=1)
    return at - moment, at, at + moment, evening, evening.replace(hour=23, minute=59), evening + timedelta(days=1)


def _used(end: End, life: Life) -> int:
    unit, place = life.limit[0], life.place
    if unit not in IN_HOURS:
        return sum(day <= life.as_of for day in end.counted)
    until = min(place.customs.closing(life.as_of), end.at)
    passed = hours_passed(unit, life.start, until, list(life.stops), place.year, place.customs)
    return min(passed, _total(end, life))


def _total(end: End, life: Life) -> int:
    if life.limit[0] not in IN_HOURS:
        return len(end.counted)
    return life.limit[1] + sum(more for _unit, more in life.extensions)


def by_the_product(life: Life) -> Answer:
    """Ask the rules of the room `calendar`: the end, and the explanation, which must agree with it."""
    calendar, policy = _calendar(life.place.notices, life.place.local), _policy(life.place)
    limit = _limit(*life.limit)
    start = _aware(life.start).astimezone(UTC) if life.told_in_utc else _aware(life.start)
    stops = [Stop(_aware(since), _aware(until)) for since, until in life.stops]
    extensions = [_limit(*extension) for extension in life.extensions]
    try:
        found = due(limit, start, calendar, policy, stops=stops, extensions=extensions)
        told = explain(limit, start, calendar, policy, stops=stops, extensions=extensions)
    except BeyondCalendar:
        return Answer(refused="beyond the calendar")
    if told.due != found:
        return Answer(refused=f"explains {told.due}, but says {found}")
    at = found.at.astimezone(OFFICE_ZONE).replace(tzinfo=None)
    use = use_of(told, start, life.as_of, policy.end_of(life.as_of), calendar, policy)
    acts = tuple(is_in_time(_aware(act), found.at) for act in acts_around(found.day, at))
    used, left = (use.used, use.left) if use is not None else (0, 0)
    if life.limit[0] in IN_HOURS:
        return Answer("", found.day, at, found.provisional, used=used, left=left, in_time=acts)
    left_out = tuple((left_out.day, left_out.reason) for left_out in told.left_out)
    if use is None:  # on the spot: the days of its extensions are told, but no use of it
        used = told.used_on(life.as_of)
        left = len(told.counted) - used
    days = (told.counted, left_out, told.moved_working_days)
    return Answer("", found.day, at, found.provisional, *days, used, left, acts)


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
