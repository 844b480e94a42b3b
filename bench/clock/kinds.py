"""Which kinds a life belongs to: the table at the end counts them, so that none is missing unseen."""

from datetime import time, timedelta
from itertools import pairwise

from bench.clock.comparing import Answer
from bench.clock.counting import FIRST_YEAR, LAST_YEAR
from bench.clock.life import Life
from bench.clock.official import EARLIER, SATURDAY, YEARS

ONE_SECOND = timedelta(seconds=1)


def kinds_of(life: Life, count: Answer) -> list[str]:
    """Return the kinds that a life belongs to, given what the count says of it."""
    found = {**_of_limit(life), **_of_receipt(life), **_of_stops(life, count), **_of_place(life, count)}
    return [f"unit {life.limit[0]}", f"stops: {len(life.stops)}", *(kind for kind, holds in found.items() if holds)]


def _of_limit(life: Life) -> dict[str, bool]:
    unit, number = life.limit
    return {
        "number 0": number == 0,
        "extended in its unit": any(other == unit for other, _ in life.extensions),
        "extended in another unit": any(other != unit for other, _ in life.extensions),
    }


def _of_receipt(life: Life) -> dict[str, bool]:
    date = life.start.date()
    closing = life.place.customs.closing(date)
    is_worked = FIRST_YEAR <= date.year <= LAST_YEAR and life.place.year.works(date)
    return {
        "received at closing time": life.start == closing,
        "received in the last second": closing - ONE_SECOND <= life.start < closing,
        "received at midnight": life.start.time() == time(0),
        "received on a worked weekend": is_worked and date.weekday() >= SATURDAY,
        "received on a holiday of a weekday": not is_worked and date.weekday() < SATURDAY,
        "received on 29 February": (date.month, date.day) == (2, 29),
    }


def _of_stops(life: Life, count: Answer) -> dict[str, bool]:
    stops = sorted(life.stops)
    without_stops = [since for since, _ in stops if count.day and since.date() == count.day]
    return {
        "a stop begins on the last day": bool(without_stops),
        "the last day is that of a stop's end": any(until.date() == count.day for _, until in stops),
        "a stop lies before the start": any(until <= life.start for _, until in stops),
        "a stop begins before the start": any(since < life.start < until for since, until in stops),
        "a stop lies after the end": bool(count.at) and any(since > count.at for since, _ in stops if count.at),
        "a stop of no length": any(since == until for since, until in stops),
        "stops touch": any(one[1] == other[0] for one, other in pairwise(stops)),
        "stops overlap": any(one[1] > other[0] for one, other in pairwise(stops)),
    }


def _of_place(life: Life, count: Answer) -> dict[str, bool]:
    customs = life.place.customs
    return {
        "refused: beyond 2099": bool(count.refused),
        "provisional": count.provisional,
        "local days": bool(life.place.local),
        "corrected notices": "correct" in life.place.calendar,
        "notices missing": len(life.place.notices) < len(YEARS),
        "the first day counts": customs.first_day_counts,
        "closes at midnight": customs.closes_at_midnight,
        "in a year before 2019 that is known": life.start.year in EARLIER
        and life.start.year in dict(life.place.notices),
        "months of 30 days": customs.month_is_30_days,
    }
