"""Chains, what is stated of them, and the proof of both that a person is given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.ledger import log_of_ours
from tongban.ledger.errors import NoSuchPlace
from tongban.ledger.queries.leaves import AS_SEALED, Tree
from tongban.ledger.queries.proving import SignedTree, checkpoint_over, encoded, proof_of
from tongban.ledger.rules import canonical, tree
from tongban.ledger.rules.canonical import Sealable
from tongban.ledger.rules.tiles import HEIGHT, WIDTH, Edge, Place, perfect_in, place_of, places_of, split
from tongban.ledger.rules.tree import Perfect

FORMAT = "tongban-chain-1"
_LINKS = f"""
    SELECT link.number, link.position, link.hash, leaf.commitment, leaf.salt, event.id, {AS_SEALED}
    FROM ledger_chainlink AS link
    JOIN ledger_leaf AS leaf ON leaf.position = link.position
    LEFT JOIN ledger_event AS event ON event.id = leaf.event_id
    WHERE link.chain_id = %s ORDER BY link.number
"""  # noqa: S608 - our own columns
_PLACE = "SELECT count(*) FROM ledger_chain WHERE pseudonym < %s AND begun <= %s"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a chain. `text` and `salt` are None once the salt of its event is erased."""

    number: int
    position: int
    hash: bytes
    commitment: bytes
    text: str | None
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class StatedChain:
    """What was stated of a chain on a day, with the proof that it was."""

    day: date
    note: str
    size: int
    chains: int
    index: int
    count: int
    head: bytes
    path: tuple[bytes, ...]
    event_position: int | None


@dataclass(frozen=True, slots=True)
class ChainOf:
    """A whole chain: all its links, and the newest statement of it, None before the first."""

    key: UUID
    salt: bytes
    pseudonym: bytes
    links: tuple[Link, ...]
    stated: StatedChain | None

    def bundle(self) -> dict[str, Any]:
        """Return what a person keeps, and checks without us: each event with its proof, and how many there must be."""
        last = max((link.position for link in self.links), default=0)
        signed = checkpoint_over(max(last, (self.stated and self.stated.event_position) or 0))
        return {
            "format": FORMAT,
            "log": signed.key,
            "chain": str(self.key),
            "salt": self.salt.hex(),
            "checkpoint": signed.note,
            "links": list(_proven(self.links, signed)),
            "statement": None if self.stated is None else _stated_bundle(self.stated, signed),
        }


def _proven(links: Sequence[Link], signed: SignedTree) -> Iterable[dict[str, Any]]:
    steps = [tree.inclusion_parts(link.position - 1, signed.size) for link in links]
    found = Tree([parts for step in steps for parts in step])
    for link, step in zip(links, steps, strict=True):
        yield {
            "number": link.number,
            "position": link.position,
            "event": link.text,
            "salt": None if link.salt is None else link.salt.hex(),
            "commitment": link.commitment.hex(),
            "inclusion": encoded(tree.proof_of(step, found.find)),
        }


def _stated_bundle(stated: StatedChain, signed: SignedTree) -> dict[str, Any]:
    told: dict[str, Any] = {
        "day": stated.day.isoformat(),
        "note": stated.note,
        "index": stated.index,
        "count": stated.count,
        "head": stated.head.hex(),
        "inclusion": encoded(stated.path),
        "record": None,
    }
    if stated.event_position is not None and stated.event_position <= signed.size:
        told["record"] = proof_of(stated.event_position, signed=signed).bundle()
    return told


def chain_of(key: UUID) -> ChainOf:
    """Return the chain of a key, say of a person. Raises NoSuchPlace when nothing is on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt, pseudonym, begun FROM ledger_chain WHERE key = %s", [key])
        row = cursor.fetchone()
        if row is None:
            raise NoSuchPlace
        cursor.execute(_LINKS, [key])
        links = tuple(map(_link, cursor.fetchall()))
    salt, pseudonym, begun = bytes(row[0]), bytes(row[1]), row[2]
    return ChainOf(key, salt, pseudonym, links, _stated(pseudonym, begun, links))


def _link(row: tuple[Any, ...]) -> Link:
    number, position, hash_, commitment, salt, event_id, *columns = row
    shown = salt is not None and event_id is not None
    return Link(
        number,
        position,
        bytes(hash_),
        bytes(commitment),
        canonical.text_of(Sealable._make(columns)) if shown else None,
        bytes(salt) if shown else None,
    )


def _stated(pseudonym: bytes, begun: int, links: Sequence[Link]) -> StatedChain | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement.day, note, size, chains, event.position FROM ledger_statement AS statement"
            " LEFT JOIN ledger_event AS event ON event.id = statement.event_id"
            " WHERE size >= %s ORDER BY size DESC, day DESC LIMIT 1",
            [begun],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        day, note, size, number, event_position = row
        cursor.execute(_PLACE, [pseudonym, size])
        (index,) = cursor.fetchone()
    last = [link for link in links if link.position <= size][-1]
    path = tuple(_path(day, index, number))
    return StatedChain(day, note, size, number, index, last.number, last.hash, path, event_position)


def _path(day: date, index: int, size: int) -> list[bytes]:
    steps = tree.inclusion_parts(index, size)
    kept = _tiles_of(day, places_of(steps))

    def find(perfect: Perfect) -> bytes:
        return perfect_in(perfect, kept[place_of(perfect)])

    return tree.proof_of(steps, find)


def _tiles_of(day: date, places: Iterable[Place]) -> dict[Place, list[bytes]]:
    wanted = list(places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tile.level, tile.number, tile.hashes FROM ledger_statementtile AS tile"
            " JOIN unnest(%s::int[], %s::bigint[]) AS wanted (level, number)"
            " ON tile.level = wanted.level AND tile.number = wanted.number WHERE tile.statement_id = %s",
            [[level for level, _number in wanted], [number for _level, number in wanted], day],
        )
        return {(level, number): split(bytes(hashes)) for level, number, hashes in cursor.fetchall()}


def tree_of_entries(entries: Iterable[bytes]) -> tuple[Edge, list[tuple[Place, bytes]]]:
    """Return the tree of a statement: its edge, and all its tiles, those that are not full too."""
    edge = Edge()
    made = [(place, hashes) for place, hashes, _root in edge.grow(map(tree.leaf_hash, entries))]
    made += [
        ((level, (edge.size >> HEIGHT * level) // WIDTH), b"".join(hashes))
        for level, hashes in enumerate(edge.levels)
        if hashes
    ]
    return edge, made


def root_of_entries(entries: Iterable[bytes]) -> bytes:
    """Return the root of a statement over its leaves in their order."""
    edge = Edge()
    for _full in edge.grow(map(tree.leaf_hash, entries)):
        continue
    return edge.root()


def name_of_statements() -> str:
    """Return the name under which statements are signed: with the key of the log, never to be taken for its tree."""
    return f"{log_of_ours.origin()}/chains"
