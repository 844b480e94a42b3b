"""Publish a guide, with its form and process, as the current version of a handling item."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, Words
from tongban.catalogue.actions.indexing import index
from tongban.catalogue.errors import CodeTaken
from tongban.catalogue.events import HandlingVersionPublished
from tongban.catalogue.guide import Guide
from tongban.catalogue.models import CatalogueItem, HandlingItem, HandlingVersion, ServiceItem, Theme
from tongban.catalogue.queries.registers import not_granted, resources_of
from tongban.catalogue.rules import THEMES, asking_faults, faults, verdict
from tongban.forms import actions as forms
from tongban.forms import rules as form_rules
from tongban.forms.rules import FormDocument
from tongban.ledger import actions as ledger
from tongban.processes import actions as processes
from tongban.processes import queries as process_queries

if TYPE_CHECKING:
    from tongban.forms.models import FormVersion
    from tongban.processes.models import ProcessVersion

CODE_LENGTH = 120
MANAGERS = ("item_manager", "operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a handling item is, apart from what its guide says."""

    code: str
    catalogue_code: str
    catalogue_name: str = ""
    organisation_id: UUID | None = None
    implementation_code: str = ""
    source: str = ""
    source_key: str = ""
    authority_name: str = ""
    region_code: str = ""

    def as_arguments(self) -> dict[str, Any]:
        """Return it as arguments of `publish`."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless the actor may change the catalogue: item managers 事项管理员, operators, the system."""
    if actor.kind != "system" and not any(actor.has_role(role) for role in MANAGERS):
        raise Forbidden


def address_of(code: str) -> str:
    """Return a code as it stands in an address: letters, digits, hyphens."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", code).strip("-")[:CODE_LENGTH]


def digest_of(guide: Guide, form: FormDocument | None, bpmn: str | None) -> str:
    """Return the digest of a version. Designed parts count; default ones follow from the guide."""
    whole: dict[str, Any] = {
        "guide": guide.model_dump(mode="json", exclude_defaults=True),
        "form": form.model_dump(mode="json", exclude_defaults=True) if form else None,
        "bpmn": bpmn,
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def publish(
    *,
    actor: Actor,
    guide: Guide,
    code: str,
    now: datetime,
    catalogue_code: str = "",
    catalogue_name: str = "",
    organisation_id: UUID | None = None,
    implementation_code: str = "",
    source: str = "",
    source_key: str = "",
    authority_name: str = "",
    region_code: str = "",
    form: FormDocument | None = None,
    bpmn: str | None = None,
) -> HandlingVersion:
    """Make the guide the current version of the item `code`; the same again is the version that is there.

    Without `form` and `bpmn` a default form and the default process of its kind are used, so that whatever has a guide
    can be applied for at once. Without `organisation_id` the intake post takes it in. `source` and `source_key` say
    where it came from. What is asked of registers without a grant stands in `warnings` of the version returned.
    Raises Forbidden, Invalid (place in the guide → sentences), CodeTaken, and what forms and processes refuse.
    """
    require_manager(actor)
    if wrong := faults(guide) or _broken_promise(guide, source) or _unanswerable(guide, form):
        raise Invalid(wrong)
    identity = Identity(
        code=address_of(code),
        catalogue_code=catalogue_code or code,
        catalogue_name=catalogue_name,
        organisation_id=organisation_id,
        implementation_code=implementation_code,
        source=source,
        source_key=source_key,
        authority_name=authority_name or guide.authority_name,
        region_code=region_code,
    )
    _one_at_a_time(identity.code)
    item = _item(identity, now, guide)
    digest = digest_of(guide, form, bpmn)
    current = item.current
    if current is not None:
        if current.digest == digest and not moved(item, identity):
            return _warned(current, guide, item, now)
        item.service_item = _service_item(identity, guide)
    if current is None or current.digest != digest:
        current = _new_version(item, guide, digest, form, bpmn, now)
        record_version(item, current, actor, now)
    _describe(item, guide, current, now)
    return _warned(current, guide, item, now)


def _unanswerable(guide: Guide, form: FormDocument | None) -> Mapping[str, list[Words]]:
    """Refuse to ask registers what they cannot answer."""
    if not guide.askings:
        return {}
    document = form or form_rules.default_document(audiences=guide.audiences, guide_name=guide.name)
    return asking_faults(guide, document, resources_of(guide))


def _warned(version: HandlingVersion, guide: Guide, item: HandlingItem, now: datetime) -> HandlingVersion:
    """Tell whoever publishes what the office may not ask yet."""
    if guide.askings:
        service = item.service_item
        codes = {item.code, service.catalogue_item.code}
        version.warnings = tuple(not_granted(guide, organisation_id=service.organisation_id, item_codes=codes, now=now))
    return version


def _broken_promise(guide: Guide, source: str) -> Mapping[str, list[Words]]:
    """Refuse to promise what is longer than the law allows; a guide brought in from elsewhere is told as it stands."""
    if source or verdict(guide.promised_limit, guide.statutory_limit) != "longer":
        return {}
    return {"promised_limit": [_("The promise is longer than the law allows. Please shorten it, or check the units.")]}


def _one_at_a_time(code: str) -> None:
    """Let publishers of the same item wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalogue.publish:' || %s, 0))", [code])


def moved(item: HandlingItem, identity: Identity) -> bool:
    """Whether something beside the guide differs: who carries it out, or that it had been cancelled."""
    there = item.service_item
    return item.state == HandlingItem.State.CANCELLED or (
        there.catalogue_item.code,
        there.organisation_id,
        there.implementation_code,
        there.source,
        there.authority_name,
        there.region_code,
    ) != (
        identity.catalogue_code,
        identity.organisation_id,
        identity.implementation_code,
        identity.source,
        identity.authority_name,
        identity.region_code,
    )


def _item(identity: Identity, now: datetime, guide: Guide) -> HandlingItem:
    items = HandlingItem.objects.select_related("current", "service_item__catalogue_item", "service_item__organisation")
    item = items.filter(code=identity.code).first()
    if item is None:
        return HandlingItem.objects.create(
            code=identity.code,
            source_key=identity.source_key,
            service_item=_service_item(identity, guide),
            name=guide.name,
            changed_at=now,
        )
    if item.source_key != identity.source_key:
        raise CodeTaken
    return item


def _service_item(identity: Identity, guide: Guide) -> ServiceItem:
    catalogue_item, _made = CatalogueItem.objects.get_or_create(
        code=identity.catalogue_code,
        defaults={"name": identity.catalogue_name or guide.name, "item_type": guide.item_type},
    )
    service_item, _made = ServiceItem.objects.get_or_create(
        catalogue_item=catalogue_item,
        organisation_id=identity.organisation_id,  # type: ignore[misc]  # None is looked up as IS NULL
        implementation_code=identity.implementation_code,
        source=identity.source,
        authority_name=identity.authority_name,
        region_code=identity.region_code,
    )
    return service_item


def _new_version(
    item: HandlingItem, guide: Guide, digest: str, form: FormDocument | None, bpmn: str | None, now: datetime
) -> HandlingVersion:
    form_version: FormVersion | None = None
    process: ProcessVersion | None = None
    if guide.has_guide:
        document = form or form_rules.default_document(audiences=guide.audiences, guide_name=guide.name)
        form_version = forms.publish(code=item.code, document=document, now=now)
        process = _process(item.code, guide, bpmn, now)
    number = item.versions.count() + 1 if item.current_id else 1
    return HandlingVersion.objects.create(
        handling_item=item,
        version=number,
        guide=guide.model_dump(mode="json", exclude_defaults=True),
        digest=digest,
        form=form_version,
        process=process,
        published_at=now,
    )


def _process(code: str, guide: Guide, bpmn: str | None, now: datetime) -> "ProcessVersion":
    if bpmn is not None:
        return processes.publish(code=code, name=guide.name, bpmn=bpmn, now=now)
    return process_queries.default_process("on_the_spot" if guide.handling_kind == "on_the_spot" else "promised")


def _describe(item: HandlingItem, guide: Guide, version: HandlingVersion, now: datetime) -> None:
    """Copy onto the item what lists and search need. A cancelled item that is published again is in use."""
    item.current = version
    item.name, item.name_en = guide.name, guide.name_en
    item.audiences = list(guide.audiences)
    item.has_guide = guide.has_guide
    item.applicable = guide.has_guide and version.form_id is not None and version.process_id is not None
    if item.state == HandlingItem.State.CANCELLED:
        item.state = HandlingItem.State.IN_USE
    item.changed_at = now
    item.save()
    if guide.themes or version.version > 1:
        item.themes.set([_theme(code) for code in guide.themes])
    index(item, guide)


def _theme(code: str) -> Theme:
    shape = THEMES[code]
    theme, _made = Theme.objects.get_or_create(
        code=shape.code,
        defaults={
            "kind": shape.kind,
            "audience": shape.audience,
            "name": shape.name,
            "name_en": shape.name_en,
            "icon": shape.icon,
            "position": shape.position,
        },
    )
    return theme


def record_version(item: HandlingItem, version: HandlingVersion, actor: Actor, now: datetime) -> None:
    """Tell the ledger that a version came out."""
    event = HandlingVersionPublished(subject_id=item.id, code=item.code, version=version.version, digest=version.digest)
    ledger.record(event, actor=actor, now=now)
