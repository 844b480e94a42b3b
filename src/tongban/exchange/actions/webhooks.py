"""Receivers of changes: registered, confirmed, given new secrets, sent back to a place, revived, ended."""

import secrets as dice
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange import errors, events
from tongban.exchange.models import Grant, Webhook
from tongban.exchange.queries import feeds
from tongban.exchange.rules.feeds import webhooks as rules
from tongban.exchange.rules.outside.places import NoPlace, allows, origin_of
from tongban.ledger import actions as ledger

LONGEST = 500
HOST_HAS = "abcdefghijklmnopqrstuvwxyz0123456789.-:"


def origin_allowed(address: str) -> str:
    """Return the origin of an address to which changes may be sent. Raises PlaceNotAllowed."""
    try:
        parts = urlsplit(address)
        origin = origin_of(parts.scheme, parts.hostname or "", parts.port)
    except (NoPlace, ValueError) as wrong:
        raise errors.PlaceNotAllowed from wrong
    is_plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST
    is_whole = parts.scheme in {"http", "https"} and parts.username is None and not parts.fragment
    if not is_plain or not is_whole or set(parts.hostname or "") - set(HOST_HAS):
        raise errors.PlaceNotAllowed
    if not allows(settings.TONGBAN_WEBHOOKS, origin):
        raise errors.PlaceNotAllowed
    return origin


@transaction.atomic
def register_webhook(
    *, actor: Actor, grant_id: UUID, address: str, now: datetime, after: str = "now"
) -> tuple[Webhook, str]:
    """Register a receiver; returns it and its secret, which is shown once. It must confirm before anything is sent.

    Raises NotFound, NotYours, NoFeedGrant, FilteredFeed, PlaceNotAllowed, WrongPlace, WebhookThere.
    """
    grant = Grant.objects.select_related("resource").filter(id=grant_id).first()
    if grant is None:
        raise NotFound
    if not feeds.may_keep_webhooks(actor, grant):
        raise errors.NotYours
    if not feeds.holds(grant, now):
        raise errors.NoFeedGrant
    if grant.row_filter:
        raise errors.FilteredFeed
    origin_allowed(address)
    secret = rules.new_secret()
    webhook = Webhook(
        grant=grant,
        address=address,
        secrets=[{"secret": secret, "until": None}],
        challenge=dice.token_urlsafe(32),
        position=feeds.position_after(grant, after),
        next_try_at=now,
        registered_at=now,
        registered_by_id=actor.official_id,
    )
    try:
        with transaction.atomic():
            webhook.save(force_insert=True)
    except IntegrityError as there:
        raise errors.WebhookThere from there
    _record(events.WebhookRegistered, webhook, actor, now)
    return webhook, secret


@transaction.atomic
def change_secret(*, actor: Actor, webhook_id: UUID, now: datetime) -> str:
    """Give a receiver a new secret, shown once; for a day what is sent is signed by the one before, too.

    Raises NotFound, NotYours, NotInThisState.
    """
    webhook = _locked(actor, webhook_id)
    secret = rules.new_secret()
    webhook.secrets = rules.rotated(webhook.secrets, secret, now)
    webhook.save(update_fields=["secrets"])
    _record(events.WebhookSecretChanged, webhook, actor, now)
    return secret


@transaction.atomic
def replay_webhook(*, actor: Actor, webhook_id: UUID, after: str, now: datetime) -> Webhook:
    """Send again all changes after a place; one that was given up is tried again.

    Raises NotFound, NotYours, NotInThisState, WrongPlace.
    """
    webhook = _locked(actor, webhook_id)
    webhook.position, webhook.sending_until = feeds.position_after(webhook.grant, after), None
    _begin_anew(webhook, now)
    _record(events.WebhookReplayed, webhook, actor, now)
    return webhook


@transaction.atomic
def revive_webhook(*, actor: Actor, webhook_id: UUID, now: datetime) -> Webhook:
    """Try a receiver again that was given up, from where it stopped. Raises NotFound, NotYours, NotInThisState."""
    webhook = _locked(actor, webhook_id)
    _begin_anew(webhook, now)
    _record(events.WebhookRevived, webhook, actor, now)
    return webhook


def _begin_anew(webhook: Webhook, now: datetime) -> None:
    webhook.tries, webhook.failing_since, webhook.why, webhook.next_try_at = 0, None, "", now
    if webhook.state == Webhook.State.DEAD:
        webhook.state = Webhook.State.ACTIVE if webhook.confirmed_at else Webhook.State.UNCONFIRMED
    webhook.save(update_fields=["position", "sending_until", "tries", "failing_since", "why", "next_try_at", "state"])


@transaction.atomic
def end_webhook(*, actor: Actor, webhook_id: UUID, now: datetime) -> None:
    """Send nothing there any more. Raises NotFound, NotYours, NotInThisState."""
    webhook = _locked(actor, webhook_id)
    webhook.state, webhook.ended_at, webhook.secrets = Webhook.State.ENDED, now, []
    webhook.save(update_fields=["state", "ended_at", "secrets"])
    _record(events.WebhookEnded, webhook, actor, now)


def _locked(actor: Actor, webhook_id: UUID) -> Webhook:
    rows = Webhook.objects.select_for_update(of=("self",)).select_related("grant__resource")
    webhook = rows.filter(id=webhook_id).first()
    if webhook is None:
        raise NotFound
    if not feeds.may_keep_webhooks(actor, webhook.grant):
        raise errors.NotYours
    if webhook.state == Webhook.State.ENDED:
        raise errors.NotInThisState
    return webhook


def _record(event: type[events.WebhookEvent], webhook: Webhook, actor: Actor, now: datetime) -> None:
    ledger.record(event(subject_id=webhook.grant_id, webhook_id=webhook.id), actor=actor, now=now)
