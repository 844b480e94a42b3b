"""Whose record a look-up belongs to: the chain of its subject, or that of the whole jurisdiction under secrecy."""

from uuid import UUID

from tongban.exchange.events import LookedUp
from tongban.ledger.kinds import chained


@chained(LookedUp)
def chain_of(event: LookedUp) -> UUID | None:
    """Return the chain; none for a call that could not be told whom it was about."""
    return event.chain
