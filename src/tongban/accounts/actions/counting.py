"""Counting tries, in the database, so that all processes count together and none can be asked around."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from tongban.accounts.models import TryCount
from tongban.base import crypto
from tongban.base.compiled import Written
from tongban.base.errors import TooMany, Words

KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Bound:
    """How often something may be tried in a stretch of time by one who is counted."""

    what: str
    most: int
    seconds: int


def count_try(bound: Bound, who: str, *, now: datetime, words: Words | None = None) -> None:
    """Count one try and raise TooMany when it is beyond the bound.

    Counted in a transaction of its own before the thing itself is tried, so that a refusal does not undo the count
    and tries sent at once are all seen.
    """
    count_tries((bound, who), now=now, words=words)


def count_tries(*bounds: tuple[Bound, str], now: datetime, words: Words | None = None) -> None:
    """Count one try under several bounds in their order, in one statement; raise TooMany at the first that is exceeded.

    Under those after it nothing is counted then.
    """
    for (bound, _who), tries in zip(bounds, _add(bounds, now), strict=True):
        if tries > bound.most:
            wait = _begin(bound, now) + timedelta(seconds=bound.seconds) - now
            raise TooMany(max(1, int(wait.total_seconds())), words)


def forgive(bound: Bound, who: str, *, now: datetime) -> None:
    """Take back what was counted in the present stretch: the right password was given."""
    TryCount.objects.filter(what=bound.what, who_index=index_of(bound, who), begins_at=_begin(bound, now)).update(
        tries=0
    )


def forget_old_tries(*, now: datetime) -> int:
    """Take out counts of stretches long gone; returns how many."""
    return TryCount.objects.filter(begins_at__lt=now - KEPT).delete()[0]


def index_of(bound: Bound, who: str) -> bytes:
    """Return the index under which somebody is counted: an address cannot be read from it."""
    return crypto.index(who, context=f"accounts.tries.{bound.what}")


def _begin(bound: Bound, now: datetime) -> datetime:
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % bound.seconds, tz=UTC)


_COUNT = """counted_{place} AS (
    INSERT INTO accounts_trycount AS kept (what, who_index, begins_at, tries)
    SELECT %s::text, %s::bytea, %s::timestamptz, 1{after}
    ON CONFLICT (what, who_index, begins_at) DO UPDATE SET tries = kept.tries + 1 RETURNING tries
)"""

_ASK = "COALESCE((SELECT tries FROM counted_{place}), 0)"


def _add(bounds: Sequence[tuple[Bound, str]], now: datetime) -> list[int]:
    """Count one under each bound and return how many there are now, 0 where one before it was exceeded.

    One statement, so that no try slips through; a transaction by itself unless the caller has one.
    """
    values = list[Any]()
    for place, (bound, who) in enumerate(bounds):
        before = [bounds[place - 1][0].most] if place else []
        values += [bound.what, index_of(bound, who), _begin(bound, now), *before]
    (tries,) = _counting(len(bounds)).asking(*values).rows()
    return tries


@lru_cache(maxsize=8)
def _counting(number: int) -> Written[list[int]]:
    """Return the statement that counts under so many bounds."""
    counts = [
        _COUNT.format(place=place, after=f" FROM counted_{place - 1} WHERE tries <= %s::bigint" if place else "")
        for place in range(number)
    ]
    asked = ", ".join(_ASK.format(place=place) for place in range(number))
    return Written(f"WITH {', '.join(counts)} SELECT {asked}", list)
