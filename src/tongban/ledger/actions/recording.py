"""Record an event in the transaction of the change it tells of, and owe it to its handlers."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import MANY, Change, OutsideTransaction, many
from tongban.ledger import events, kinds

_COLUMNS = (
    "uid", "kind", "happened_at", "actor_kind", "account_id", "official_id", "post_id", "subject_kind", "subject_id",
    "data",
)  # fmt: skip
_INTO = f"INSERT INTO ledger_event ({', '.join(_COLUMNS)}, transaction)"
_HEAD = f"{_INTO} VALUES "
_POURED = f"""
    {_INTO} SELECT {", ".join(_COLUMNS)}, pg_current_xact_id()::text::bigint
    FROM json_populate_recordset(NULL::ledger_event, %s::json)
"""  # noqa: S608 - our own names
_EVENT = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, pg_current_xact_id()::text::bigint)"
"""The id of the running transaction tells the sealer who may still be writing."""
_OWED = """
    INSERT INTO ledger_owed (event_id, subject_id, tries, not_before, fault)
    SELECT id, subject_id, 0, NULL, '' FROM event
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event to be recorded: what happened, and who did it, an official by which post."""

    event: events.EventData
    actor: Actor
    post_id: UUID | None = None


def record(event: events.EventData, *, actor: Actor, now: datetime, post_id: UUID | None = None) -> int:
    """Write what happened, in the transaction of the change, and owe it to its handlers. Returns the event's id.

    One statement: the event, and with it (where a handler wants its kind) its row in what is owed. Neither is there
    without the other. Raises OutsideTransaction, UnfitEvent.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(event.kind)
    row = _row(Entry(event=event, actor=actor, post_id=post_id), now)
    written = f"{_HEAD}{_EVENT} RETURNING id"
    with connection.cursor() as cursor:
        if kinds.handlers_of(event.kind):
            cursor.execute(f"WITH event AS ({written}, subject_id) {_OWED} RETURNING event_id", row)
        else:
            cursor.execute(written, row)
        return int(cursor.fetchone()[0])


def recorded(*entries: Entry, now: datetime) -> Change:
    """Return what `record` writes for each entry, in their order, to be written with other changes.

    One statement again: all events, and of those whose kind a handler wants the rows in what is owed.
    Raises UnfitEvent.
    """
    wanted = sorted({entry.event.kind for entry in entries if kinds.handlers_of(entry.event.kind)})
    rows = [_row(entry, now) for entry in entries]
    if len(rows) < MANY:
        written, values = _HEAD + ", ".join([_EVENT] * len(rows)), [value for row in rows for value in row]
    else:
        written, values = _POURED, [many([dict(zip(_COLUMNS, row, strict=True)) for row in rows])]
    if not wanted:
        return Change(written, values)
    statement = f"WITH event AS ({written} RETURNING id, kind, subject_id) {_OWED} WHERE kind = ANY(%s)"
    return Change(statement, [*values, wanted])


def _row(entry: Entry, now: datetime) -> list[Any]:
    event, actor = entry.event, entry.actor
    return [
        new_id(),
        event.kind,
        now,
        actor.kind,
        actor.account_id,
        actor.official_id,
        entry.post_id,
        event.subject_kind,
        event.subject_id,
        Jsonb(events.write(event)),
    ]


_UID = """(
    %(event_ms)s || '7' || substr(random_hex, 1, 3)
        || substr('89ab', 1 + (get_byte(random_bytes, 31) & 3), 1) || substr(random_hex, 5, 15)
)::uuid"""
"""An id of the kind of `base.ids.new_id`, made by the database out of random bytes."""
_EVENTS = f"""
    INSERT INTO ledger_event (
        uid, kind, happened_at, actor_kind, account_id, official_id, post_id, subject_kind, subject_id, data,
        transaction
    )
    SELECT {_UID}, %(event_kind)s, %(event_at)s, %(event_actor)s, %(event_account)s, %(event_official)s, NULL,
        %(event_subject)s, subject_id, data, pg_current_xact_id()::text::bigint
    FROM (SELECT subject_id, data, sha256(%(event_seed)s || uuid_send(subject_id)) AS random_bytes FROM {{source}}) AS
        happened, LATERAL encode(random_bytes, 'hex') AS random_hex
    ORDER BY subject_id
    RETURNING id, subject_id
"""  # noqa: S608 - no text of anybody in it


def recording_of(
    event: type[events.EventData], source: str, *, actor: Actor, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Return the part of a statement that records an event for each row of a source, and its parameters.

    The source is a name in that statement; it has `subject_id` and `data`, the latter as `events.write` makes it, each
    subject once. The
    part returns `id` and `subject_id` of what is recorded. For changes of so many rows that none of them should pass
    through Python. Raises OutsideTransaction, and UnfitEvent for a kind that is owed to somebody.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(event.kind)
    if kinds.handlers_of(event.kind):
        message = f"{event.kind} is owed to handlers: a million at once would keep everybody else's news waiting"
        raise events.UnfitEvent(message)
    parameters = {
        "event_ms": f"{int(now.timestamp() * 1000):012x}",
        "event_seed": os.urandom(32),
        "event_kind": event.kind,
        "event_at": now,
        "event_actor": actor.kind,
        "event_account": actor.account_id,
        "event_official": actor.official_id,
        "event_subject": event.subject_kind,
    }
    return _EVENTS.format(source=source), parameters
