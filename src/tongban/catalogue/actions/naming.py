"""Publish many names at once: matters of which only the name is known, thousands of them in a list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from tongban.base.actor import Actor
from tongban.base.errors import Invalid
from tongban.catalogue.actions.indexing import entry_of, write_entries
from tongban.catalogue.actions.publishing import Identity, digest_of, record_version, require_manager
from tongban.catalogue.guide import Guide
from tongban.catalogue.models import CatalogueItem, HandlingItem, HandlingVersion, ServiceItem
from tongban.catalogue.rules import faults

Name = tuple[Guide, Identity]
_SERVICE = ("catalogue_item_id", "organisation_id", "implementation_code", "source", "authority_name", "region_code")


@transaction.atomic
def publish_names(*, actor: Actor, names: Sequence[Name], now: datetime) -> None:
    """Publish new items that have no guide yet, as `publish` would one by one, with a few statements for all.

    Each of them must be new. Raises Forbidden, Invalid; IntegrityError when a code was taken meanwhile.
    """
    require_manager(actor)
    for guide, _identity in names:
        if guide.has_guide or (wrong := faults(guide)):
            raise Invalid({"has_guide": ["only names"]} if guide.has_guide else wrong)
    services = _service_items(names)
    items = [_item(guide, identity, services, now) for guide, identity in names]
    HandlingItem.objects.bulk_create(items)
    versions = [_version(item, guide, now) for item, (guide, _identity) in zip(items, names, strict=True)]
    HandlingVersion.objects.bulk_create(versions)
    of_item = HandlingVersion.objects.filter(handling_item=OuterRef("pk"))
    HandlingItem.objects.filter(id__in=[item.id for item in items]).update(current=Subquery(of_item.values("id")[:1]))
    write_entries([entry_of(item, guide) for item, (guide, _identity) in zip(items, names, strict=True)])
    for item, version in zip(items, versions, strict=True):
        record_version(item, version, actor, now)


def _item(
    guide: Guide, identity: Identity, services: dict[tuple[object, ...], ServiceItem], now: datetime
) -> HandlingItem:
    return HandlingItem(
        service_item=services[_key(identity)],
        code=identity.code,
        source_key=identity.source_key,
        name=guide.name,
        name_en=guide.name_en,
        audiences=list(guide.audiences),
        has_guide=False,
        changed_at=now,
    )


def _version(item: HandlingItem, guide: Guide, now: datetime) -> HandlingVersion:
    document = guide.model_dump(mode="json", exclude_defaults=True)
    return HandlingVersion(
        handling_item=item, version=1, guide=document, digest=digest_of(guide, None, None), published_at=now
    )


def _key(identity: Identity) -> tuple[object, ...]:
    return (
        identity.catalogue_code,
        identity.organisation_id,
        identity.implementation_code,
        identity.source,
        identity.authority_name,
        identity.region_code,
    )


def _service_items(names: Sequence[Name]) -> dict[tuple[object, ...], ServiceItem]:
    """Return the service items of all identities, made where they are missing."""
    codes = _catalogue_items(names)
    wanted = {
        _key(identity): ServiceItem(
            catalogue_item_id=codes[identity.catalogue_code],
            organisation_id=identity.organisation_id,
            implementation_code=identity.implementation_code,
            source=identity.source,
            authority_name=identity.authority_name,
            region_code=identity.region_code,
        )
        for _guide, identity in names
    }
    ServiceItem.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    sources = {identity.source for _guide, identity in names}
    there = ServiceItem.objects.filter(catalogue_item__in=codes.values(), source__in=sources)
    found = {
        (row.catalogue_item.code, *(getattr(row, name) for name in _SERVICE[1:])): row
        for row in there.select_related("catalogue_item", "organisation")
    }
    return {key: found[key] for key in wanted}


def _catalogue_items(names: Sequence[Name]) -> dict[str, UUID]:
    wanted = {
        identity.catalogue_code: CatalogueItem(
            code=identity.catalogue_code, name=identity.catalogue_name or guide.name, item_type=guide.item_type
        )
        for guide, identity in names
    }
    CatalogueItem.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return dict(CatalogueItem.objects.filter(code__in=wanted).values_list("code", "id"))
