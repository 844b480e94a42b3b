"""One handling item, its versions, its guide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from tongban.base.errors import NotFound
from tongban.catalogue import rules
from tongban.catalogue.guide import Guide
from tongban.catalogue.models import HandlingItem, HandlingVersion
from tongban.catalogue.rules import Applied

KEPT = 256
"""Guides kept in memory: versions never change. One takes about 50 kB."""


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


_REVISION = """
    SELECT item.current_id, item.state, item.applicable, item.changed_at, (
        SELECT concat_ws(' ', service.xmin,
            (SELECT general.xmin FROM catalogue_catalogueitem AS general WHERE general.id = service.catalogue_item_id),
            (SELECT office.xmin FROM organisations_organisation AS office WHERE office.id = service.organisation_id)
        )
        FROM catalogue_serviceitem AS service WHERE service.id = item.service_item_id
    )
    FROM catalogue_handlingitem AS item WHERE item.code = %s
"""


def guide_revision(code: str) -> tuple[object, ...] | None:
    """Return what changes whenever the page of a guide would; None when there is no such item. One short query.

    The item's own columns, for counting applications changes its row too; of the service, the catalogue item and the
    office the number of the transaction that wrote the row last, which no writer can forget to change.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, [code])
        found: tuple[object, ...] | None = cursor.fetchone()
    return found


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


def versions_to_apply_for() -> QuerySet[HandlingVersion]:
    """Return versions with item, service item, organisation and catalogue item; without guides, kept by their ids."""
    return HandlingVersion.objects.select_related(
        "handling_item__service_item__organisation", "handling_item__service_item__catalogue_item"
    ).defer("guide")


def item_names(codes: Iterable[str]) -> dict[str, str]:
    """Return code → name of handling items for a page that shows many, in one query."""
    return dict(HandlingItem.objects.filter(code__in=set(codes)).values_list("code", "name"))


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
