"""Whose record a look-up belongs to: the chain of its subject, or that of the whole jurisdiction under secrecy."""

from uuid import UUID

from tongban.exchange.events import LookedUp, LookUpOpened
from tongban.ledger.kinds import chained


@chained(LookedUp)
def chain_of(event: LookedUp) -> UUID | None:
    """Return the chain; none for a call that could not be told whom it was about."""
    return event.chain


@chained(LookUpOpened)
def chain_of_opened(event: LookUpOpened) -> UUID | None:
    """Return the chain of the subject, whose link the look-up becomes once it is secret no longer."""
    return event.chain
