"""The log of look-ups as it may be told: to offices that gave or asked, never what is under secrecy."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.actor import Actor
from tongban.exchange.models import LookUp, SecrecyExtension
from tongban.exchange.queries.catalogue import stewarded
from tongban.exchange.queries.rights import reviews


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What narrows the log."""

    resource_id: UUID | None = None
    grant_id: UUID | None = None
    outcome: str = ""
    """"refused", "answered", or empty."""


def told(now: datetime) -> QuerySet[LookUp]:
    """Return the look-ups that may be told of. Whoever lists, counts or exports any begins here."""
    extended = SecrecyExtension.objects.filter(look_up_id=OuterRef("pk"), until__gt=now)
    return LookUp.objects.filter(Q(secret_until__isnull=True) | Q(~Exists(extended), secret_until__lte=now))


def log_for(actor: Actor, filters: LogFilters, now: datetime) -> QuerySet[LookUp]:
    """Return the look-ups of an office's data, and those that it made, the newest first; all, for reviewers.

    Reading it goes through `actions.read_log`, which records that it was read.
    """
    found = told(now)
    if not reviews(actor):
        own = stewarded(actor)
        found = found.filter(Q(resource__provider_id__in=own) | Q(consumer_id__in=own))
    if filters.resource_id is not None:
        found = found.filter(resource_id=filters.resource_id)
    if filters.grant_id is not None:
        found = found.filter(grant_id=filters.grant_id)
    if filters.outcome == "refused":
        found = found.exclude(refused="")
    elif filters.outcome == "answered":
        found = found.filter(refused="")
    related = ("resource__provider", "consumer", "post", "official", "grant", "answer")
    return found.select_related(*related).order_by("-at", "-id")
