"""Verification of chains: links are reckoned anew from the leaves, and statements from the links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from tongban.ledger import events, kinds
from tongban.ledger.queries.findings import Finding, Sealed, rows_of
from tongban.ledger.queries.stating import root_of_entries
from tongban.ledger.rules import canonical, chains
from tongban.ledger.rules.notes import Checkpoint, Key, Note


class Link(NamedTuple):
    """A link as it was kept."""

    chain: UUID
    number: int
    hash: bytes


class Head(NamedTuple):
    """How far a chain has come."""

    links: int
    hash: bytes


@dataclass(slots=True)
class Chains:
    """The chains as far as the leaves have been gone through."""

    count: int = 0
    statements: int = 0
    _heads: dict[UUID, Head] = field(default_factory=dict)
    _names: dict[UUID, bytes] = field(default_factory=dict)
    _since: dict[str, int] | None = None
    _stated: dict[int, list[tuple[Any, int, bytes, str]]] | None = None
    _told: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def read(self, first: int, last: int) -> dict[int, Link]:
        """Return the links of a stretch of the ledger, by position."""
        if self._since is None:
            self._since = dict(rows_of("SELECT kind, since FROM ledger_chainedkind"))
        rows = rows_of(
            "SELECT position, chain_id, number, hash FROM ledger_chainlink WHERE position BETWEEN %s AND %s",
            [first, last],
        )
        found = {position: Link(chain, number, bytes(hash_)) for position, chain, number, hash_ in rows}
        self._learn_names({link.chain for link in found.values()} - self._names.keys())
        return found

    def _learn_names(self, new: set[UUID]) -> None:
        for key, pseudonym in rows_of("SELECT key, pseudonym FROM ledger_chain WHERE key = ANY(%s)", [list(new)]):
            self._names[key] = bytes(pseudonym)

    def leaf(self, leaf: Sealed, link: Link | None) -> Iterator[Finding]:
        """Compare the link at a leaf with what its event says, and with the link before."""
        if leaf.event is not None:
            yield from self._event(leaf, link)
        if link is None:
            return
        before = self._heads.get(link.chain, Head(0, self._names.get(link.chain, b"")))
        number = before.links + 1
        if (link.number, link.hash) != (number, chains.link(before.hash, number, leaf.commitment)):
            yield Finding("link", leaf.position, f"the link at {leaf.position} does not follow the one before it")
        self._heads[link.chain] = Head(number, link.hash)

    def _event(self, leaf: Sealed, link: Link | None) -> Iterator[Finding]:
        assert leaf.event is not None  # noqa: S101 - seen by the caller
        chained, cls = kinds.CHAINED.get(leaf.event.kind), events.class_of(leaf.event.kind)
        key = None
        if chained and cls and leaf.position > (self._since or {}).get(leaf.event.kind, leaf.position):
            key = chained(events.read(cls, UUID(leaf.event.subject_id), canonical.json_of(leaf.event.data)))
        if link is None and key is not None:
            yield Finding("link", leaf.position, f"the event at {leaf.position} is missing from its chain")
        elif link is not None and key is not None and link.chain != key:
            yield Finding("link", leaf.position, f"the event at {leaf.position} is on another chain than its own")
        if leaf.event.kind == events.ChainsStated.kind:
            told = canonical.json_of(leaf.event.data)
            self._told[told["day"]] = (told["size"], told["chains"], told["root"])

    def statement_at(self, position: int, keys: Sequence[Key]) -> Iterator[Finding]:
        """Compare the statements that were made when the ledger had come this far."""
        if self._stated is None:
            self._stated = {}
            for day, size, number, root, note in rows_of(
                "SELECT day, size, chains, root, note FROM ledger_statement", []
            ):
                self._stated.setdefault(size, []).append((day, number, bytes(root), note))
        for day, number, root, note in self._stated.pop(position, ()):
            self.statements += 1
            yield from self._statement(str(day), number, root, note, keys)

    def _statement(self, day: str, number: int, root: bytes, note: str, keys: Sequence[Key]) -> Iterator[Finding]:
        entries = sorted(
            chains.statement_entry(self._names.get(key, b""), head.links, head.hash)
            for key, head in self._heads.items()
        )
        if (len(entries), root_of_entries(entries)) != (number, root):
            yield Finding("statement", 0, f"the statement of {day} does not fit the chains of then")
        read = Note.parse(note)
        if Checkpoint.parse(read.text).root != root or not any(
            read.signed_by(Key(f"{key.name}/chains", key.kind, key.public)) for key in keys
        ):
            yield Finding("signature", 0, f"the statement of {day} is not signed by this ledger")

    def at_the_end(self) -> Iterator[Finding]:
        """Compare the heads that are kept, and look for statements that were told of and are gone."""
        self.count = len(self._heads)
        for key, salt, pseudonym, count, hash_ in rows_of(
            "SELECT key, salt, pseudonym, count, head FROM ledger_chain", []
        ):
            head = self._heads.get(key, Head(0, bytes(pseudonym)))
            if (count, bytes(hash_)) != head or chains.pseudonym(bytes(salt), key) != bytes(pseudonym):
                yield Finding(
                    "chain", 0, f"a chain of {head.links} links is kept as one of {count}, or under another name"
                )
        for size, left in (self._stated or {}).items():
            yield Finding("statement", 0, f"the statement of {left[0][0]} is over {size} leaves, which are not there")
        kept = {str(row[0]): (row[1], row[2], bytes(row[3]).hex()) for row in rows_of(_STATEMENTS)}
        for day, told in self._told.items():
            if kept.get(day) != told:
                yield Finding("statement", 0, f"the statement of {day} is gone, or another than the one on record")


_STATEMENTS = "SELECT day, size, chains, root FROM ledger_statement"
