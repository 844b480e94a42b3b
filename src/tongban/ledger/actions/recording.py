"""Record an event in the transaction of the change it tells of, and owe it to its handlers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import OutsideTransaction
from tongban.ledger import events, kinds

_EVENT = """
    INSERT INTO ledger_event (
        uid, kind, happened_at, actor_kind, account_id, official_id, post_id, subject_kind, subject_id, data,
        transaction
    )
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, pg_current_xact_id()::text::bigint)
    RETURNING id
"""
"""The id of the running transaction tells the sealer who may still be writing."""
_EVENT_OWED = f"""
    WITH event AS ({_EVENT})
    INSERT INTO ledger_owed (event_id, subject_id, tries, not_before, fault)
    SELECT id, %s, 0, NULL, '' FROM event
    RETURNING event_id
"""  # noqa: S608 - no text of anybody in it


def record(event: events.EventData, *, actor: Actor, now: datetime, post_id: UUID | None = None) -> int:
    """Write what happened, in the transaction of the change, and owe it to its handlers. Returns the event's id.

    One statement: the event, and with it (where a handler wants its kind) its row in what is owed. Neither is there
    without the other. Raises OutsideTransaction, UnfitEvent.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(event.kind)
    row: list[Any] = [
        new_id(),
        event.kind,
        now,
        actor.kind,
        actor.account_id,
        actor.official_id,
        post_id,
        event.subject_kind,
        event.subject_id,
        Jsonb(events.write(event)),
    ]
    with connection.cursor() as cursor:
        if kinds.handlers_of(event.kind):
            cursor.execute(_EVENT_OWED, [*row, event.subject_id])
        else:
            cursor.execute(_EVENT, row)
        return int(cursor.fetchone()[0])
