"""Put events on the chains of those whom they concern."""

import os
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from tongban.ledger import kinds
from tongban.ledger.rules import canonical, chains

NewLink = tuple[UUID, int, bytes]
"""Chain, position and commitment of an event."""


def link(links: Sequence[NewLink], *, size: int) -> None:
    """Write links, in the order of their positions, and move the heads of their chains on. Only the sealer calls it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_chainedkind (kind, since) SELECT kind, %s FROM unnest(%s::text[]) AS kind"
            " ON CONFLICT DO NOTHING",
            [size, sorted(kinds.CHAINED)],
        )
        if not links:
            return
        heads = _heads(cursor, links)
        rows: list[tuple[int, UUID, int, bytes]] = []
        for chain, position, commitment in links:
            count, head = heads[chain]
            heads[chain] = count + 1, chains.link(head, count + 1, commitment)
            rows.append((position, chain, *heads[chain]))
        positions, keys, numbers, hashes = zip(*rows, strict=True)
        cursor.execute(
            "INSERT INTO ledger_chainlink (position, chain_id, number, hash)"
            " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bytea[])",
            [list(positions), list(keys), list(numbers), list(hashes)],
        )
        cursor.execute(
            "UPDATE ledger_chain AS chain SET count = new.count, head = new.head"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS new (key, count, head) WHERE chain.key = new.key",
            [list(heads), [count for count, _head in heads.values()], [head for _count, head in heads.values()]],
        )


def _heads(cursor: CursorWrapper, links: Sequence[NewLink]) -> dict[UUID, tuple[int, bytes]]:
    """Return count and head of the chains; those that are new begin with their pseudonym."""
    begun: dict[UUID, int] = {}
    for chain, position, _commitment in links:
        begun.setdefault(chain, position)
    salts = {chain: os.urandom(canonical.SALT_BYTES) for chain in begun}
    names = {chain: chains.pseudonym(salt, chain) for chain, salt in salts.items()}
    cursor.execute(
        """
        INSERT INTO ledger_chain (key, salt, pseudonym, begun, count, head)
        SELECT key, salt, name, begun, 0, name
        FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[], %s::bigint[]) AS new (key, salt, name, begun)
        ON CONFLICT (key) DO NOTHING
        """,
        [list(begun), list(salts.values()), list(names.values()), list(begun.values())],
    )
    cursor.execute("SELECT key, count, head FROM ledger_chain WHERE key = ANY(%s)", [list(begun)])
    return {key: (count, bytes(head)) for key, count, head in cursor.fetchall()}
