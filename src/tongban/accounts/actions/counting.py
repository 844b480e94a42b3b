"""Counting tries, in the database, so that all processes count together and none can be asked around."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from tongban.accounts.models import TryCount
from tongban.base import crypto
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
    begins_at = _begin(bound, now)
    tries = _add(bound.what, index_of(bound, who), begins_at)
    if tries > bound.most:
        wait = begins_at + timedelta(seconds=bound.seconds) - now
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


@transaction.atomic
def _add(what: str, who_index: bytes, begins_at: datetime) -> int:
    """Count one and return how many there are now: one statement, so that no try slips through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_trycount AS kept (what, who_index, begins_at, tries) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (what, who_index, begins_at) DO UPDATE SET tries = kept.tries + 1 RETURNING tries",
            [what, who_index, begins_at],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
