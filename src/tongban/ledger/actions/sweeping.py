"""Owe again what fell through, and remember how far each handler has had everything."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from tongban.ledger import kinds, queries

GRACE = timedelta(minutes=1)
"""An event younger than this was recorded with what it owes; the sweep leaves it alone."""


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Owe again what was sealed but never handled and is not owed any more. Returns how many events.

    That happens to events of a release that kept what is owed elsewhere, and to what was taken back by hand. A handler
    that is new begins with the events after the first sweep that saw it: it is not told of old ones.
    """
    _begin_new_handlers()
    missed = queries.owed(limit=limit, until=now - GRACE, sealed_after=_lowest_place(), missed=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_owed (event_id, subject_id, tries, not_before, fault)
            SELECT id, subject_id, 0, NULL, '' FROM ledger_event WHERE id = ANY(%s)
            ON CONFLICT DO NOTHING
            """,
            [missed],
        )
        deferred = int(cursor.rowcount)
    _move_places_on()
    return deferred


def _begin_new_handlers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_handlerplace (handler, position, began_after)
            SELECT wanted.handler, begin.place, begin.place
            FROM unnest(%s::text[]) AS wanted (handler), (
                SELECT CASE WHEN EXISTS (SELECT FROM ledger_handlerplace)
                    THEN (SELECT COALESCE(max(position), 0) FROM ledger_event) ELSE 0 END AS place
            ) AS begin
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
