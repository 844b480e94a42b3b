"""Verification: everything is reckoned anew from the events, and compared with what was kept, signed and stated.

It finds each event that was changed, removed, inserted or put elsewhere, by whoever could write past the triggers; and
who changed leaves and tiles as well is found by the signatures, and by notes that others keep.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tongban.ledger import events
from tongban.ledger.queries.findings import Finding, Sealed, rows_of
from tongban.ledger.queries.leaves import AS_SEALED
from tongban.ledger.queries.verifying_chains import Chains
from tongban.ledger.rules import canonical, tree
from tongban.ledger.rules.canonical import Sealable
from tongban.ledger.rules.notes import Checkpoint, Key, Note, UnfitNote
from tongban.ledger.rules.tiles import Edge, Place

BATCH = 5000
_NO_LEAF = bytes(canonical.DIGEST_BYTES)
"""Put where a leaf is missing, so that what comes after it is still compared in its place."""
_LEAVES = f"""
    SELECT leaf.position, leaf.event_id, leaf.commitment, leaf.salt, event.position, event.id, {AS_SEALED}
    FROM ledger_leaf AS leaf LEFT JOIN ledger_event AS event ON event.id = leaf.event_id
    WHERE leaf.position > %s ORDER BY leaf.position LIMIT %s
"""  # noqa: S608 - our own columns
_INSERTED = """
    SELECT event.id, event.position, event.kind FROM ledger_event AS event
    WHERE event.position <= %s AND NOT EXISTS (SELECT FROM ledger_leaf AS leaf WHERE leaf.event_id = event.id)
    ORDER BY event.position
"""
_ERASED_LATELY = "SELECT data::text FROM ledger_event WHERE (position IS NULL OR position > %s) AND kind = %s"
_KEPT_TILES = """
    SELECT wanted.level, wanted.number, kept.hashes, kept.root
    FROM unnest(%s::int[], %s::bigint[]) AS wanted (level, number)
    CROSS JOIN LATERAL (
        SELECT hashes, root FROM ledger_tile WHERE level = wanted.level AND number = wanted.number LIMIT 1
    ) AS kept
"""
_ODD_TILES = """
    SELECT level, number FROM ledger_tile WHERE number >= (%s::bigint >> (8 * (level + 1))) ORDER BY level, number
"""


@dataclass(slots=True)
class Verified:
    """How much was looked at."""

    events: int = 0
    checkpoints: int = 0
    others: int = 0
    chains: int = 0
    statements: int = 0
    erased: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Verification:
    """One pass over the whole ledger. `keys`: of the log, present and former; `others`: notes that others keep."""

    keys: Sequence[Key]
    others: Sequence[str] = ()
    done: Verified = field(default_factory=Verified)
    _edge: Edge = field(default_factory=Edge)
    _chains: Chains = field(default_factory=Chains)
    _without_salt: set[int] = field(default_factory=set)
    _erased: set[int] = field(default_factory=set)

    def findings(self) -> Iterator[Finding]:
        """Go through all that is wrong. Reads in the transaction of the caller, who holds one snapshot of all."""
        signed = self._signed()
        while batch := self._read(self._edge.size):
            yield from self._batch(batch, signed)
        for size, points in sorted(signed.items()):
            if size > self._edge.size:
                yield Finding("shortened", 0, f"{points[0][0]} is over {size} leaves, and there are {self._edge.size}")
        yield from self._chains.at_the_end()
        yield from self._apart()
        self.done.chains, self.done.statements = self._chains.count, self._chains.statements

    def _signed(self) -> dict[int, list[tuple[str, str]]]:
        """Return by size what was signed: what it is called, and the note."""
        signed: dict[int, list[tuple[str, str]]] = {}
        for size, note in rows_of("SELECT size, note FROM ledger_checkpoint"):
            signed.setdefault(size, []).append((f"the checkpoint of {size}", note))
            self.done.checkpoints += 1
        for note in self.others:
            size = Checkpoint.parse(Note.parse(note).text).size
            signed.setdefault(size, []).append((f"the note of {size} that others keep", note))
            self.done.others += 1
        return signed

    def _read(self, after: int) -> list[Sealed]:
        return [
            Sealed(
                row[0],
                row[1],
                bytes(row[2]),
                None if row[3] is None else bytes(row[3]),
                row[4],
                None if row[5] is None else Sealable._make(row[6:]),
            )
            for row in rows_of(_LEAVES, [after, BATCH])
        ]

    def _batch(self, batch: Sequence[Sealed], signed: dict[int, list[tuple[str, str]]]) -> Iterator[Finding]:
        links = self._chains.read(batch[0].position, batch[-1].position)
        full: list[tuple[Place, bytes, bytes]] = []
        for leaf in batch:
            missing = range(self._edge.size + 1, leaf.position)
            if missing:
                yield Finding("leaf", missing[0], f"{len(missing)} leaves from {missing[0]} on were removed")
                full += self._edge.grow([_NO_LEAF] * len(missing))
            yield from self._event(leaf)
            yield from self._chains.leaf(leaf, links.get(leaf.position))
            full += self._edge.grow([tree.leaf_hash(leaf.commitment)])
            for what, note in signed.get(leaf.position, ()):
                yield from self._note(what, note)
            yield from self._chains.statement_at(leaf.position, self.keys)
        yield from _tiles(full)

    def _event(self, leaf: Sealed) -> Iterator[Finding]:
        """Compare the event that was sealed at a place with what stands there now."""
        self.done.events += 1
        if leaf.event is None:
            yield Finding("removed", leaf.position, f"event {leaf.event_id}, sealed at {leaf.position}, was removed")
            return
        if leaf.stands_at != leaf.position:
            what = f"event {leaf.event_id}, sealed at {leaf.position}, stands at {leaf.stands_at}"
            yield Finding("moved", leaf.position, what)
        if leaf.salt is None:
            self._without_salt.add(leaf.position)
        elif canonical.commitment(leaf.salt, canonical.text_of(leaf.event)) != leaf.commitment:
            yield Finding("changed", leaf.position, f"event {leaf.event_id} at {leaf.position} is not as it was sealed")
        if leaf.event.kind == events.SaltsErased.kind:
            self._erased.update(canonical.json_of(leaf.event.data)["positions"])

    def _note(self, what: str, note: str) -> Iterator[Finding]:
        try:
            read = Note.parse(note)
            told = Checkpoint.parse(read.text)
        except UnfitNote as unfit:
            yield Finding("signature", 0, f"{what} cannot be read: {unfit}")
            return
        if not any(read.signed_by(key) for key in self.keys):
            yield Finding("signature", 0, f"{what} is signed by none of the keys of this ledger")
        if told.root != self._edge.root():
            yield Finding("root", 0, f"{what} does not fit the first {told.size} leaves")

    def _apart(self) -> Iterator[Finding]:
        """Look for what lies beside the leaves."""
        for event_id, position, kind in rows_of(_INSERTED, [self._edge.size]):
            yield Finding("inserted", position, f"event {event_id} ({kind}) stands at {position} and was never sealed")
        for (data,) in rows_of(_ERASED_LATELY, [self._edge.size, events.SaltsErased.kind]):
            self._erased.update(canonical.json_of(data)["positions"])
        for position in sorted(self._without_salt - self._erased):
            yield Finding("salt", position, f"the salt at {position} is gone, and no erasure is on record")
        for level, number in rows_of(_ODD_TILES, [self._edge.size]):
            yield Finding("tile", 0, f"tile {level}/{number} lies beyond the tree")
        self.done.erased = len(self._without_salt)
        self.done.waiting = rows_of(
            "SELECT count(*) FROM ledger_event WHERE position IS NULL OR position > %s", [self._edge.size]
        )[0][0]


def _tiles(full: Sequence[tuple[Place, bytes, bytes]]) -> Iterator[Finding]:
    """Compare tiles that have become full with those that were kept."""
    if not full:
        return
    kept = {
        (level, number): (bytes(hashes), bytes(root))
        for level, number, hashes, root in rows_of(
            _KEPT_TILES,
            [[place[0] for place, *_hashes in full], [place[1] for place, *_hashes in full]],
        )
    }
    for place, hashes, root in full:
        if kept.get(place) != (hashes, root):
            yield Finding("tile", 0, f"tile {place[0]}/{place[1]} is not what its leaves make")
