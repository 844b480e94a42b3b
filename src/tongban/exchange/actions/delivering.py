"""Changes are sent to receivers: at least once, in order, the same message at every try, given up after days.

What is sent is decided and committed first, then sent outside any transaction, then what came of it is written. Should
this process die in between, the same message goes again; a receiver that keeps their ids sees that it is the same.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.actor import SYSTEM
from tongban.base.compiled import compiled_once
from tongban.exchange import errors, events
from tongban.exchange.actions.webhooks import origin_allowed
from tongban.exchange.contrib.webhooks.posting import Failed, post
from tongban.exchange.models import FeedChange, Grant, Webhook
from tongban.exchange.queries import feeds
from tongban.exchange.rules.feeds import cursors
from tongban.exchange.rules.feeds import webhooks as rules
from tongban.ledger import actions as ledger

AT_ONCE = 10
IN_A_MESSAGE = 100
LEASE = timedelta(seconds=60)
"""How long a receiver is one worker's own: much longer than a message may last."""
SEND_FOR = 40.0
"""Seconds from the taking on: what is not begun by then is left, for its lease might end on the way."""
SUSPENDED = timedelta(minutes=10)
"""How soon to look again whether a grant that is suspended may be used."""


@dataclass(frozen=True, slots=True)
class _Sending:
    """A message on its way. `lease` tells whether the receiver is still this worker's own when it is over."""

    webhook: Webhook
    lease: datetime
    message_id: str
    body: Mapping[str, Any]


def deliver_due(*, now: datetime) -> bool:
    """Send what is due; returns whether there may be more."""
    if _first_due.first(now) is None:  # each second, while nothing has changed
        return False
    until = time.monotonic() + SEND_FOR
    taken = _take(now)
    for sending in taken:
        if time.monotonic() >= until:
            break
        _over(sending, _sent(sending, now), now)
    return len(taken) == AT_ONCE


@transaction.atomic
def _take(now: datetime) -> list[_Sending]:
    """Take receivers for which there is something, for one message each; another worker's are left to it."""
    taken = []
    for webhook in _due(now).select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]:
        if (sending := _begun(webhook, now)) is not None:
            taken.append(sending)
        webhook.save(update_fields=["state", "ended_at", "next_try_at", "sending_until"])
    return taken


def _due(now: datetime) -> "QuerySet[Webhook]":
    """Return the receivers for which there is something, the longest waiting first."""
    news = FeedChange.objects.filter(
        resource_id=OuterRef("grant__resource_id"),
        position__gt=OuterRef("position"),
        at__gte=OuterRef("grant__valid_from"),
    )
    wanted = Q(state=Webhook.State.UNCONFIRMED) | (Q(state=Webhook.State.ACTIVE) & Exists(news))
    due = Webhook.objects.filter(wanted, next_try_at__lte=now)
    return due.select_related("grant__resource").order_by("next_try_at")


@compiled_once
def _first_due(now: datetime) -> "QuerySet[Webhook, UUID]":
    return _due(now).values_list("id", flat=True)[:1]


def _begun(webhook: Webhook, now: datetime) -> _Sending | None:
    """Say on a locked receiver (unsaved) until when it is ours and what it is sent; None where it is sent nothing."""
    grant = webhook.grant
    if grant.state == Grant.State.WITHDRAWN or grant.valid_until <= now:
        webhook.state, webhook.ended_at, webhook.secrets = Webhook.State.ENDED, now, []
        webhook.save(update_fields=["secrets"])
        ended = events.WebhookEnded(subject_id=grant.id, webhook_id=webhook.id)
        ledger.record(ended, actor=SYSTEM, now=now)
        return None
    if not feeds.holds(grant, now):
        webhook.next_try_at = now + SUSPENDED
        return None
    webhook.next_try_at = now + LEASE
    if webhook.state == Webhook.State.UNCONFIRMED:
        body = {"type": "exchange.confirm", "data": {"challenge": webhook.challenge}}
        return _Sending(webhook, webhook.next_try_at, rules.message_id(f"{webhook.id}", 0, webhook.tries), body)
    rows = feeds.rows_after(grant, webhook.position)
    if webhook.sending_until is not None:
        rows = rows.filter(position__lte=webhook.sending_until)
    some = list(rows[:IN_A_MESSAGE])
    webhook.sending_until = some[-1].position
    name = rules.message_id(f"{webhook.id}", webhook.position, webhook.sending_until)
    return _Sending(webhook, webhook.next_try_at, name, _told(webhook, some))


def _told(webhook: Webhook, rows: list[FeedChange]) -> Mapping[str, Any]:
    """Return a message with changes. It is the same at every try: nothing in it is of the moment."""
    grant = webhook.grant
    changes = [
        {
            "subject": {"kind": grant.resource.subject_kind, "reference": reference} if reference else None,
            "changed_at": row.at.isoformat(),
            "cursor": cursors.cursor_of(grant.resource_id, row.position),
        }
        for row in rows
        for reference in [feeds.reference_in(grant, row)]
    ]
    data = {"resource": grant.resource.slug, "grant": str(grant.id), "changes": changes}
    return {"type": "exchange.changes", "timestamp": rows[-1].at.isoformat(), "data": data}


def _sent(sending: _Sending, now: datetime) -> str:
    """Send a message; returns why it was not received, empty when it was."""
    webhook = sending.webhook
    try:
        origin = origin_allowed(webhook.address)
    except errors.PlaceNotAllowed as refused:
        return refused.code
    body = json.dumps(sending.body, ensure_ascii=False).encode()
    moment = int(now.timestamp())
    headers = (
        ("content-type", "application/json"),
        ("user-agent", "tongban"),
        ("webhook-id", sending.message_id),
        ("webhook-timestamp", str(moment)),
        ("webhook-signature", rules.signature(sending.message_id, moment, body, held=rules.good(webhook.secrets, now))),
    )
    try:
        answer = post(webhook.id, webhook.address, origin, headers, body)
    except Failed as failed:
        return failed.why
    if webhook.state == Webhook.State.UNCONFIRMED and answer.get("challenge") != webhook.challenge:
        return "not_confirmed"
    return ""


@transaction.atomic
def _over(sending: _Sending, why: str, now: datetime) -> None:
    """Write what came of a message, if the receiver is still ours: one that was sent back to a place is not."""
    rows = Webhook.objects.select_for_update().filter(id=sending.webhook.id, next_try_at=sending.lease)
    webhook = rows.exclude(state__in=(Webhook.State.ENDED, Webhook.State.DEAD)).first()
    if webhook is None:
        return
    if why:
        _failed(webhook, why, now)
    else:
        _received(webhook, now)
    webhook.save()


def _received(webhook: Webhook, now: datetime) -> None:
    webhook.tries, webhook.failing_since, webhook.why, webhook.next_try_at = 0, None, "", now
    if webhook.state == Webhook.State.UNCONFIRMED:
        webhook.state, webhook.confirmed_at = Webhook.State.ACTIVE, now
        return
    webhook.position, webhook.sending_until = webhook.sending_until or webhook.position, None
    webhook.delivered_at = now


def _failed(webhook: Webhook, why: str, now: datetime) -> None:
    webhook.tries, webhook.why = webhook.tries + 1, why
    webhook.failing_since = webhook.failing_since or now
    webhook.next_try_at = now + rules.wait_after(webhook.tries)
    is_dead = rules.is_given_up(webhook.failing_since, now, confirmed=webhook.confirmed_at is not None)
    if is_dead or why == f"status_{rules.GONE}":
        webhook.state = Webhook.State.DEAD
        died = events.WebhookDied(subject_id=webhook.grant_id, webhook_id=webhook.id, why=why)
        ledger.record(died, actor=SYSTEM, now=now)
