"""Entries of the catalogue in the making, and all their versions: for the office that provides, and for reviewers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange.models import Grant, Resource, ResourceItem, ResourceVersion, Source
from tongban.exchange.queries.catalogue import stewarded
from tongban.exchange.queries.rights import reviews, stewards
from tongban.exchange.rules.entries import EntryDraft, ItemDraft

_OF_ITEM = tuple(ItemDraft.__dataclass_fields__)
_OF_VERSION = tuple(name for name in EntryDraft.__dataclass_fields__ if hasattr(ResourceVersion, name))


def entries(actor: Actor, *, state: str = "", words: str = "") -> QuerySet[ResourceVersion]:
    """Return the newest version of each entry whose data the actor keeps, the latest first; of all, for reviewers."""
    newest = ResourceVersion.objects.order_by("resource_id", "-number").distinct("resource_id")
    found = ResourceVersion.objects.filter(id__in=newest.values("id"))
    if not reviews(actor):
        found = found.filter(resource__provider_id__in=stewarded(actor))
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(name_en__icontains=words) | Q(resource__code__startswith=words)
        )
    return found.select_related("resource__provider", "drafted_by").order_by("-drafted_at", "-id")


def waiting_for_review(actor: Actor) -> int:
    """Return how many entries the actor is to review; none for whoever does not review."""
    if not reviews(actor):
        return 0
    waiting = ResourceVersion.objects.filter(state=ResourceVersion.State.IN_REVIEW)
    return waiting.exclude(drafted_by_id=actor.official_id).count() if actor.official_id else waiting.count()


def entry_for(actor: Actor, slug: str) -> Resource:
    """Return a resource whose data the actor keeps or whose entry they review; raises NotFound."""
    found = Resource.objects.select_related("provider", "in_force").filter(slug=slug).first()
    if found is None or not (stewards(actor, found.provider_id) or reviews(actor)):
        raise NotFound
    return found


def versions_of(resource: Resource) -> list[ResourceVersion]:
    """Return all versions of an entry, the newest first."""
    found = resource.versions.select_related("drafted_by", "reviewed_by").order_by("-number")
    versions = list(found)
    for version in versions:
        version.resource = resource
    return versions


def entry_of(version: ResourceVersion) -> EntryDraft:
    """Return what a version says, with its items in their order."""
    return entries_of([version])[version.id]


def entries_of(versions: "list[ResourceVersion]") -> dict[UUID, EntryDraft]:
    """Return what versions say, by their id. Their items are asked for in one question."""
    items: dict[UUID, list[ItemDraft]] = {version.id: [] for version in versions}
    for item in ResourceItem.objects.filter(version_id__in=items).order_by("version_id", "position"):
        items[item.version_id].append(_item(item))
    return {version.id: _entry(version, tuple(items[version.id])) for version in versions}


def _entry(version: ResourceVersion, items: tuple[ItemDraft, ...]) -> EntryDraft:
    resource = version.resource
    said: Mapping[str, Any] = {name: getattr(version, name) for name in _OF_VERSION if name != "items"}
    given = {"slug": resource.slug, "code": resource.code, "subject_kind": resource.subject_kind}
    return EntryDraft(**{**said, **given, "related_codes": tuple(version.related_codes), "items": items})


def _item(item: ResourceItem) -> ItemDraft:
    said = {name: getattr(item, name) for name in _OF_ITEM}
    return ItemDraft(**{**said, "code_list": tuple(item.code_list)})


def resource_by_id(resource_id: UUID) -> Resource:
    """Return a resource with its version in force; raises NotFound."""
    found = Resource.objects.select_related("provider", "in_force").filter(id=resource_id).first()
    if found is None:
        raise NotFound
    if found.in_force is not None:
        found.in_force.resource = found
    return found


def is_read(resource_id: UUID) -> bool:
    """Whether somebody has said already how a resource is read."""
    return Source.objects.filter(resource_id=resource_id).exists()


def without_source(actor: Actor) -> list[Resource]:
    """Return the resources in force whose data the actor keeps and that nobody has said yet how to read."""
    found = Resource.objects.filter(in_force__isnull=False, source__isnull=True)
    return list(found.filter(provider_id__in=stewarded(actor)).select_related("provider").order_by("name", "id"))


def led_by_others(version: ResourceVersion) -> list[ResourceItem]:
    """Return the items in force by which other resources lead for data that this version wants to lead for."""
    wanted = version.items.filter(is_lead=True).values("datum")
    others = ResourceItem.objects.filter(in_force=True, is_lead=True, datum__in=wanted)
    others = others.exclude(version__resource_id=version.resource_id)
    return list(others.select_related("version__resource__provider").order_by("datum"))


def grants_that_would_rest(resource: Resource) -> int:
    """Return how many grants nobody could use any more if the resource were withdrawn."""
    return Grant.objects.filter(resource=resource).exclude(state=Grant.State.WITHDRAWN).count()
