"""Give everybody the view of what is held on themselves: by law, so that no office need grant it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from tongban.base.actor import SYSTEM
from tongban.exchange import actions as exchange
from tongban.exchange import queries as catalogue
from tongban.organisations import queries as organisations
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import Resource

YEARS = timedelta(days=10 * 365)
RENEWED_BEFORE = timedelta(days=30)
RATE = 6_000
"""Look-ups a minute of a whole city's residents for one register."""
FREE = ("unconditional", "conditional")


def give_own_views(*, now: datetime) -> int:
    """Give the own-data view of each resource in force that lacks it. Returns how many were given."""
    return sum(give_own_view(resource=resource, now=now) for resource in catalogue.resources())


@transaction.atomic
def give_own_view(*, resource: "Resource", now: datetime) -> bool:
    """Grant the service centre, for the person concerned, all of a resource that law does not keep back.

    A grant that names other fields is withdrawn: what a grant allows never changes. Returns whether one was given.
    """
    centre_id = organisations.service_centre_id()
    items = catalogue.items_of(resource)
    fields = tuple(item.code for item in items if item.sharing_class in FREE)
    if centre_id is None or not fields:
        return False
    lasting = False
    for grant in catalogue.grants_standing(own.PURPOSE, now=now):
        if grant.resource_id != resource.id:
            continue
        fits = set(grant.fields) == set(fields) and grant.consumer_id == centre_id
        if fits and grant.valid_until > now + RENEWED_BEFORE:
            lasting = True
        elif not fits:
            exchange.withdraw_grant(actor=SYSTEM, grant_id=grant.id, word="信息项已变更，重新授予本人查阅", now=now)
    if lasting:
        return False
    law, article = own.LAWS[resource.subject_kind]
    terms = exchange.GrantTerms(
        resource_id=resource.id,
        consumer_id=centre_id,
        fields=fields,
        purpose=own.PURPOSE,
        purpose_words=own.PURPOSE_WORDS,
        basis_law=law,
        basis_article=article,
        valid_from=now,
        valid_until=now + YEARS,
        rate_per_minute=RATE,
    )
    exchange.give_grant(actor=SYSTEM, terms=terms, now=now)
    return True
