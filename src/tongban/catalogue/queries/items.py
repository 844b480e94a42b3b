"""One handling item, its versions, its guide."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from tongban.base.errors import NotFound
from tongban.catalogue import rules
from tongban.catalogue.guide import Guide
from tongban.catalogue.models import HandlingItem, HandlingVersion
from tongban.catalogue.rules import Applied

KEPT = 1024
"""Guides kept in memory: versions never change."""


@dataclass(frozen=True, slots=True)
class Published:
    """A handling item with its current version and guide."""

    item: HandlingItem
    version: HandlingVersion
    guide: Guide


def item(code: str) -> HandlingItem:
    """Return a handling item by its code, with its current version and organisation; raises NotFound."""
    items = HandlingItem.objects.select_related("current", "service_item__organisation", "service_item__catalogue_item")
    found = items.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def published(code: str) -> Published:
    """Return an item that is not cancelled, with its current version and guide; raises NotFound."""
    found = item(code)
    if found.current is None or found.state == HandlingItem.State.CANCELLED:
        raise NotFound
    return Published(item=found, version=found.current, guide=guide_of(found.current.id))


def version(version_id: UUID) -> HandlingVersion:
    """Return a version, with its item and organisation; raises NotFound."""
    found = (
        HandlingVersion.objects.select_related("handling_item__service_item__organisation")
        .filter(id=version_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=KEPT)
def guide_of(version_id: UUID) -> Guide:
    """Return the guide of a version; raises NotFound."""
    document = HandlingVersion.objects.filter(id=version_id).values_list("guide", flat=True).first()
    if document is None:
        raise NotFound
    return Guide.model_validate(document)


def applied(guide: Guide, *, situation: Mapping[str, str], applicant_kind: str) -> Applied:
    """Return what of a guide applies to somebody; `applicant_kind` is "person" or "enterprise"."""
    return rules.applies(guide, situation, applicant_kind)


clean_situation = rules.clean_situation
open_questions = rules.open_questions
