"""State once a day how long each chain is: an omission would show in the next statement, or in none that was kept."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import events, log_of_ours
from tongban.ledger.actions.recording import record
from tongban.ledger.queries.stating import name_of_statements, tree_of_entries
from tongban.ledger.rules.notes import Checkpoint, Signer
from tongban.ledger.rules.tiles import Edge, Place

KEPT = timedelta(days=35)
"""Tiles of statements are kept so long: a chain is shown by the newest."""
_ENTRIES = """
    SELECT (SELECT COALESCE(max(position), 0) FROM ledger_leaf), pseudonym || int8send(count) || head
    FROM ledger_chain WHERE count > 0 ORDER BY pseudonym
"""
"""One statement, hence one state of all: `int8send` is the number in eight bytes, the highest first."""


def state_chains(day: date, *, now: datetime) -> bool:
    """State all chains as they stand, for a day, once. Returns whether it was done now.

    All is read and reckoned before anything is written: the sealer waits for whoever has begun to write.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_statement WHERE day = %s)", [day])
        if cursor.fetchone()[0]:
            return False
    seen: list[int] = []
    edge, tiles = tree_of_entries(_entries(seen))
    if not seen:
        return False
    try:
        with transaction.atomic():
            _write(day, seen[0], edge, tiles, now)
    except IntegrityError:  # another was faster
        return False
    return True


def _entries(seen: list[int]) -> Iterator[bytes]:
    """Go through the leaves of the statement, row by row as they come; `seen` is told how far the ledger had come."""
    with connection.cursor() as cursor:
        for size, entry in cursor.cursor.stream(_ENTRIES):
            if not seen:
                seen.append(size)
            yield bytes(entry)


def _write(day: date, size: int, edge: Edge, tiles: list[tuple[Place, bytes]], now: datetime) -> None:
    log_of_ours.refuse_strange_key()
    root = edge.root()
    more = (f"day {day.isoformat()}", f"ledger {size}")
    secret = log_of_ours.signer()
    note = Checkpoint(name_of_statements(), edge.size, root, more).signed(
        Signer(name_of_statements(), secret.kind, secret.secret)
    )
    told = events.ChainsStated(new_id(), day=day, size=size, chains=edge.size, root=root.hex())
    event_id = record(told, actor=SYSTEM, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_statement (day, size, chains, root, note, event_id, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [day, size, edge.size, root, note, event_id, now],
        )
        cursor.executemany(
            "INSERT INTO ledger_statementtile (statement_id, level, number, hashes) VALUES (%s, %s, %s, %s)",
            [(day, *place, hashes) for place, hashes in tiles],
        )
        cursor.execute("DELETE FROM ledger_statementtile WHERE statement_id < %s", [day - KEPT])
