"""What is reckoned from the log: on which days which fields of a grant were used. And old counts are forgotten."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.base.rows import write
from tongban.exchange.actions.ending import ending
from tongban.exchange.models import LookUp, LookUpAnswer, RateMinute

KEPT = timedelta(hours=1)
PATIENCE = timedelta(minutes=10)
"""No source outside is waited for as long."""
LOOKED_BACK = timedelta(days=7)
"""How long a worker may have stood still."""
AT_ONCE = 200
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

_NOTE_DAY = """
    INSERT INTO exchange_grantday (grant_id, day, look_ups)
    SELECT used.grant_id, %(day)s, count(*)
    FROM exchange_lookup AS used
    WHERE used.id >= %(first)s AND used.at >= %(begin)s AND used.at < %(end)s
        AND used.refused = '' AND used.secret_until IS NULL
    GROUP BY used.grant_id
    ON CONFLICT (grant_id, day) DO UPDATE SET look_ups = excluded.look_ups
"""


@transaction.atomic
def note_uses(*, now: datetime) -> None:
    """Reckon the uses of today and yesterday from the log; a second time it changes nothing.

    Look-ups under secrecy are left out: not even their number may show.
    """
    for day in (office_date(now) - timedelta(days=1), office_date(now)):
        begin = datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)
        values: dict[str, Any] = {"day": day, "begin": begin, "end": begin + timedelta(days=1)}
        values["first"] = _first_id(begin - _REACH)
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, values)
            cursor.execute(_NOTE_DAY, values)


def _first_id(instant: datetime) -> uuid.UUID:
    """Return the smallest id that can have been made at an instant or later: ids begin with the time."""
    return uuid.UUID(int=int(instant.timestamp() * 1000) << 80)


@transaction.atomic
def close_unanswered(*, now: datetime) -> int:
    """Close look-ups whose process died while it waited for a source outside; returns how many.

    The source was asked, so the look-up belongs into the record of its subject, though no answer left the house.
    """
    recent = LookUp.objects.filter(id__gte=_first_id(now - LOOKED_BACK))
    left = recent.filter(refused="", answer__isnull=True, at__lt=now - PATIENCE)
    rows = list(left.select_related("resource")[:AT_ONCE])
    for row in rows:
        write(*ending(row, LookUpAnswer.Outcome.UNAVAILABLE, (), (), actor=SYSTEM, now=now))
    return len(rows)


@transaction.atomic
def forget_old_minutes(*, now: datetime) -> None:
    """Forget how many look-ups were handed out in minutes long gone."""
    RateMinute.objects.filter(minute__lt=now - KEPT).delete()
