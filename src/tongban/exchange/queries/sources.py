"""How resources are read, and how their sources fare."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange.models import DropLoad, Resource, ResourceItem, Source, SourceWatch
from tongban.exchange.providers import DECLARED, SourceSettings
from tongban.exchange.queries.rights import stewards
from tongban.exchange.rules.outside.values import Shape

LATEST: Literal["latest"] = "latest"
"""Of an entry that is drafted anew, the draft: sources are tried before it is published."""


def settings_of(
    source: Source, resource: Resource, *, version: Literal["in_force", "latest"] = "in_force"
) -> SourceSettings:
    """Return how a source is read, with what the catalogue declares of its items."""
    if version == LATEST:
        shapes = shapes_of_resource(resource)
    else:
        shapes = shapes_of(resource.in_force_id) if resource.in_force_id else {}
    return SourceSettings(resource.id, source.settings, source.secrets, shapes)


@lru_cache(maxsize=2000)
def shapes_of(version_id: UUID) -> Mapping[str, Shape]:
    """Return the items of a version that was published: it never changes."""
    return _shapes(ResourceItem.objects.filter(version_id=version_id))


def shapes_of_resource(resource: Resource) -> Mapping[str, Shape]:
    """Return the items of the newest version of an entry, in their order."""
    newest = resource.versions.order_by("-number").first()
    return _shapes(newest.items.order_by("position")) if newest else {}


def _shapes(items: QuerySet[ResourceItem]) -> Mapping[str, Shape]:
    return {
        item.code: Shape(item.code, item.type, item.length, frozenset(one["value"] for one in item.code_list))
        for item in items
    }


def items_to_declare(resource: Resource) -> list[ResourceItem]:
    """Return the items of the newest version of an entry, in their order."""
    newest = resource.versions.order_by("-number").first()
    return list(newest.items.order_by("position")) if newest else []


def resource_to_declare(actor: Actor, slug: str) -> Resource:
    """Return a resource of an office whose data the actor keeps, in force or not yet; raises NotFound."""
    found = Resource.objects.filter(slug=slug).select_related("provider", "in_force").first()
    if found is None or not stewards(actor, found.provider_id):
        raise NotFound
    return found


def source_of(resource: Resource) -> Source | None:
    """Return how a resource is read."""
    return Source.objects.filter(resource=resource).first()


def is_outside(resource: Resource) -> bool:
    """Whether a resource is read from a declared source."""
    return Source.objects.filter(resource=resource, kind__in=DECLARED).exists()


def may_declare(actor: Actor, resource: Resource) -> bool:
    """Whether the actor may say how a resource is read, which is not so for registers that are kept here."""
    elsewhere = Source.objects.filter(resource=resource).exclude(kind__in=DECLARED)
    return stewards(actor, resource.provider_id) and not elsewhere.exists()


def watch_of(resource: Resource) -> SourceWatch | None:
    """Return how the source of a resource fares; None where nobody has looked yet."""
    return SourceWatch.objects.filter(source__resource=resource).select_related("source").first()


def drop_in_force(resource: Resource) -> DropLoad | None:
    """Return the file in force of a resource that is read from files."""
    loads = DropLoad.objects.filter(source__resource=resource, in_force_since__isnull=False, ended_at__isnull=True)
    return loads.first()


def due_sources(now: datetime) -> QuerySet[Source]:
    """Return the declared sources that nobody has looked at for a while, those never looked at first."""
    watched = SourceWatch.objects.filter(source=OuterRef("pk"))
    never_looked_at = ~Exists(watched)
    return Source.objects.filter(Q(never_looked_at) | Q(watch__look_again_at__lte=now), kind__in=DECLARED)
