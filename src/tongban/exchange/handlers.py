"""Who is told of what happens in exchange: stewards hear that a source of theirs fails, and answers again."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.templatetags.words import either
from tongban.exchange import events
from tongban.exchange.models import Grant, Resource
from tongban.exchange.queries.rights import STEWARD
from tongban.exchange.rules.outside.words import sentence
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications
from tongban.organisations import queries as organisations
from tongban.organisations.errors import NoPost

Words = Callable[[str], tuple[str, str]]


@handler(events.SourceWentAway, name="exchange.tell_source_went_away", together=True)
def tell_went_away(event: events.SourceWentAway, *, recorded: RecordedEvent, now: datetime) -> None:
    """The office whose data they are is told what is wrong."""

    def words(name: str) -> tuple[str, str]:
        body = _(
            "The source of %(name)s fails: %(why)s\n\nUntil it answers again, whoever asks is told that it is not"
            " available. It is tried every minute."
        )
        subject = _("A source of your data fails: %(name)s") % {"name": name}
        return subject, body % {"name": name, "why": sentence(event.why)}

    _tell_keepers(recorded, words, now)


@handler(events.SourceCameBack, name="exchange.tell_source_came_back", together=True)
def tell_came_back(event: events.SourceCameBack, *, recorded: RecordedEvent, now: datetime) -> None:
    """The office whose data they are is told that all is well again."""

    def words(name: str) -> tuple[str, str]:
        return (
            _("A source of your data answers again: %(name)s") % {"name": name},
            _("Look-ups are answered as before. There is nothing for you to do."),
        )

    _tell_keepers(recorded, words, now)


@handler(events.WebhookDied, name="exchange.tell_webhook_died", together=True)
def tell_webhook_died(event: events.WebhookDied, *, recorded: RecordedEvent, now: datetime) -> None:
    """The office that follows the changes is told that they arrive no more."""

    def words(name: str) -> tuple[str, str]:
        body = _(
            "Changes of %(name)s could not be delivered for days, and are sent no more. Nothing is lost: once your"
            " system receives again, have it tried again, and it is sent all from where it stopped."
        )
        return _("Changes arrive no more: %(name)s") % {"name": name}, body % {"name": name}

    grant = Grant.objects.select_related("resource").get(id=recorded.subject_id)
    link = reverse("exchange:grant", args=[grant.id])
    _tell(recorded, words, now, grant.resource, grant.consumer_id or grant.resource.provider_id, link)


def _tell_keepers(recorded: RecordedEvent, words: Words, now: datetime) -> None:
    resource = Resource.objects.get(id=recorded.subject_id)
    _tell(recorded, words, now, resource, resource.provider_id, reverse("exchange:source", args=[resource.slug]))


def _tell(
    recorded: RecordedEvent, words: Words, now: datetime, resource: Resource, organisation_id: UUID, link: str
) -> None:
    try:
        post_id = organisations.post_id_for(organisation_id=organisation_id, role=STEWARD)
    except NoPost:
        return
    officials = {one.id for one in organisations.officials_of_post(post_id, now)}
    for official_id, account in sorted(accounts.accounts_of_officials(officials).items()):
        with translation.override(account.language):
            subject, body = words(either(resource.name or resource.slug, resource.name_en))
        notifications.tell(
            account_id=account.id,
            key=f"exchange-source-{recorded.uid}-{official_id}",
            subject=subject,
            body=body,
            link=link,
            now=now,
        )
