"""What the previous release still writes, in a table that no model of this one has any more."""

from datetime import datetime

from django.db import connection


def forget_input_of_previous_release(*, now: datetime) -> int:
    """Forget what it kept of pages whose session had expired, when its two hours are over; returns how many.

    Its own worker did this; once that has stopped nobody else would. Goes with the table (see `docs/next.md`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('applications_heldinput') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("DELETE FROM applications_heldinput WHERE expires_at <= %s", [now])
        return int(cursor.rowcount)
