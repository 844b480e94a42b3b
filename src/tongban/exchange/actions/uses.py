"""What is reckoned from the log: on which days which fields of a grant were used. And old counts are forgotten."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.exchange.models import RateMinute

KEPT = timedelta(hours=1)
_REACH = timedelta(days=1)
"""How far an id may lie from the instant of its look-up: it is made by the machine's clock a moment later."""
_NOTE = """
    INSERT INTO exchange_grantuse (grant_id, field, day, times)
    SELECT used.grant_id, field, %(day)s, count(*)
    FROM exchange_lookup AS used CROSS JOIN unnest(used.fields) AS field
    WHERE used.id >= %(first)s AND used.at >= %(begin)s AND used.at < %(end)s
        AND used.refused = '' AND used.secret_until IS NULL
    GROUP BY used.grant_id, field
    ON CONFLICT (grant_id, field, day) DO UPDATE SET times = excluded.times
"""


@transaction.atomic
def note_uses(*, now: datetime) -> None:
    """Reckon the uses of today and yesterday from the log; a second time it changes nothing.

    Look-ups under secrecy are left out: not even their number may show.
    """
    for day in (office_date(now) - timedelta(days=1), office_date(now)):
        begin = datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)
        first = uuid.UUID(int=int((begin - _REACH).timestamp() * 1000) << 80)
        values: dict[str, Any] = {"day": day, "begin": begin, "end": begin + timedelta(days=1), "first": first}
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, values)


@transaction.atomic
def forget_old_minutes(*, now: datetime) -> None:
    """Forget how many look-ups were handed out in minutes long gone."""
    RateMinute.objects.filter(minute__lt=now - KEPT).delete()
