"""What has changed, for whoever holds a grant for the feed; never what it says now, which is asked at the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.actor import Actor
from tongban.exchange import errors
from tongban.exchange.models import FeedChange, FeedPlace, Grant, Webhook
from tongban.exchange.queries.catalogue import grants
from tongban.exchange.queries.looking import caller_of
from tongban.exchange.queries.rights import stewards
from tongban.exchange.rules.feeds import cursors, references
from tongban.exchange.rules.subjects import SubjectKind

MOST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is told. `reference` is empty when much has changed at once."""

    reference: str
    at: datetime
    position: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the feed, where to go on, and whether there is more already."""

    grant: Grant
    changes: Sequence[Told]
    next: str
    more: bool


def holds(grant: Grant, now: datetime) -> bool:
    """Whether a grant lets its consumer follow changes now."""
    return (
        grant.state == Grant.State.ACTIVE
        and grant.standing == Grant.Standing.FEED
        and grant.valid_from <= now < grant.valid_until
        and grant.resource.in_force_id is not None
    )


def grant_for_feed(actor: Actor, resource: str, *, now: datetime) -> Grant:
    """Return the grant by which an actor follows a resource. Raises NoFeedGrant, FilteredFeed.

    Of officials only data stewards follow: it takes no case, as whatever holds for a standing reference at the gate.
    """
    caller = caller_of(actor)
    given = Grant.objects.filter(resource__slug=resource, standing=Grant.Standing.FEED).select_related("resource")
    if actor.is_official:
        given = given.filter(consumer_id__in=caller.steward_of)
    else:
        given = given.filter(consumer_system=caller.system or "-")
    held = [grant for grant in given.order_by("granted_at", "id") if holds(grant, now)]
    whole = [grant for grant in held if not grant.row_filter]
    if not held:
        raise errors.NoFeedGrant
    if not whole:
        raise errors.FilteredFeed
    return whole[0]


def consumer_of(grant: Grant) -> str:
    """Return the name of a grant's consumer, for which subjects are named."""
    if grant.consumer_id is not None:
        return references.of_office(grant.consumer_id)
    return references.of_system(grant.consumer_system)


def changes(grant: Grant, *, after: str, limit: int = MOST) -> Page:
    """Return what has changed since the grant began to hold, after a place. Raises WrongPlace."""
    resource_id = grant.resource_id
    known = known_until()
    begin = _position(resource_id, after, known)
    rows = list(rows_after(grant, begin)[: min(limit, MOST) + 1])
    told, more = rows[:limit], len(rows) > limit
    last = told[-1].position if more else max(known, begin, *(row.position for row in told[-1:]))
    return Page(grant, [_told(grant, row) for row in told], cursors.cursor_of(resource_id, last), more)


def known_until() -> int:
    """Return up to which position the feed is complete. To be asked before the feed is read."""
    return FeedPlace.objects.values_list("position", flat=True).first() or 0


def rows_after(grant: Grant, position: int) -> "QuerySet[FeedChange]":
    """Return the changes after a position that a grant lets be known, in order."""
    rows = FeedChange.objects.filter(resource_id=grant.resource_id, position__gt=position, at__gte=grant.valid_from)
    return rows.order_by("position")


def _position(resource_id: UUID, after: str, known: int) -> int:
    if after == cursors.BEGINNING:
        return 0
    if after == cursors.NOW:
        return known
    try:
        return cursors.position_of(resource_id, after)
    except cursors.NoCursor as wrong:
        raise errors.WrongPlace from wrong


def position_after(grant: Grant, after: str) -> int:
    """Return the position of a place in the feed of a grant's resource. Raises WrongPlace."""
    return _position(grant.resource_id, after, known_until())


def _told(grant: Grant, row: FeedChange) -> Told:
    cursor = cursors.cursor_of(grant.resource_id, row.position)
    return Told(reference_in(grant, row), row.at, row.position, cursor)


def reference_in(grant: Grant, row: FeedChange) -> str:
    """Return how the subject of a change is named to a grant's consumer; empty when much has changed at once."""
    if row.subject_key is None:
        return ""
    kind = cast("SubjectKind", grant.resource.subject_kind)
    return references.reference_of(row.subject_key, kind, consumer=consumer_of(grant))


def may_keep_webhooks(actor: Actor, grant: Grant) -> bool:
    """Whether the actor says where changes go: stewards of the office that uses them, or, of a system, of the giver."""
    return stewards(actor, grant.consumer_id or grant.resource.provider_id)


def webhooks(actor: Actor) -> "QuerySet[Webhook]":
    """Return the receivers by grants in which the actor's office has a part, the newest first."""
    rows = Webhook.objects.filter(grant__in=grants(actor).order_by().values("id"))
    return rows.select_related("grant__resource", "grant__consumer").order_by("-registered_at", "-id")


def webhooks_of(grant: Grant) -> list[Webhook]:
    """Return the receivers by a grant that have not ended."""
    rows = Webhook.objects.filter(grant=grant).exclude(state=Webhook.State.ENDED)
    return list(rows.order_by("registered_at"))
