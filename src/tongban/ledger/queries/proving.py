"""Proofs of single events: that one is in the tree, and that the tree only grew."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from tongban.ledger import log_of_ours
from tongban.ledger.errors import NoSuchPlace, NotSealedYet
from tongban.ledger.queries.leaves import AS_SEALED, Tree
from tongban.ledger.rules import canonical, tree
from tongban.ledger.rules.canonical import Sealable
from tongban.ledger.rules.notes import Checkpoint, Key
from tongban.ledger.rules.tiles import Edge

FORMAT = "tongban-proof-1"
SILENT = timedelta(minutes=10)
_LEAF = f"""
    SELECT leaf.position, leaf.commitment, leaf.salt, event.id, {AS_SEALED}
    FROM ledger_leaf AS leaf LEFT JOIN ledger_event AS event ON event.id = leaf.event_id
    WHERE leaf.position = %s
"""  # noqa: S608 - our own columns
_CHECKPOINT = """
    SELECT point.size, point.root, point.key, point.note, (
        SELECT COALESCE(string_agg(line, '' ORDER BY name), '') FROM ledger_cosignature
        WHERE checkpoint_id = point.size
    )
    FROM ledger_checkpoint AS point
    WHERE point.size >= %(size)s AND (
        NOT %(witnessed)s OR EXISTS (SELECT FROM ledger_cosignature WHERE checkpoint_id = point.size)
    )
    ORDER BY point.size DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SignedTree:
    """A checkpoint of the log: `own` is the note as the log has signed it, `note` with what witnesses have signed."""

    size: int
    root: bytes
    key: str
    own: str
    witnessed: str = ""

    @property
    def note(self) -> str:
        """The whole note."""
        return self.own + self.witnessed


@dataclass(frozen=True, slots=True)
class Proof:
    """That an event is in the tree of a checkpoint. `text` and `salt` are None once the salt is erased."""

    position: int
    commitment: bytes
    text: str | None
    salt: bytes | None
    tree: SignedTree
    path: tuple[bytes, ...]

    def bundle(self) -> dict[str, Any]:
        """Return what a person keeps, and checks without us."""
        return {
            "format": FORMAT,
            "log": self.tree.key,
            "position": self.position,
            "event": self.text,
            "salt": None if self.salt is None else self.salt.hex(),
            "commitment": self.commitment.hex(),
            "inclusion": encoded(self.path),
            "checkpoint": self.tree.note,
        }


def signed(edge: Edge) -> SignedTree:
    """Return the checkpoint of a tree with this right edge, signed by the log. Nothing is written."""
    root = edge.root()
    note = Checkpoint(log_of_ours.origin(), edge.size, root).signed(log_of_ours.signer())
    return SignedTree(edge.size, root, str(log_of_ours.key()), note)


def log_key() -> Key:
    """Return what checkpoints of this ledger are checked with, as far as this process knows."""
    return log_of_ours.key()


def silent_witnesses(now: datetime) -> int:
    """Return how many witnesses have not signed what was there ten minutes ago."""
    names = [told.partition("+")[0] for told, _address in settings.TONGBAN_LEDGER_WITNESSES]
    if not names:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM unnest(%s::text[]) AS witness (name)
            WHERE COALESCE((SELECT max(checkpoint_id) FROM ledger_cosignature WHERE name = witness.name), 0)
                < (SELECT max(size) FROM ledger_checkpoint WHERE made_at < %s)
            """,
            [names, now - SILENT],
        )
        return int(cursor.fetchone()[0])


def encoded(hashes: tuple[bytes, ...] | list[bytes]) -> list[str]:
    """Return hashes as others read them."""
    return [base64.b64encode(one).decode() for one in hashes]


def latest_checkpoint(*, at_least: int = 0, witnessed: bool = False) -> SignedTree | None:
    """Return the newest checkpoint over so many leaves at least; `witnessed`: the newest that a witness has signed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECKPOINT, {"size": at_least, "witnessed": witnessed})
        row = cursor.fetchone()
    return None if row is None else SignedTree(row[0], bytes(row[1]), *row[2:])


def checkpoint_over(position: int) -> SignedTree:
    """Return the checkpoint that proofs are for: the newest witnessed one, else the newest. Raises NotSealedYet."""
    found = latest_checkpoint(at_least=position, witnessed=True) or latest_checkpoint(at_least=position)
    if found is None:
        raise NotSealedYet
    return found


def proof_of(position: int, *, signed: SignedTree | None = None) -> Proof:
    """Return the proof of the event at a position, in the newest tree or in a given one.

    Raises NoSuchPlace, NotSealedYet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEAF, [position])
        row = cursor.fetchone()
    if row is None:
        raise _missing(position)
    signed = signed or checkpoint_over(position)
    salt = None if row[2] is None else bytes(row[2])
    shown = salt is not None and row[3] is not None
    return Proof(
        position=position,
        commitment=bytes(row[1]),
        text=canonical.text_of(Sealable._make(row[4:])) if shown else None,
        salt=salt if shown else None,
        tree=signed,
        path=tuple(inclusion(position - 1, signed.size)),
    )


def _missing(position: int) -> NoSuchPlace | NotSealedYet:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_event WHERE position = %s)", [position])
        return NotSealedYet() if cursor.fetchone()[0] else NoSuchPlace()


def inclusion(index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from a leaf (numbered from 0) to the root of the tree at a size."""
    steps = tree.inclusion_parts(index, size)
    return tree.proof_of(steps, Tree(steps).find)


def consistency(old: int, new: int) -> list[bytes]:
    """Return the hashes that show that the tree at one size holds that of another unchanged as its beginning."""
    steps = tree.consistency_parts(old, new)
    return tree.proof_of(steps, Tree(steps).find)
