"""For tests elsewhere: an office that follows a resource and has changes sent to a receiver."""

from datetime import timedelta
from uuid import UUID

from django.test import override_settings

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.exchange import actions
from tongban.exchange.models import Webhook

ADDRESS = "https://hooks.example/changes"


def webhook_of(resource_id: UUID, consumer_id: UUID) -> Webhook:
    """Give an office a grant for the feed, and register a receiver."""
    terms = actions.GrantTerms(
        resource_id=resource_id,
        consumer_id=consumer_id,
        fields=("name",),
        purpose="following",
        purpose_words="关注变动",
        basis_law="《某条例》",
        basis_article="第一条",
        standing="feed",
        valid_from=now(),
        valid_until=now() + timedelta(days=30),
        rate_per_minute=1000,
    )
    grant = actions.give_grant(actor=SYSTEM, terms=terms, now=now())
    with override_settings(TONGBAN_WEBHOOKS=frozenset({"https://hooks.example:443"})):
        webhook, _secret = actions.register_webhook(actor=SYSTEM, grant_id=grant.id, address=ADDRESS, now=now())
    return webhook
