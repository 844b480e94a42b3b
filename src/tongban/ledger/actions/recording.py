"""Record an event in the transaction of the change it tells of, and owe it to its handlers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import Change, OutsideTransaction
from tongban.ledger import events, kinds

_HEAD = """
    INSERT INTO ledger_event (
        uid, kind, happened_at, actor_kind, account_id, official_id, post_id, subject_kind, subject_id, data,
        transaction
    )
    VALUES """
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
    written = _HEAD + ", ".join([_EVENT] * len(entries))
    values = [value for entry in entries for value in _row(entry, now)]
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


_EVENTS = """
    INSERT INTO ledger_event (
        uid, kind, happened_at, actor_kind, account_id, official_id, post_id, subject_kind, subject_id, data,
        transaction
    )
    SELECT uid, %s, %s, %s, %s, %s, NULL, %s, subject_id, data, pg_current_xact_id()::text::bigint
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[]::jsonb[]) AS happened (uid, subject_id, data)
    RETURNING id, subject_id
"""
_EVENTS_OWED = f"""
    WITH event AS ({_EVENTS})
    INSERT INTO ledger_owed (event_id, subject_id, tries, not_before, fault)
    SELECT id, subject_id, 0, NULL, '' FROM event
    RETURNING event_id, subject_id
"""  # noqa: S608 - no text of anybody in it


def record_all(happened: Sequence[events.EventData], *, actor: Actor, now: datetime) -> dict[UUID, int]:
    """Write many events of one kind in one statement, each of another subject; returns their ids by subject.

    As `record` does one. Raises OutsideTransaction, UnfitEvent, ValueError for events of several kinds.
    """
    if not happened:
        return {}
    kind, subject_kind = happened[0].kind, happened[0].subject_kind
    if any(type(event) is not type(happened[0]) for event in happened):
        message = "events of several kinds are recorded one by one"
        raise ValueError(message)
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            _EVENTS_OWED if kinds.handlers_of(kind) else _EVENTS,
            [
                kind,
                now,
                actor.kind,
                actor.account_id,
                actor.official_id,
                subject_kind,
                [new_id() for _event in happened],
                [event.subject_id for event in happened],
                [json.dumps(events.write(event), ensure_ascii=False) for event in happened],
            ],
        )
        return {subject_id: int(event_id) for event_id, subject_id in cursor.fetchall()}
