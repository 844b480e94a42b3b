"""Reading somebody's log is itself a link of their chain."""

from uuid import UUID

from tongban.ledger.kinds import chained
from tongban.sharing.events import OwnLogRead


@chained(OwnLogRead)
def chain_of(event: OwnLogRead) -> UUID:
    """Return the chain of whose log was read."""
    return event.subject_id
