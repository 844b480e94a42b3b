"""Take fields out of a grant that nobody uses. What a grant allows never changes, so another takes its place."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.exchange import errors
from tongban.exchange.actions.granting import GrantTerms, give_grant, withdraw_grant
from tongban.exchange.models import Grant


@transaction.atomic
def narrow_grant(*, actor: Actor, grant_id: UUID, fields: Collection[str], word: str, now: datetime) -> Grant | None:
    """Withdraw a grant and give one without these fields for the rest of its time; None when no field is left.

    Systems that name the grant by its id must name the new one; who names resource and purpose notices nothing.
    Raises NotFound, NotYours, NotInThisState (not active, or over), NotComplete ("fields", "word").
    """
    old = withdraw_grant(actor=actor, grant_id=grant_id, word=word, now=now)
    if not fields or not set(fields) <= set(old.fields):
        raise errors.NotComplete({"fields": [_("Please choose fields of this grant.")]})
    if old.valid_until <= now:
        raise errors.NotInThisState
    left = tuple(code for code in old.fields if code not in fields)
    return give_grant(actor=actor, terms=_rest(old, left, now), now=now) if left else None


def _rest(old: Grant, fields: tuple[str, ...], now: datetime) -> GrantTerms:
    return GrantTerms(
        resource_id=old.resource_id,
        fields=fields,
        purpose=old.purpose,
        purpose_words=old.purpose_words,
        basis_law=old.basis_law,
        basis_article=old.basis_article,
        valid_from=max(old.valid_from, now),
        valid_until=old.valid_until,
        rate_per_minute=old.rate_per_minute,
        consumer_id=old.consumer_id,
        consumer_system=old.consumer_system,
        row_filter=tuple(old.row_filter),
        items_served=tuple(old.items_served),
        standing=old.standing,
        may_be_secret=old.may_be_secret,
    )
