"""Read what registers hold on somebody through the gate, and note who read whose log."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.exchange import actions as exchange
from tongban.exchange import errors as refusals
from tongban.exchange.rules.calls import About, Answer, Call, CaseReference
from tongban.ledger import actions as ledger
from tongban.sharing import errors
from tongban.sharing.events import OwnLogRead
from tongban.sharing.models import LogReading
from tongban.sharing.queries.held import Held
from tongban.sharing.queries.whose import Whose
from tongban.sharing.rules import own

KEPT = timedelta(days=3 * 365)
"""How long it is kept who read whose log on which day; the ledger keeps that it was read."""
_COUNT = """
    INSERT INTO sharing_logreading (subject_key, account_id, day, times, last_at) VALUES (%s, %s, %s, 1, %s)
    ON CONFLICT (subject_key, account_id, day) DO UPDATE
    SET times = sharing_logreading.times + 1, last_at = EXCLUDED.last_at
"""


def read_held(*, actor: Actor, whose: Whose, held: Held, fields: Sequence[str], now: datetime) -> Answer:
    """Return what a register holds on somebody, of these fields. The look-up stands in their log at once.

    Raises IdentityNotSeen, NotOpenToYou, RegisterAway, and RateExceeded of the gate.
    """
    if not whose.is_sure:
        raise errors.IdentityNotSeen
    kind = own.PRESENT if whose.relation == "window" else own.REFERENCE
    call = Call(
        about=About(kind=whose.kind, id=whose.id),
        fields=tuple(fields),
        purpose=own.PURPOSE,
        reference=CaseReference(str(whose.id), kind=kind),
        resource=held.resource.slug,
    )
    try:
        return exchange.look_up(call=call, actor=actor, now=now)
    except refusals.RateExceeded:
        raise
    except refusals.SourceUnavailable as away:
        raise errors.RegisterAway from away
    except refusals.LookUpRefused as refused:
        raise errors.NotOpenToYou from refused


@transaction.atomic
def note_reading(*, actor: Actor, whose: Whose, now: datetime) -> None:
    """Note that somebody reads who looked at a person or an enterprise. Raises IdentityNotSeen."""
    if not whose.is_sure:
        raise errors.IdentityNotSeen
    key = exchange.settled([whose.subject])[0].key
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, actor.account_id, office_date(now), now])
    ledger.record(OwnLogRead(subject_id=key, as_whom=whose.relation), actor=actor, now=now)


def forget_old_readings(*, now: datetime) -> int:
    """Forget who read whose log long ago."""
    gone, _each = LogReading.objects.filter(day__lt=office_date(now - KEPT)).delete()
    return gone
