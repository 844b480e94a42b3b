"""Erase salts: after that nobody can show which events their leaves stand for, and every proof of others stands."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import in_transaction
from tongban.ledger.actions.recording import record
from tongban.ledger.events import SaltsErased

AT_ONCE = 500
"""Positions told by one event."""


def erase_salts(*, subject_kind: str, subject_id: UUID, actor: Actor, now: datetime) -> int:
    """Erase the salts of all sealed events of a subject, and record that it was done. Returns how many.

    For what a law or a court wants to be forgotten: the rows of the events stay, but from then on they are not proven.
    Without that record, verification would take the missing salt for an attempt to hide a change.
    """
    with in_transaction():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE ledger_leaf AS leaf SET salt = NULL FROM ledger_event AS event
                WHERE event.subject_kind = %s AND event.subject_id = %s AND leaf.position = event.position
                    AND leaf.salt IS NOT NULL
                RETURNING leaf.position
                """,
                [subject_kind, subject_id],
            )
            positions = sorted(row[0] for row in cursor.fetchall())
        for begin in range(0, len(positions), AT_ONCE):
            told = SaltsErased(new_id(), positions=tuple(positions[begin : begin + AT_ONCE]))
            record(told, actor=actor, now=now)
    return len(positions)
