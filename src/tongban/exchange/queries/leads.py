"""One datum, one source 一数一源: who holds a datum, who answers for it, and where that is in dispute."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange.models import GrantUse, LeadProposal, ResourceItem, ResourceVersion
from tongban.exchange.queries.catalogue import stewarded
from tongban.exchange.queries.rights import reviews
from tongban.exchange.rules.leads import Holder, Suggestion, suggested

_IN_MAKING = (ResourceVersion.State.DRAFT, ResourceVersion.State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Datum:
    """A datum with the items by which it is held. `claims`: items of versions in the making that want to lead."""

    name: str
    items: list[ResourceItem]
    claims: list[ResourceItem]
    suggestion: Suggestion | None
    proposals: int = 0

    @property
    def lead(self) -> ResourceItem | None:
        """The item in force by which an office answers for it."""
        return next((one for one in self.items if one.is_lead), None)

    @property
    def conflict(self) -> str:
        """What is in dispute: "claimed" by another than leads, or held by several and "nobody" answers, or nothing."""
        lead = self.lead
        claiming = {one.version.resource_id for one in self.claims} - {lead.version.resource_id if lead else None}
        if claiming and (lead or len(claiming) > 1):
            return "claimed"
        offices = {one.version.resource.provider_id for one in self.items}
        return "nobody" if lead is None and len(offices) > 1 else ""

    @property
    def proposed(self) -> ResourceItem | None:
        """The item whose office is suggested to lead."""
        wanted = self.suggestion.resource if self.suggestion else ""
        return next((one for one in self.items if one.version.resource.slug == wanted), None)


def data(*, words: str = "", only_conflicts: bool = False) -> list[Datum]:
    """Return all data that are named, those in dispute first."""
    found = _data(Q(datum__icontains=words) | Q(name__icontains=words) if words else Q())
    shown = [one for one in found if one.conflict] if only_conflicts else found
    return sorted(shown, key=lambda one: (not one.conflict, one.name))


def datum(name: str) -> Datum:
    """Return one datum; raises NotFound."""
    found = _data(Q(datum=name))
    if not found:
        raise NotFound
    return found[0]


def _data(wanted: Q) -> list[Datum]:
    """Return data with all that hold them, though words are found in one item only. Four questions."""
    standing = Q(in_force=True) | Q(version__state__in=_IN_MAKING, is_lead=True)
    named = ResourceItem.objects.filter(standing, wanted).exclude(datum="").values("datum")
    items = ResourceItem.objects.filter(standing, datum__in=named).select_related("version__resource__provider")
    held: Mapping[str, list[ResourceItem]] = defaultdict(list)
    claims: Mapping[str, list[ResourceItem]] = defaultdict(list)
    for one in items.order_by("datum", "version__resource__name", "id"):
        (held if one.in_force else claims)[one.datum].append(one)
    uses = _uses(one for some in held.values() for one in some)
    names = {*held, *claims}
    proposals = _open_proposals(names)
    return [
        Datum(name, held[name], claims[name], suggested(_holders(held[name], uses)), proposals.get(name, 0))
        for name in names
    ]


def _holders(items: Iterable[ResourceItem], uses: Mapping[tuple[UUID, str], int]) -> list[Holder]:
    return [
        Holder(
            resource=one.version.resource.slug,
            is_lead=one.is_lead,
            is_basic=one.version.classification == ResourceVersion.Classification.BASIC,
            uses=uses.get((one.version.resource_id, one.code), 0),
            published_on=one.version.published_on,
        )
        for one in items
    ]


def _uses(items: Iterable[ResourceItem]) -> dict[tuple[UUID, str], int]:
    """Return how often fields were looked up, by resource and code."""
    resources = {one.version.resource_id for one in items}
    rows = GrantUse.objects.filter(grant__resource_id__in=resources).values("grant__resource_id", "field")
    return {(row["grant__resource_id"], row["field"]): row["total"] for row in rows.annotate(total=Sum("times"))}


def _open_proposals(names: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    opened = LeadProposal.objects.filter(datum__in=names, state=LeadProposal.State.OPEN)
    for name in opened.values_list("datum", flat=True):
        found[name] += 1
    return found


def proposals_for(name: str) -> list[LeadProposal]:
    """Return the proposals on a datum, the newest first."""
    found = LeadProposal.objects.filter(datum=name).order_by("-proposed_at", "-id")
    return list(found.select_related("resource__provider", "proposed_by", "decided_by")[:100])


def may_propose(actor: Actor, found: Datum) -> bool:
    """Whether the actor keeps the data of an office that holds the datum, or stands above all."""
    own = stewarded(actor)
    return reviews(actor) or any(one.version.resource.provider_id in own for one in found.items)
