"""Give committed events their position, which is the only safe place to read on from."""

from django.db import connection, transaction

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
