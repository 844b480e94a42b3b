"""Open look-ups whose secrecy is over, and extend the secrecy of others by order."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.text import clean_line
from tongban.exchange import errors
from tongban.exchange.events import LookUpOpened, SecrecyExtended
from tongban.exchange.models import LookUp, LookUpAnswer, Opening, SecrecyExtension
from tongban.exchange.queries.secrecy import due_for_opening, secret_look_up_for, secret_until
from tongban.ledger import actions as ledger

AT_ONCE = 500
LONGEST_ORDER = 200


def open_due(*, now: datetime, most: int = AT_ONCE) -> int:
    """Open look-ups whose secrecy is over: each joins the chain of its subject. Returns how many were opened.

    Whatever kills the process, one is opened together with its event, and never twice.
    """
    return sum(_opened(look_up, now) for look_up in due_for_opening(now)[:most])


@transaction.atomic
def _opened(look_up: LookUp, now: datetime) -> bool:
    _opening, is_new = Opening.objects.get_or_create(look_up_id=look_up.id, defaults={"opened_at": now})
    if not is_new:
        return False
    answer = LookUpAnswer.objects.filter(look_up_id=look_up.id).first()
    event = LookUpOpened(
        subject_id=look_up.id,
        chain=look_up.subject_key,
        resource_id=look_up.resource_id,
        grant_id=look_up.grant_id,
        outcome=look_up.refused or (answer.outcome if answer else ""),
    )
    ledger.record(event, actor=SYSTEM, now=now)
    return True


@transaction.atomic
def extend_secrecy(*, actor: Actor, look_up_id: UUID, until: datetime, order: str, now: datetime) -> SecrecyExtension:
    """Keep a look-up secret for longer, by an order. By data stewards of the office that asked, before its day.

    Raises NotFound (also once it is open: nobody hides what was shown), NotComplete ("until", "order").
    """
    look_up = secret_look_up_for(actor, look_up_id, now)
    standing, named = secret_until(look_up), clean_line(order)[:LONGEST_ORDER]
    problems: dict[str, list[str]] = {}
    if standing is None or until <= standing:
        problems["until"] = [_("Please choose a day after the one that is laid down already.")]
    if not named:
        problems["order"] = [_("Please name who ordered it, and by which paper.")]
    if problems:
        raise errors.NotComplete(problems)
    made = SecrecyExtension.objects.create(
        look_up=look_up, until=until, order=named, at=now, official_id=actor.official_id
    )
    ledger.record(SecrecyExtended(subject_id=look_up.id), actor=SYSTEM, now=now)
    return made
