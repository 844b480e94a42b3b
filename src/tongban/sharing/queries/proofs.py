"""What proves to a person that a look-up stands in the ledger, and that none was left out."""

from typing import Any
from uuid import UUID

from tongban.base.errors import NotFound
from tongban.ledger import queries as ledger
from tongban.ledger.errors import NoSuchPlace, NotSealedYet
from tongban.sharing import errors
from tongban.sharing.queries.whose import Whose

KINDS = ("exchange.look_up_opened", "exchange.looked_up")
"""The event that is a link of the person's chain, the better one first: of a look-up once secret, its opening."""


def proof_of_look_up(look_up_id: UUID) -> dict[str, Any]:
    """Return the proof of one look-up, to be checked without us. Raises ProofNotReady for a second, NotFound."""
    happened = {event.kind: event for event in ledger.history_of("look_up", look_up_id)}
    event = next((happened[kind] for kind in KINDS if kind in happened), None)
    if event is None:
        raise NotFound
    if event.position is None:
        raise errors.ProofNotReady
    try:
        return ledger.proof_of(event.position).bundle()
    except (NotSealedYet, NoSuchPlace) as early:
        raise errors.ProofNotReady from early


def proof_of_all(whose: Whose) -> dict[str, Any]:
    """Return the whole chain of somebody with the daily count. Raises ProofNotReady before the first link."""
    try:
        return ledger.chain_of(whose.subject.key).bundle()
    except (NotSealedYet, NoSuchPlace) as early:
        raise errors.ProofNotReady from early
