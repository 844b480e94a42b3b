"""Operations of the feed: read on in it, and have changes sent to a receiver."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field, StringConstraints

from tongban.base.api import OFFICIAL, Numbered, Paging, Sent, Told, page_of
from tongban.base.api.shapes import Asked
from tongban.base.clock import now
from tongban.base.web import actor_of
from tongban.exchange import actions, queries
from tongban.exchange.api.access import STEWARD
from tongban.exchange.api.shapes import Slug
from tongban.exchange.models import Webhook
from tongban.exchange.queries import feeds
from tongban.exchange.rules.feeds import references

router = Router(tags=["Exchange"])
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,40}$")]
Address = Annotated[str, StringConstraints(min_length=8, max_length=500, pattern=r"^https?://[\x21-\x7e]+$")]


class ChangesAsked(Asked):
    """Which feed, and from where on."""

    resource: Slug = Field(description="Short name of the resource.")
    after: Cursor = Field(default="", description="Cursor to go on from; empty: the beginning; now: what comes next.")
    limit: Annotated[int, Field(ge=1, le=feeds.MOST)] = Field(default=100, description="How many changes at most.")


class SubjectTold(Told):
    """A subject, as the gate takes it in `about.reference`."""

    kind: str = Field(description="person or enterprise.")
    reference: Annotated[str, StringConstraints(pattern=references.PATTERN)] = Field(
        description="What stands for the number, for your office alone."
    )


class ChangeTold(Told):
    """That something has changed, never what."""

    subject: SubjectTold | None = Field(
        description="Whom it is about; null: much has changed, read anew what you need."
    )
    changed_at: datetime = Field(description="When.")
    cursor: str = Field(description="The place after this change.")


class ChangesTold(Told):
    """A part of the feed, in order."""

    resource: str = Field(description="Short name of the resource.")
    grant: UUID = Field(description="The grant by which it is followed.")
    changes: list[ChangeTold] = Field(description="What has changed, the oldest first. A change may come twice.")
    next: str = Field(description="Cursor to go on from. It never grows old.")
    more: bool = Field(description="Whether there is more already.")


@router.get(
    "/exchange/changes",
    response=ChangesTold,
    auth=OFFICIAL,
    operation_id="read_changes",
    summary="Follow the changes of a resource",
)
def read_changes(request: HttpRequest, asked: Query[ChangesAsked]) -> ChangesTold:
    """Return what has changed after a place, by a grant for the feed. What it says now is asked at the gate."""
    page = actions.read_changes(
        actor=actor_of(request), resource=asked.resource, after=asked.after, limit=asked.limit, now=now()
    )
    return ChangesTold(
        resource=asked.resource,
        grant=page.grant.id,
        changes=[
            ChangeTold(
                subject=SubjectTold(kind=page.grant.resource.subject_kind, reference=one.reference)
                if one.reference
                else None,
                changed_at=one.at,
                cursor=one.cursor,
            )
            for one in page.changes
        ],
        next=page.next,
        more=page.more,
    )


class WebhookSent(Sent):
    """Where changes are to be sent."""

    grant: UUID = Field(description="A grant for the feed.")
    address: Address = Field(description="An address that the operator allows.")
    after: Cursor = Field(
        default="now", description="Cursor to begin from; empty: the beginning; now: what comes next."
    )


class WebhookTold(Told):
    """A receiver of changes."""

    id: UUID = Field(description="Its id.")
    grant: UUID = Field(description="By which grant.")
    resource: str = Field(description="Short name of the resource.")
    address: str = Field(description="Where changes go.")
    state: str = Field(description="unconfirmed, active, dead or ended.")
    tries: int = Field(description="How often the present message was tried in vain.")
    why: str = Field(description="Why it was not received, a code; empty: it was.")
    failing_since: datetime | None = Field(description="Since when nothing was received.")
    delivered_at: datetime | None = Field(description="When something was received last.")


class SecretTold(WebhookTold):
    """A receiver with its secret, which is told once."""

    secret: str = Field(description="What messages are signed with (Standard Webhooks).")


class ReplaySent(Sent):
    """From where on changes are sent again."""

    after: Cursor = Field(description="Cursor; empty: the beginning.")


@router.post(
    "/exchange/webhooks",
    response={201: SecretTold},
    auth=STEWARD,
    operation_id="register_webhook",
    summary="Have changes sent to an address",
)
def register_webhook(request: HttpRequest, sent: WebhookSent) -> Status[SecretTold]:
    """Register a receiver. It must send back the challenge of the first message before it is sent changes."""
    webhook, secret = actions.register_webhook(
        actor=actor_of(request), grant_id=sent.grant, address=sent.address, after=sent.after, now=now()
    )
    return Status(201, SecretTold(**_webhook(webhook).model_dump(), secret=secret))


@router.get(
    "/exchange/webhooks",
    response=Numbered[WebhookTold],
    auth=STEWARD,
    operation_id="list_webhooks",
    summary="List the receivers of changes",
)
def list_webhooks(request: HttpRequest, search: Query[Paging]) -> Numbered[WebhookTold]:
    """Return the receivers by grants in which one's office has a part, the newest first."""
    return page_of(queries.webhooks(actor_of(request)), _webhook, page=search.page, page_size=search.page_size)


@router.post(
    "/exchange/webhooks/{uuid:webhook_id}/secret",
    response=SecretTold,
    auth=STEWARD,
    operation_id="change_webhook_secret",
    summary="Give a receiver a new secret",
)
def change_secret(request: HttpRequest, webhook_id: Path[UUID]) -> SecretTold:
    """Return a new secret; for a day messages are signed by the one before, too."""
    actor = actor_of(request)
    secret = actions.change_secret(actor=actor, webhook_id=webhook_id, now=now())
    return SecretTold(**_webhook(queries.webhooks(actor).get(id=webhook_id)).model_dump(), secret=secret)


@router.post(
    "/exchange/webhooks/{uuid:webhook_id}/replay",
    response=WebhookTold,
    auth=STEWARD,
    operation_id="replay_webhook",
    summary="Send changes again",
)
def replay(request: HttpRequest, webhook_id: Path[UUID], sent: ReplaySent) -> WebhookTold:
    """Send all changes after a place once more; a receiver that was given up is tried again."""
    return _webhook(actions.replay_webhook(actor=actor_of(request), webhook_id=webhook_id, after=sent.after, now=now()))


@router.post(
    "/exchange/webhooks/{uuid:webhook_id}/revive",
    response=WebhookTold,
    auth=STEWARD,
    operation_id="revive_webhook",
    summary="Try a receiver again",
)
def revive(request: HttpRequest, webhook_id: Path[UUID]) -> WebhookTold:
    """Try a receiver again that was given up, from where it stopped."""
    return _webhook(actions.revive_webhook(actor=actor_of(request), webhook_id=webhook_id, now=now()))


@router.delete(
    "/exchange/webhooks/{uuid:webhook_id}",
    response={204: None},
    auth=STEWARD,
    operation_id="end_webhook",
    summary="Send nothing there any more",
)
def end_webhook(request: HttpRequest, webhook_id: Path[UUID]) -> Status[None]:
    """End a receiver."""
    actions.end_webhook(actor=actor_of(request), webhook_id=webhook_id, now=now())
    return Status(204, None)


def _webhook(webhook: Webhook) -> WebhookTold:
    return WebhookTold(
        id=webhook.id,
        grant=webhook.grant_id,
        resource=webhook.grant.resource.slug,
        address=webhook.address,
        state=webhook.state,
        tries=webhook.tries,
        why=webhook.why,
        failing_since=webhook.failing_since,
        delivered_at=webhook.delivered_at,
    )
