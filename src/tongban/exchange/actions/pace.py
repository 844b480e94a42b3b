"""How many look-ups a grant allows in a minute: never more, whatever processes there are.

A process takes permits of a minute from the database in small lots and hands them out from memory, so that a thousand
look-ups a second do not all wait for one row. Seldom used grants take one at a time: there the count is exact from both
sides. What is left of a lot when the minute ends is lost: at most a fiftieth of the rate in each process.
"""

import threading
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from tongban.exchange.models import Grant

LOTS = 50
"""Lots in which the permits of a minute are taken."""
_lock = threading.Lock()
_kept: dict[tuple[str, UUID], tuple[datetime, int]] = {}
_TAKE = """
    INSERT INTO exchange_rateminute (grant_id, minute, taken) VALUES (%(grant)s, %(minute)s, least(%(lot)s, %(rate)s))
    ON CONFLICT (grant_id, minute) DO UPDATE SET taken = least(%(rate)s, exchange_rateminute.taken + %(lot)s)
        WHERE exchange_rateminute.taken < %(rate)s
    RETURNING taken
"""


def take(grant: "Grant", now: datetime) -> int:
    """Take a permit, within the transaction of the look-up; returns 0, or in how many seconds there will be one."""
    minute = now.replace(second=0, microsecond=0)
    if _from_memory(grant.id, minute):
        return 0
    got = _from_database(grant, minute)
    if got > 1:
        transaction.on_commit(partial(_keep, grant.id, minute, got - 1))
    return 0 if got else max(1, int((minute + timedelta(minutes=1) - now).total_seconds()))


def _place(grant_id: UUID) -> tuple[str, UUID]:
    return (str(settings.TONGBAN_SCHEMA), grant_id)


def _from_memory(grant_id: UUID, minute: datetime) -> bool:
    with _lock:
        of, left = _kept.get(_place(grant_id), (minute, 0))
        if of != minute or left == 0:
            return False
        _kept[_place(grant_id)] = (minute, left - 1)
        return True


def _keep(grant_id: UUID, minute: datetime, more: int) -> None:
    with _lock:
        of, left = _kept.get(_place(grant_id), (minute, 0))
        _kept[_place(grant_id)] = (minute, more + (left if of == minute else 0))


def _from_database(grant: "Grant", minute: datetime) -> int:
    """Return how many permits were taken: a lot, the rest, or none. The rate of a grant never changes."""
    rate = grant.rate_per_minute
    lot = max(1, rate // LOTS)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"grant": grant.id, "minute": minute, "lot": lot, "rate": rate})
        row = cursor.fetchone()
    if row is None:
        return 0
    return lot if row[0] < rate else rate - (rate - 1) // lot * lot
