"""Put a new version of a part of the calendar into force. One at a time; what was before stays to be looked at."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tongban.base.actor import Actor
from tongban.base.errors import Forbidden
from tongban.calendar.models import CalendarVersion
from tongban.organisations import queries as organisations

MANAGER, OPERATOR = "item_manager", "operator"


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless the actor may change the calendar, which is one for all offices.

    Item managers 事项管理员 of the service centre, as for the tables of clocks; operators; the system. Where there is
    no service centre, item managers of any office.
    """
    if actor.kind == "system" or actor.has_role(OPERATOR):
        return
    centre = organisations.service_centre_id()
    if not (actor.has_role(MANAGER, centre) if centre is not None else actor.has_role(MANAGER)):
        raise Forbidden


def one_at_a_time() -> None:
    """Wait until nobody else changes the calendar, and let others wait until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('calendar:' || current_schema(), 0))")


def put(*, part: int, content: Sequence[Any], source: str, actor: Actor, now: datetime) -> CalendarVersion | None:
    """Make a content the newest version of a part, and put it into force; None when it says the same as before."""
    digest = digest_of(content)
    latest = CalendarVersion.objects.filter(part=part).order_by("-version").first()
    if latest is not None and latest.in_force and latest.digest == digest:
        return None
    CalendarVersion.objects.filter(part=part, in_force=True).update(in_force=False)
    return CalendarVersion.objects.create(
        part=part,
        version=latest.version + 1 if latest else 1,
        digest=digest,
        content=list(content),
        source=source,
        published_at=now,
        published_by_id=actor.official_id,
    )


def digest_of(content: Sequence[Any]) -> str:
    """Return the SHA-256 of a content in a fixed form."""
    return hashlib.sha256(json.dumps(list(content), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def replaced(versions: Sequence[CalendarVersion], row: CalendarVersion) -> list[CalendarVersion]:
    """Return versions with one in the place of the other of its part."""
    return [*(one for one in versions if one.part != row.part), row]
