"""Proposals to take unused fields out of grants, and grants that end soon."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange import queries as exchange
from tongban.sharing.models import DataRequest, UnusedFields
from tongban.sharing.queries.policy import policy
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import Grant


def proposals(actor: Actor) -> QuerySet[UnusedFields]:
    """Return the proposals for grants that the actor's offices give, the open ones first."""
    found = UnusedFields.objects.select_related("grant__resource__provider", "grant__consumer", "settled_by")
    found = found.order_by(F("settled_at").desc(nulls_first=True), "-proposed_at")
    if exchange.reviews(actor):
        return found
    return found.filter(grant__resource__provider_id__in=exchange.stewarded(actor))


def proposal_for(actor: Actor, proposal_id: UUID) -> UnusedFields:
    """Return a proposal that the actor may settle; raises NotFound."""
    found = proposals(actor).filter(id=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def ending_grants(actor: Actor, at: datetime) -> "list[Grant]":
    """Return the grants of the actor's offices that end soon, each with `asked_again`: whether that was done."""
    until = at + timedelta(days=policy().remind_days)
    ending = exchange.ending(after=at, until=until).filter(consumer_id__in=exchange.stewarded(actor))
    again = DataRequest.objects.filter(renews=OuterRef("id")).exclude(outcome=DataRequest.Outcome.WITHDRAWN)
    return list(ending.exclude(purpose=own.PURPOSE).annotate(asked_again=Exists(again))[:100])


def grant_to_renew(actor: Actor, grant_id: UUID) -> "Grant":
    """Return a grant that one of the actor's offices holds; raises NotFound."""
    held = exchange.grants(actor).filter(consumer_id__in=exchange.stewarded(actor), id=grant_id)
    found = held.select_related("resource__provider", "resource__in_force").first()
    if found is None:
        raise NotFound
    return found
