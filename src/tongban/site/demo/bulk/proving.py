"""What proves the events of lives that are poured: their text is cut as their rows are, and bound by leaves at once.

The sealer would have to read every event again, which takes longer than to write it.
"""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from tongban.ledger import events, kinds
from tongban.ledger.rules import canonical, tree
from tongban.ledger.rules.canonical import DIGEST_BYTES, SALT_BYTES, Sealable
from tongban.ledger.rules.tiles import WIDTH, Place
from tongban.site.demo.bulk.cutting import Cut, Cutter, Stamp, Text, joined

LEAF_COLUMNS = ("position", "event_id", "commitment", "salt")
TILE_COLUMNS = ("level", "number", "hashes", "root")
LEAF = struct.Struct(f">hiqiqi{DIGEST_BYTES}si{SALT_BYTES}s")
_TILE = struct.Struct(f">hihiqi{WIDTH * DIGEST_BYTES}si{DIGEST_BYTES}s")
"""Rows as COPY reads them in binary: the number of columns, then each with its length before it."""
_INSTANT = ',"happened_at":'

Row = dict[str, Any]


def proven_text(row: Row) -> str:
    """Return what is proven of an event, from its row as texts. Raises ValueError when it is a link of a chain."""
    cls = events.class_of(row["kind"])
    chained = kinds.CHAINED.get(row["kind"])
    told = canonical.json_of(row["data"])
    if chained is not None and (cls is None or chained(events.read(cls, UUID(row["subject_id"]), told)) is not None):
        message = f"an event of the kind {row['kind']} is a link of a chain, and chains are not poured"
        raise ValueError(message)
    happened_at = datetime.fromisoformat(row["happened_at"]).astimezone(UTC)
    instant = f"{happened_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return canonical.text_of(Sealable(**{name: row[name] for name in Sealable._fields} | {"happened_at": instant}))


def cut_event(row: Row, cutter: Cutter, told: Callable[[str, Cut], Text | None]) -> Text:
    """Cut what is proven of an event. `told` cuts the part with what it says in its own way, or returns None."""
    cut = partial(cutter.cut, copied=False)
    said, mark, rest = proven_text(row).rpartition(_INSTANT)
    return joined([told(said, cut) or cut(said), cut(mark + rest, dues=False)], "")


def leaves(
    stamps: Sequence[Stamp], values: list[bytes], *, first_id: int, first_position: int
) -> Iterator[tuple[bytes, bytes]]:
    """Give the leaf of each event of a life, as COPY reads it in binary, and its hash in the tree."""
    salts = os.urandom(SALT_BYTES * len(stamps))
    for place, stamp in enumerate(stamps):
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        commitment = canonical.commitment_of(salt, stamp.filled(values))
        row = LEAF.pack(4, 8, first_position + place, 8, first_id + place, DIGEST_BYTES, commitment, SALT_BYTES, salt)
        yield row, tree.leaf_hash(commitment)


def tile(place: Place, hashes: bytes, root: bytes) -> bytes:
    """Return the row of a full tile, as COPY reads it in binary."""
    level, number = place
    return _TILE.pack(4, 2, level, 8, number, len(hashes), hashes, DIGEST_BYTES, root)
