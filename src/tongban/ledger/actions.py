"""What may be done to the ledger: record, hand on, seal. Nothing is ever changed or taken out."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.functions import Cast
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tongban.base.actor import Actor
from tongban.ledger import events, kinds, queries
from tongban.ledger.models import Event

HANDLE = "ledger.handle"
"""Name of the job that hands an event to its handlers; it is in `tasks.py`."""
GRACE = timedelta(minutes=1)
"""An event younger than this has its job in the queue; the sweep leaves it alone."""

logger = logging.getLogger("tongban.ledger")


class OutsideTransaction(RuntimeError):  # noqa: N818 - says what is wrong
    """An event must be recorded in the transaction of the change it tells of."""


class NotAllHandled(Exception):  # noqa: N818 - says how it ended
    """Some handlers failed; what they had begun is undone, and they will be tried again."""


class _ThisTransaction(models.Func):
    """Id of the running transaction, which tells the sealer who may still be writing."""

    function = "pg_current_xact_id"
    arity = 0


def record(event: events.EventData, *, actor: Actor, now: datetime, post_id: UUID | None = None) -> int:
    """Write what happened, in the transaction of the change, and owe it to its handlers. Returns the event's id.

    Two statements at most: the event, and (where a handler wants its kind) the job. Jobs about one subject run one
    after the other, so that news of a case arrive in order. Raises OutsideTransaction, UnfitEvent.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(event.kind)
    row = Event.objects.create(
        kind=event.kind,
        happened_at=now,
        actor_kind=actor.kind,
        account_id=actor.account_id,
        official_id=actor.official_id,
        post_id=post_id,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        data=events.write(event),
        transaction=Cast(Cast(_ThisTransaction(), models.TextField()), models.BigIntegerField()),
    )
    if kinds.handlers_of(event.kind):
        _defer(row.id, event.subject_kind, event.subject_id)
    return row.id


def _defer(event_id: int, subject_kind: str, subject_id: UUID) -> None:
    job = app.configure_task(
        HANDLE,
        lock=f"{subject_kind}:{subject_id}",
        queueing_lock=f"event:{event_id}",
        allow_unknown=True,
    )
    job.defer(event_id=event_id)


def handle_event(event_id: int, *, now: datetime) -> int:
    """Hand an event to each of its handlers that has not had it. Returns how many had it now.

    Each handler's effect and the mark that it is done are one transaction: exactly once in effect, whatever dies. A
    handler that fails does not keep the others from theirs; raises NotAllHandled after the last.
    """
    happened = queries.recorded(Event.objects.get(id=event_id))
    done, failed = 0, []
    for handler in kinds.handlers_of(happened.kind):
        try:
            done += _handle_once(handler, happened, now)
        except Exception as fault:  # the worker's loop: whatever it was, it is told and tried again
            logger.exception("handler=%s event=%s fault=%s", handler.name, event_id, type(fault).__name__)
            failed.append(fault)
    if failed:
        raise NotAllHandled(event_id) from failed[0]
    return done


def handle_pending(*, now: datetime, limit: int = 200) -> int:
    """Hand on what is owed, oldest first. Returns how many effects there were. A handler's exception goes through."""
    done = 0
    for event_id in queries.owed(limit=limit):
        happened = queries.recorded(Event.objects.get(id=event_id))
        done += sum(_handle_once(handler, happened, now) for handler in kinds.handlers_of(happened.kind))
    return done


def drain(now: datetime) -> int:
    """Hand on all that is owed, what the handlers record in turn too: for tests and for loading a demo city."""
    total = 0
    while done := handle_pending(now=now):
        total += done
    return total


def _handle_once(handler: kinds.Handler, happened: events.RecordedEvent, now: datetime) -> bool:
    event = happened.event
    if event is None:
        return False
    with transaction.atomic():
        if not _mark_handled(happened.id, handler.name, now):
            return False
        handler.handle(event, recorded=happened, now=now)
    return True


def _mark_handled(event_id: int, handler: str, now: datetime) -> bool:
    """Whether the mark is ours. Another worker that is at it makes us wait until it has ended, one way or the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_handled (event_id, handler, handled_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [event_id, handler, now],
        )
        return bool(cursor.rowcount)


_SEAL = """
    WITH here AS MATERIALIZED (
        SELECT pg_snapshot_xmin(snapshot)::text::bigint AS low, pg_snapshot_xmax(snapshot)::text::bigint AS high
        FROM pg_current_snapshot() AS snapshot
    ), waiting AS MATERIALIZED (
        SELECT event.id, event.transaction >= here.low AND event.transaction < here.high AS too_early
        FROM ledger_event AS event, here
        WHERE event.position IS NULL
        ORDER BY event.id
        LIMIT %(limit)s
    ), ready AS (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM waiting
        WHERE id < COALESCE((SELECT min(id) FROM waiting WHERE too_early), 9223372036854775807)
    )
    UPDATE ledger_event AS event
    SET position = (SELECT COALESCE(max(position), 0) FROM ledger_event) + ready.place
    FROM ready
    WHERE event.id = ready.id
"""


def seal_once(*, limit: int = 1000) -> int:
    """Give the next positions to committed events that no running transaction can still precede. Returns how many.

    An event waits while a transaction older than its own is running, and while an event before it (by id) waits: one
    that was committed when another was written so comes first, and whoever reads on from a position misses none.
    An event whose transaction lies in the future came with a restored dump: its writer is certainly not running.
    One sealer at a time: another returns 0.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('ledger.seal:' || current_schema(), 0))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_SEAL, {"limit": limit})
        return int(cursor.rowcount)


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Owe again what was sealed but never handled (its job was lost or given up). Returns how many jobs were deferred.

    A handler that is new begins with the events after the first sweep that saw it: it is not told of old ones.
    """
    _begin_new_handlers()
    deferred = 0
    for event_id in queries.owed(limit=limit, until=now - GRACE, sealed_after=_lowest_place()):
        deferred += _defer_again(event_id)
    _move_places_on()
    return deferred


def _defer_again(event_id: int) -> bool:
    event = Event.objects.only("subject_kind", "subject_id").get(id=event_id)
    try:
        with transaction.atomic():
            _defer(event_id, event.subject_kind, event.subject_id)
    except AlreadyEnqueued:
        return False
    return True


def _begin_new_handlers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_handlerplace (handler, position)
            SELECT wanted.handler, CASE WHEN EXISTS (SELECT FROM ledger_handlerplace)
                THEN (SELECT COALESCE(max(position), 0) FROM ledger_event) ELSE 0 END
            FROM unnest(%s::text[]) AS wanted (handler)
            ON CONFLICT DO NOTHING
            """,
            [_names(kinds.HANDLERS.values())],
        )


def _names(handlers: Iterable[kinds.Handler]) -> list[str]:
    return [handler.name for handler in handlers]


def _lowest_place() -> int:
    """Every event up to here is handled by all; only what lies beyond is looked through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(min(position), 0) FROM ledger_handlerplace WHERE handler = ANY(%s)",
            [_names(kinds.HANDLERS.values())],
        )
        return int(cursor.fetchone()[0])


def _move_places_on() -> None:
    handlers = kinds.HANDLERS.values()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledger_handlerplace AS place
            SET position = COALESCE(
                (
                    SELECT min(event.position) - 1
                    FROM ledger_event AS event
                    WHERE event.position > place.position AND event.kind = wanted.kind
                      AND NOT EXISTS (
                        SELECT FROM ledger_handled AS handled
                        WHERE handled.event_id = event.id AND handled.handler = place.handler
                      )
                ),
                GREATEST(place.position, (SELECT COALESCE(max(position), 0) FROM ledger_event))
            )
            FROM unnest(%s::text[], %s::text[]) AS wanted (kind, handler)
            WHERE wanted.handler = place.handler
            """,
            [[handler.kind for handler in handlers], _names(handlers)],
        )
