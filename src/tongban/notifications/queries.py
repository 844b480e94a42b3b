"""How to find messages and what is on its way."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once
from tongban.base.errors import NotFound
from tongban.notifications import providers
from tongban.notifications.models import Carriage, Message


@dataclass(frozen=True, slots=True)
class CarriageState:
    """What an operator asks: what waits, since when, how much of it was tried in vain, what was given up."""

    waiting: int
    oldest_waiting_at: datetime | None
    tried_in_vain: int
    given_up: int
    without_carrier: tuple[str, ...]


def language_of(account_id: UUID) -> str:
    """Return the language in which to write to an account."""
    return accounts.addresses_of(account_id)[2]


def carries(channel: providers.Channel) -> bool:
    """Whether somebody carries messages of this channel here: do not offer what nobody carries."""
    return providers.carrier_for(channel) is not None


def box_of(actor: Actor) -> QuerySet[Message]:
    """Return the actor's messages, newest first."""
    if actor.account_id is None:
        return Message.objects.none()
    return Message.objects.filter(account_id=actor.account_id).order_by("-created_at", "-id")


def unread_count(actor: Actor) -> int:
    """Return how many messages the actor has not opened."""
    return box_of(actor).filter(read_at=None).count()


def message_for(actor: Actor, message_id: UUID) -> Message:
    """Return a message of the actor's own; raises NotFound."""
    found = box_of(actor).filter(id=message_id).first()
    if found is None:
        raise NotFound
    return found


def carried(channel: str | None = None) -> QuerySet[Carriage]:
    """Return what was given to carriers, newest first: only the demo shows it."""
    found = Carriage.objects.order_by("-created_at", "-id")
    return found.filter(channel=channel) if channel else found


@compiled_once
def _due(now: datetime) -> "QuerySet[Carriage, UUID]":
    """In the order of what waits: however many wait for a mail server, its first says whether one is due."""
    waiting = Carriage.objects.filter(state=Carriage.State.WAITING, next_try_at__lte=now)
    return waiting.order_by("next_try_at").values_list("id", flat=True)[:1]


def is_anything_due(*, now: datetime) -> bool:
    """Whether a letter is to be tried now: each of two beats of a worker asks it twice a second."""
    return bool(_due(now))


def carriage_state() -> CarriageState:
    """Return the state of all carriages for an operator; one query."""
    waiting = Q(state=Carriage.State.WAITING)
    counted = Carriage.objects.aggregate(
        waiting=Count("id", filter=waiting),
        oldest=Min(F("created_at"), filter=waiting),
        tried=Count("id", filter=waiting & Q(tries__gt=0)),
        given_up=Count("id", filter=Q(state=Carriage.State.FAILED)),
    )
    return CarriageState(
        waiting=counted["waiting"],
        oldest_waiting_at=counted["oldest"],
        tried_in_vain=counted["tried"],
        given_up=counted["given_up"],
        without_carrier=tuple(channel for channel in ("email", "sms") if not carries(channel)),
    )
