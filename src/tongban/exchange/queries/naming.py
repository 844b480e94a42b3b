"""Numbers that are known here by a key: which could be named anew, and which nobody holds."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from tongban.accounts import queries as accounts
from tongban.exchange.queries.looking import enterprise_indexes

_UNNAMED = """
    SELECT count(*) FROM (
        SELECT DISTINCT subject_key FROM exchange_lookup WHERE subject_key IS NOT NULL
        UNION
        SELECT DISTINCT here.subject_key FROM exchange_droprow AS here
        JOIN exchange_dropload AS load ON load.id = here.load_id
        WHERE load.in_force_since IS NOT NULL AND load.ended_at IS NULL
    ) AS known
    WHERE NOT EXISTS (
        SELECT FROM accounts_knownnumber AS named WHERE named.key = known.subject_key AND named.number = %s
    )
"""


def enterprise_numbers() -> Iterator[dict[int, bytes]]:
    """Give the indexes of the code of each enterprise."""
    codes = accounts.enterprises().order_by("id").values_list("credit_code", flat=True)
    return (enterprise_indexes(code) for code in codes)


def unnamed() -> int:
    """Return how many were looked up or came in a file by a number that nobody here holds."""
    with connection.cursor() as cursor:
        cursor.execute(_UNNAMED, [max(settings.TONGBAN_INDEX_KEYS)])
        return int(cursor.fetchone()[0])
