"""The tree as it is kept: leaves, tiles, its right edge."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tongban.base.compiled import Written
from tongban.ledger import log_of_ours
from tongban.ledger.rules.canonical import Sealable, json_of
from tongban.ledger.rules.tiles import WIDTH, Edge, Place, edge_of, perfect_in, place_of, split
from tongban.ledger.rules.tree import Perfect, joined, leaf_hash, pieces

AS_SEALED = """
    event.uid::text, event.kind, to_char(event.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    event.actor_kind, event.account_id::text, event.official_id::text, event.post_id::text, event.subject_kind,
    event.subject_id::text, event.data::text
"""
"""Columns of an event as `Sealable` has them: instants in UTC with microseconds, ids in small letters."""
_WAITING = f"""
    SELECT event.position, event.id, {AS_SEALED}
    FROM ledger_event AS event WHERE event.position > %s ORDER BY event.position LIMIT %s
"""  # noqa: S608 - our own columns
_FULL = """
    SELECT wanted.level, wanted.number, tile.hashes
    FROM unnest(%s::int[], %s::bigint[]) AS wanted (level, number)
    CROSS JOIN LATERAL (
        SELECT hashes FROM ledger_tile WHERE level = wanted.level AND number = wanted.number LIMIT 1
    ) AS tile
"""
"""Tile by tile, with a bound that leaves nothing but the index: a join of the whole table was chosen in large trees."""
_NOT_FULL = """
    SELECT wanted.level, wanted.number, below.hash
    FROM unnest(%(levels)s::int[], %(numbers)s::bigint[]) AS wanted (level, number)
    CROSS JOIN LATERAL (
        (
            SELECT position AS place, commitment AS hash FROM ledger_leaf
            WHERE wanted.level = 0
                AND position > wanted.number * 256 AND position <= (wanted.number + 1) * 256
            ORDER BY position LIMIT 256
        ) UNION ALL (
            SELECT number, root FROM ledger_tile
            WHERE level = wanted.level - 1 AND number >= wanted.number * 256 AND number < (wanted.number + 1) * 256
            ORDER BY number LIMIT 256
        )
    ) AS below
    ORDER BY wanted.level, wanted.number, below.place
"""


class Waiting(NamedTuple):
    """An event that has its position and no leaf yet."""

    position: int
    event_id: int
    event: Sealable

    @property
    def data(self) -> dict[str, Any]:
        """What the event says."""
        return json_of(self.event.data)

    @property
    def happened_at(self) -> datetime:
        """When it happened."""
        return datetime.fromisoformat(self.event.happened_at)


_TO_SEAL: Written[tuple[bool, str | None]] = Written(
    """
    SELECT (SELECT id FROM ledger_event WHERE position IS NULL ORDER BY id LIMIT 1) IS NOT NULL
            OR (SELECT max(position) FROM ledger_event) IS DISTINCT FROM (SELECT max(position) FROM ledger_leaf),
        (SELECT key FROM ledger_checkpoint ORDER BY size DESC LIMIT 1)
    """,
    make=lambda row: (row[0], row[1]),
)


def is_anything_to_seal() -> bool:
    """Whether an event has no position or no leaf: the sealer asks it twice a second.

    Raises StrangeKey when there is none: where there is one it gets its position, whatever key this process has, and
    only then the tree refuses to grow.
    """
    ((waits, signed_with),) = _TO_SEAL.asking().rows()
    if signed_with is not None and not waits:
        log_of_ours.refuse_unless_ours(signed_with)
    return waits


def tree_size() -> int:
    """Return how many leaves the tree has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(position), 0) FROM ledger_leaf")
        return int(cursor.fetchone()[0])


def waiting_for_tree(size: int, *, limit: int) -> list[Waiting]:
    """Return the next events that have a position and no leaf, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [size, limit])
        return [Waiting(row[0], row[1], Sealable._make(row[2:])) for row in cursor.fetchall()]


def edge(size: int) -> Edge:
    """Return the right edge of the tree, to grow it by."""
    return Edge.of(size, _not_full(edge_of(size)))


def tiles(places: Iterable[Place]) -> dict[Place, list[bytes]]:
    """Return the hashes of tiles as far as they are there: full ones as kept, others from what is below them."""
    wanted = sorted(set(places))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FULL, [[level for level, _number in wanted], [number for _level, number in wanted]])
        found = {(level, number): split(bytes(hashes)) for level, number, hashes in cursor.fetchall()}
    return found | _not_full([place for place in wanted if place not in found])


def _not_full(places: Iterable[Place]) -> dict[Place, list[bytes]]:
    wanted = list(places)
    found: dict[Place, list[bytes]] = {place: [] for place in wanted}
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                _NOT_FULL,
                {"levels": [level for level, _number in wanted], "numbers": [number for _level, number in wanted]},
            )
            for level, number, value in cursor.fetchall():
                found[level, number].append(bytes(value) if level else leaf_hash(bytes(value)))
    return found


def entries(number: int, width: int = WIDTH) -> list[bytes]:
    """Return the commitments of a bundle of up to 256 neighbouring leaves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT commitment FROM ledger_leaf WHERE position > %s AND position <= %s ORDER BY position",
            [number * WIDTH, number * WIDTH + width],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


class Tree:
    """The tree as it is needed for some proofs: it looks up all the tiles they need in two statements."""

    def __init__(self, steps: Iterable[Iterable[Perfect]]) -> None:
        """Look up what the steps are made of."""
        self._tiles: Mapping[Place, list[bytes]] = tiles({place_of(one) for step in steps for one in step})

    def find(self, perfect: Perfect) -> bytes:
        """Return the hash of a perfect subtree."""
        return perfect_in(perfect, self._tiles[place_of(perfect)])


def root_at(size: int) -> bytes:
    """Return the root that the tree had at a size."""
    parts = pieces(0, size)
    found = Tree([parts])
    return joined([found.find(one) for one in parts])


def position_of_event(uid: UUID) -> int | None:
    """Return the position of an event, None when it has none yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM ledger_event WHERE uid = %s", [uid])
        row = cursor.fetchone()
    return row[0] if row else None
