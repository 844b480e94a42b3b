"""Grow the tree over the events that have their position, sign it, and put the links on their chains.

The sealer does it right after it has given positions, in a transaction of its own and in batches: nobody who writes
waits for it. Events of earlier releases, which have a position but no leaf, are taken in the same way, from the first
one on; new ones come after them.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from tongban.ledger import events, kinds, log_of_ours, queries
from tongban.ledger.actions.linking import link
from tongban.ledger.queries.leaves import Waiting
from tongban.ledger.rules import canonical, tree
from tongban.ledger.rules.tiles import Edge, Place

NEWCOMERS = timedelta(minutes=10)
"""An event whose kind this release does not know was recorded by a newer one, whose sealer will know its chain."""
FRESH = timedelta(minutes=1)
"""Behind what has just happened the sealer hurries; what an earlier release has left it takes in without haste."""
logger = logging.getLogger("tongban.ledger")


@dataclass(frozen=True, slots=True)
class Grown:
    """What came of a round: how many leaves there are more, and whether to go on at once."""

    leaves: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """An event that becomes a leaf: its place, and what binds it."""

    waiting: Waiting
    salt: bytes
    commitment: bytes


def grow_once(*, now: datetime, limit: int = 4000) -> Grown:
    """Make leaves of the next events that have a position, and sign the tree.

    All of a batch is one transaction: leaves, full tiles, links and the checkpoint are there together or not at all.
    One sealer at a time: another returns with nothing done.
    """
    with transaction.atomic():
        if not _alone():
            return Grown()
        log_of_ours.refuse_strange_key()
        size = queries.tree_size()
        batch = _known(queries.waiting_for_tree(size, limit=limit), size, now)
        if not batch:
            return Grown()
        edge = queries.edge(size)
        leaves = _leaves(batch)
        _write_leaves(size, leaves)
        _write_tiles(list(edge.grow(tree.leaf_hash(leaf.commitment) for leaf in leaves)))
        _link(size, leaves)
        _write_checkpoint(edge, now)
    return Grown(len(batch), more=len(batch) == limit and batch[-1].happened_at > now - FRESH)


def _alone() -> bool:
    """Whether nobody else grows the tree until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('ledger.grow:' || current_schema(), 0))")
        return bool(cursor.fetchone()[0])


def _known(batch: Sequence[Waiting], size: int, now: datetime) -> Sequence[Waiting]:
    """Return what may be sealed: up to a gap in the positions, or to an event of a release newer than this one."""
    for place, waiting in enumerate(batch):
        if waiting.position != size + 1 + place:
            logger.error("the tree cannot grow: there is no event at position %s", size + 1 + place)
            return batch[:place]
        if events.class_of(waiting.event.kind) is None and waiting.happened_at > now - NEWCOMERS:
            return batch[:place]
    return batch


def _leaves(batch: Sequence[Waiting]) -> list[Leaf]:
    salts = os.urandom(canonical.SALT_BYTES * len(batch))
    leaves = []
    for place, waiting in enumerate(batch):
        salt = salts[place * canonical.SALT_BYTES : (place + 1) * canonical.SALT_BYTES]
        leaves.append(Leaf(waiting, salt, canonical.commitment(salt, canonical.text_of(waiting.event))))
    return leaves


def _write_leaves(size: int, leaves: Sequence[Leaf]) -> None:
    """Write them all by one statement that is given three values: it costs less than half of one for each row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_leaf (position, event_id, commitment, salt)
            SELECT %s + place, event_id, substr(whole.commitments, (place::int - 1) * 32 + 1, 32),
                substr(whole.salts, (place::int - 1) * 16 + 1, 16)
            FROM (SELECT %s::bytea AS commitments, %s::bytea AS salts) AS whole,
                unnest(%s::bigint[]) WITH ORDINALITY AS given (event_id, place)
            """,
            [
                size,
                b"".join(leaf.commitment for leaf in leaves),
                b"".join(leaf.salt for leaf in leaves),
                [leaf.waiting.event_id for leaf in leaves],
            ],
        )


def _write_tiles(full: Sequence[tuple[Place, bytes, bytes]]) -> None:
    if full:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ledger_tile (level, number, hashes, root) VALUES (%s, %s, %s, %s)",
                [(*place, hashes, root) for place, hashes, root in full],
            )


def _link(size: int, leaves: Sequence[Leaf]) -> None:
    """Put on their chains the events that are links."""
    if not kinds.CHAINED:
        return
    links = []
    for leaf in leaves:
        chain = chain_of_event(leaf.waiting)
        if chain is not None:
            links.append((chain, leaf.waiting.position, leaf.commitment))
    link(links, size=size)


def chain_of_event(waiting: Waiting) -> UUID | None:
    """Return the chain that an event is a link of, None when it is of none."""
    chained = kinds.CHAINED.get(waiting.event.kind)
    cls = events.class_of(waiting.event.kind)
    if chained is None or cls is None:
        return None
    return chained(events.read(cls, UUID(waiting.event.subject_id), waiting.data))


def _write_checkpoint(edge: Edge, now: datetime) -> None:
    """Sign the tree. The checkpoint before goes, unless it is the last of its minute or a witness has signed it."""
    signed = queries.signed(edge)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH before AS (SELECT size, made_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 1), dropped AS (
                DELETE FROM ledger_checkpoint WHERE size = (
                    SELECT size FROM before WHERE date_trunc('minute', made_at) = date_trunc('minute', %(now)s)
                        AND NOT EXISTS (SELECT FROM ledger_cosignature WHERE checkpoint_id = before.size)
                )
            )
            INSERT INTO ledger_checkpoint (size, root, key, note, made_at)
            VALUES (%(size)s, %(root)s, %(key)s, %(note)s, %(now)s)
            """,
            {"size": signed.size, "root": signed.root, "key": signed.key, "note": signed.own, "now": now},
        )
