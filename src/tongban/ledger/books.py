"""What must agree in the ledger: every event sealed in its place, and handled once by each who is owed it."""

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.ledger import kinds


@comparison("ledger.positions", holds="Positions of events run from 1 without gap or double")
def positions(look: Look) -> Disagreements:
    """Count first; look for the gaps only when there are some."""
    return ask(
        look,
        """
        SELECT 'position ' || place.position || ' follows ' || place.before
        FROM (
            SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before
            FROM ledger_event
            WHERE position IS NOT NULL AND (
                SELECT count(position) <> COALESCE(max(position), 0) OR min(position) < 1 FROM ledger_event
            )
        ) AS place
        WHERE place.position <> place.before + 1
        """,
    )


@comparison("ledger.sealed", holds="Every event has its position, unless it happened a moment ago")
def sealed(look: Look) -> Disagreements:
    """Find what the sealer has passed over."""
    return ask(
        look,
        """
        SELECT 'event ' || id || ' ' || kind || ' of ' || to_char(happened_at, 'YYYY-MM-DD HH24:MI:SS') || ' not sealed'
        FROM ledger_event WHERE position IS NULL AND happened_at < %(settled_by)s
        """,
    )


@comparison("ledger.handled", holds="Every event was handled by each handler that is owed it")
def handled(look: Look) -> Disagreements:
    """Find what a handler missed: all since it began, but for what happened a moment ago.

    A handler begins with the events after its `began_after`; a place of an earlier release does not say where, and
    then only what lies beyond its place is looked at. One that no sweep has seen yet is owed nothing so far.
    """
    handlers = kinds.HANDLERS.values()
    return ask(
        look,
        """
        SELECT 'event ' || event.id || ' ' || event.kind || ' not handled by ' || owed.handler
        FROM (
            SELECT wanted.kind, wanted.handler, CASE
                WHEN place.handler IS NOT NULL THEN COALESCE(place.began_after, place.position)
                WHEN NOT EXISTS (SELECT FROM ledger_handlerplace) THEN 0
                END AS began_after
            FROM unnest(%(kinds)s::text[], %(handlers)s::text[]) AS wanted (kind, handler)
            LEFT JOIN ledger_handlerplace AS place ON place.handler = wanted.handler
        ) AS owed
        JOIN ledger_event AS event ON event.kind = owed.kind
            AND (event.position IS NULL OR event.position > owed.began_after)
        LEFT JOIN ledger_handled AS handled ON handled.event_id = event.id AND handled.handler = owed.handler
        WHERE owed.began_after IS NOT NULL AND handled.event_id IS NULL AND event.happened_at < %(settled_by)s
        """,
        {"kinds": [one.kind for one in handlers], "handlers": [one.name for one in handlers]},
    )


@comparison("ledger.handled_by_right", holds="No event was handled by a handler that does not want it")
def handled_by_right(look: Look) -> Disagreements:
    """Find marks of a handler on events of another kind; that there is only one mark of each, the table sees to."""
    handlers = kinds.HANDLERS.values()
    return ask(
        look,
        """
        SELECT 'event ' || handled.event_id || ' ' || event.kind || ' marked by ' || handled.handler
        FROM ledger_handled AS handled
        JOIN unnest(%(kinds)s::text[], %(handlers)s::text[]) AS wanted (kind, handler)
            ON wanted.handler = handled.handler
        JOIN ledger_event AS event ON event.id = handled.event_id
        WHERE event.kind <> wanted.kind
        """,
        {"kinds": [one.kind for one in handlers], "handlers": [one.name for one in handlers]},
    )
