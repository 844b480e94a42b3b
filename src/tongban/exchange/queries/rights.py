"""Who may offer data, and who reviews what is offered."""

from uuid import UUID

from tongban.base.actor import Actor
from tongban.organisations import queries as organisations

STEWARD = "steward"
COORDINATOR = "supervisor"
"""Role of the post of the service centre that decides disputes between offices about data."""


def stewards(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor keeps the data of an office: its data stewards, and the system when it sets things up."""
    return actor.kind == "system" or actor.has_role(STEWARD, organisation_id)


def reviews(actor: Actor) -> bool:
    """Whether the actor reviews entries: data stewards of the service centre, who stand above both sides."""
    if actor.kind == "system":
        return True
    centre_id = organisations.service_centre_id()
    return centre_id is not None and actor.has_role(STEWARD, centre_id)


def orders(actor: Actor) -> bool:
    """Whether the actor coordinates data sharing: supervisors of the service centre, who decide disputes."""
    centre_id = organisations.service_centre_id()
    return actor.kind == "system" or (centre_id is not None and actor.has_role(COORDINATOR, centre_id))
