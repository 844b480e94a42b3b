"""Carriers of messages: each vendor registers here; the settings say which carries a channel."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from django.conf import settings

from tongban.base.registry import Registry

Channel = Literal["email", "sms"]


@dataclass(frozen=True, slots=True)
class Letter:
    """What is carried. `message_id` is the same on every try, so that a receiver can see a repetition."""

    address: str
    subject: str
    body: str
    message_id: str


class Carrier(Protocol):
    """Carries letters of one channel."""

    def carry(self, letter: Letter) -> None:
        """Carry it; raises Delayed (try again) or Undeliverable (never again)."""

    def longest(self) -> timedelta:
        """Return how long carrying one letter may last at worst: so long nobody else may take it.

        No time at all says that it carries nothing away: such letters are tried in the transaction that takes them.
        """


CARRIERS: Registry[Carrier] = Registry("carrier of messages")


def carrier_for(channel: str) -> Carrier | None:
    """Return who carries a channel: the mail server that is configured, or the demo's outbox; None when nobody does."""
    if channel == "email" and settings.EMAIL_HOST:
        return CARRIERS["smtp"]
    return CARRIERS["demo_outbox"] if settings.TONGBAN_DEMO else None
