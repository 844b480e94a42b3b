"""What rooms above ask before they build on data of others: is there such a resource, and may this office have it?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongban.exchange.models import Grant, Resource, ResourceItem


@dataclass(frozen=True, slots=True)
class Served:
    """A resource in force: its names, those of the office that answers for it, and of its information items."""

    slug: str
    subject_kind: str
    name: str
    name_en: str
    provider: str
    provider_en: str
    items: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Chinese and English name of each item, and its type, by its code."""


def served(slugs: Collection[str]) -> dict[str, Served]:
    """Return the resources in force among these, by their short names. Two statements."""
    found = Resource.objects.filter(slug__in=slugs, in_force__isnull=False).select_related("provider")
    resources = {one.in_force_id: one for one in found}
    items: dict[UUID | None, dict[str, tuple[str, str, str]]] = {}
    for item in ResourceItem.objects.filter(version__in=[key for key in resources if key]):
        items.setdefault(item.version_id, {})[item.code] = (item.name, item.name_en, item.type)
    return {
        one.slug: Served(
            one.slug,
            one.subject_kind,
            one.name,
            one.name_en,
            one.provider.name,
            one.provider.name_en,
            {code: told for code, told in items.get(version_id, {}).items() if code in one.field_codes},
        )
        for version_id, one in resources.items()
    }


def is_granted(
    *,
    consumer_id: UUID,
    resource: str,
    purpose: str,
    fields: Collection[str],
    item_codes: Collection[str],
    now: datetime,
) -> bool:
    """Whether an office has a grant, good now, by which it may ask for these fields for a matter."""
    grants = Grant.objects.filter(
        consumer_id=consumer_id,
        resource__slug=resource,
        purpose=purpose,
        state=Grant.State.ACTIVE,
        valid_from__lte=now,
        valid_until__gt=now,
        fields__contains=list(fields),
    )
    return any(not grant.items_served or set(grant.items_served) & set(item_codes) for grant in grants)
