"""What is laid down about requests and grants."""

from tongban.base.actor import Actor
from tongban.exchange import queries as exchange
from tongban.sharing.models import SharingPolicy
from tongban.sharing.rules.terms import LIMITS, Policy


def newest_policy() -> SharingPolicy | None:
    """Return the version in force; None where nobody has laid down any."""
    return SharingPolicy.objects.select_related("published_by").order_by("-version").first()


def policy() -> Policy:
    """Return what holds now."""
    found = newest_policy()
    return Policy() if found is None else Policy(**{name: getattr(found, name) for name in LIMITS})


def may_publish_policy(actor: Actor) -> bool:
    """Whether the actor lays it down: who coordinates the sharing of data, or reviews its catalogue."""
    return exchange.orders(actor) or exchange.reviews(actor)
