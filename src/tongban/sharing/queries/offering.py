"""What is offered beside a resource of the catalogue: to ask for it."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.exchange.providers import Offer
from tongban.sharing.queries.requests import asking_posts

if TYPE_CHECKING:
    from tongban.exchange.models import Resource


def ask_for_it(actor: Actor, resource: "Resource") -> Offer | None:
    """Return the way to a request, for stewards of other offices."""
    if all(post.organisation_id == resource.provider_id for post in asking_posts(actor)):
        return None
    return Offer(_("Ask for these data"), reverse("sharing:new", args=[resource.slug]))
