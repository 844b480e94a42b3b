"""The feed is read out of the ledger by sealed positions, so that a change committed late is not missed."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once, together
from tongban.base.errors import TooMany
from tongban.exchange.actions import pace
from tongban.exchange.models import FeedChange, FeedPlace
from tongban.exchange.providers import CHANGES
from tongban.exchange.queries import feeds
from tongban.ledger import queries as ledger

AT_ONCE = 20_000
"""Positions read in one transaction."""


def read_on(*, now: datetime) -> bool:
    """Read the next part of the ledger into the feed; returns whether there is more. Any number of workers may."""
    places, last_ones = together(_place.asking(), ledger.last_sealed.asking())
    if places and (not last_ones or last_ones[0] <= places[0]):
        return False
    FeedPlace.objects.get_or_create(is_only=True)
    with transaction.atomic():
        place = FeedPlace.objects.select_for_update(skip_locked=True).first()
        last = ledger.last_position()
        if place is None or last <= place.position:
            return False
        until = min(last, place.position + AT_ONCE)
        rows = []
        for one in ledger.of_kinds_between(place.position, until, list(CHANGES)):
            changed = CHANGES[one.kind](one)
            if changed is not None and one.position is not None:
                rows.append(
                    FeedChange(
                        resource_id=changed.resource_id,
                        position=one.position,
                        subject_key=changed.subject_key,
                        at=one.happened_at,
                    )
                )
        FeedChange.objects.bulk_create(rows, batch_size=1000)
        place.position = until
        place.save(update_fields=["position"])
    return until < last


@compiled_once
def _place() -> QuerySet[FeedPlace, int]:
    return FeedPlace.objects.order_by().values_list("position", flat=True)


def read_changes(*, actor: Actor, resource: str, after: str, limit: int, now: datetime) -> feeds.Page:
    """Return the changes of a resource after a place, as far as a grant for the feed lets them be known.

    It takes a permit of the grant's minute. Raises NoFeedGrant, FilteredFeed, WrongPlace, TooMany.
    """
    grant = feeds.grant_for_feed(actor, resource, now=now)
    page = feeds.changes(grant, after=after, limit=limit)
    with transaction.atomic():
        wait = pace.take(grant, now)
    if wait:
        raise TooMany(wait)
    return page
