"""What verification looks at, and what it finds."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from tongban.ledger.rules.canonical import Sealable


class Finding(NamedTuple):
    """Something that is not as it was sealed: a code, the position (0 when it is of no single event), a sentence."""

    code: str
    position: int
    what: str


class Sealed(NamedTuple):
    """A leaf and the event that was sealed there, as both stand now."""

    position: int
    event_id: int
    commitment: bytes
    salt: bytes | None
    stands_at: int | None
    event: Sealable | None


def rows_of(question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return all that the database answers to a statement of ours."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())
