"""Whether anything of the catalogue has changed."""

from django.db import connection

from tongban.base import clock

COUNTS_HOLD_SECONDS = 60
"""For so long at most what is used most stands in its old order: applications are counted without any other change."""

_CHANGES = "SELECT sum(changes)::bigint, string_agg(xmin::text, ' ' ORDER BY id) FROM catalogue_changecount"
"""With the transactions that counted last, so that no database put back to an earlier state is taken for another."""


def catalogue_revision() -> tuple[object, ...]:
    """Return what changes with each change of what lists and search show. One short query.

    Triggers count in the transaction of the change, each in a row that nobody else holds: a change is counted from its
    commit on, whoever made it, and no two who publish wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES)
        changes: tuple[int | None, str | None] | None = cursor.fetchone()
    return changes, int(clock.now().timestamp()) // COUNTS_HOLD_SECONDS
