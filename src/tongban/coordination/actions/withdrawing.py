"""An order issued in error is withdrawn: its number and its paper stay, marked void, and nobody has to answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.text import clean_line
from tongban.coordination import queries
from tongban.coordination.actions.orders import lock_order
from tongban.coordination.errors import NotComplete, NotYourTurn
from tongban.coordination.events import OrderWithdrawn
from tongban.coordination.models import Order
from tongban.ledger import actions as ledger
from tongban.papers import actions as papers

LONGEST_REASON = 300
"""As long as the note on a paper that is void."""


@transaction.atomic
def withdraw_order(*, actor: Actor, order: Order, reason: str, now: datetime) -> Order:
    """Withdraw an order that is open. Its clock ends; the paper says from now on that it is void, and why.

    By who supervises the office and is not of the post that must answer, or has issued it. The warning it followed
    from stands as long as it is so. Raises NotFound, NotComplete ("reason"), NotYourTurn for an order that is closed.
    """
    if not queries.takes_back(actor, queries.order_for(actor, order.id).order):
        raise NotFound
    text = clean_line(reason)[:LONGEST_REASON]
    if not text:
        raise NotComplete({"reason": [_("Please say why the order was issued in error.")]})
    locked = lock_order(order.id)
    if locked.state == Order.State.CLOSED:
        raise NotYourTurn
    locked.state, locked.withdrawn_why = Order.State.CLOSED, text
    locked.closed_at, locked.closed_by_id = now, actor.official_id
    locked.save(update_fields=["state", "withdrawn_why", "closed_at", "closed_by"])
    event = OrderWithdrawn(
        subject_id=locked.case_id, organisation_id=locked.organisation_id, order_id=locked.id, number=locked.number
    )
    ledger.record(event, actor=actor, now=now)
    papers.void(actor=actor, paper_id=locked.paper_id, reason=text, now=now)
    return locked
