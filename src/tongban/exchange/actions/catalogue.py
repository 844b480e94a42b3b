"""The life of an entry of the catalogue: drafted, reviewed by another office, published, replaced, withdrawn."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.base.text import clean_lines
from tongban.exchange import errors, events
from tongban.exchange.models import Resource, ResourceItem, ResourceVersion
from tongban.exchange.queries.rights import reviews, stewards
from tongban.exchange.rules.entries import EntryDraft, ItemDraft, problems
from tongban.ledger import actions as ledger

NOTED_EACH = timedelta(minutes=1)
"""How exactly it is known when the data of a resource changed."""


@transaction.atomic
def begin_resource(*, actor: Actor, provider_id: UUID, draft: EntryDraft, now: datetime) -> ResourceVersion:
    """Draft the first version of a new entry. Raises NotYours, NotComplete (its short name or code is taken, too)."""
    _refuse_unfit(actor, provider_id, draft)
    resource = _resource(provider_id, draft, now)
    if resource.versions.exists():
        raise errors.NotComplete({"slug": [_("This short name belongs to another resource.")]})
    return _drafted(resource, draft, 1, "", actor, now)


@transaction.atomic
def draft_resource(
    *, actor: Actor, provider_id: UUID, draft: EntryDraft, now: datetime, after: UUID | None = None
) -> ResourceVersion:
    """Draft an entry, or the next version of one. A draft that is there is replaced; the reviewer's word stays.

    `after`: the newest version as the drafter has seen it; where somebody has drafted meanwhile, nothing is replaced.
    Raises NotYours, NotComplete, NotInThisState (a version waits for its review, or is newer than what was seen).
    """
    _refuse_unfit(actor, provider_id, draft)
    resource = _resource(provider_id, draft, now)
    newest = resource.versions.order_by("-number").first()
    if newest is None:
        return _drafted(resource, draft, 1, "", actor, now)
    if newest.state == ResourceVersion.State.IN_REVIEW or (after is not None and after != newest.id):
        raise errors.NotInThisState
    if newest.state != ResourceVersion.State.DRAFT:
        return _drafted(resource, draft, newest.number + 1, "", actor, now)
    newest.delete()
    return _drafted(resource, draft, newest.number, newest.word, actor, now)


def next_version(
    resource: Resource, draft: EntryDraft, *, drafted_by_id: UUID | None, actor: Actor, now: datetime
) -> ResourceVersion:
    """Return the next version of a locked resource, in review already: what was decided elsewhere is put into force."""
    newest = resource.versions.order_by("-number").first()
    version = _drafted(resource, draft, newest.number + 1 if newest else 1, "", actor, now)
    version.drafted_by_id, version.submitted_at, version.state = drafted_by_id, now, ResourceVersion.State.IN_REVIEW
    version.save(update_fields=["drafted_by", "submitted_at", "state"])
    _record(events.ResourceSubmitted, version, actor, now)
    return version


def _refuse_unfit(actor: Actor, provider_id: UUID, draft: EntryDraft) -> None:
    if not stewards(actor, provider_id):
        raise errors.NotYours
    if wrong := problems(draft):
        raise errors.NotComplete(wrong)


def _drafted(
    resource: Resource, draft: EntryDraft, number: int, word: str, actor: Actor, now: datetime
) -> ResourceVersion:
    version = _version(resource, draft, number, word, actor, now)
    _record(events.ResourceDrafted, version, actor, now)
    return version


def _resource(provider_id: UUID, draft: EntryDraft, now: datetime) -> Resource:
    """Return the locked resource, made if it is new; who gives it, its code and its subject never change."""
    Resource.objects.bulk_create(
        [
            Resource(
                slug=draft.slug,
                code=draft.code,
                provider_id=provider_id,
                subject_kind=draft.subject_kind,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    resource = Resource.objects.select_for_update().filter(slug=draft.slug).first()
    given = (provider_id, draft.code, draft.subject_kind)
    if resource is None:
        raise errors.NotComplete({"code": [_("This code belongs to another resource.")]})
    if (resource.provider_id, resource.code, resource.subject_kind) != given:
        raise errors.NotComplete({"slug": [_("This short name belongs to another resource.")]})
    return resource


def _version(
    resource: Resource, draft: EntryDraft, number: int, word: str, actor: Actor, now: datetime
) -> ResourceVersion:
    version = ResourceVersion.objects.create(
        resource=resource,
        number=number,
        name=draft.name,
        name_en=draft.name_en,
        summary=draft.summary,
        classification=draft.classification,
        category=draft.category,
        division=draft.division,
        format=draft.format,
        sharing_way=draft.sharing_way,
        update_cycle=draft.update_cycle,
        related_codes=list(draft.related_codes),
        word=word,
        drafted_by_id=actor.official_id,
        drafted_at=now,
    )
    ResourceItem.objects.bulk_create(_item(version, place, item) for place, item in enumerate(draft.items))
    return version


def _item(version: ResourceVersion, place: int, item: ItemDraft) -> ResourceItem:
    return ResourceItem(
        version=version,
        position=place,
        code=item.code,
        name=item.name,
        name_en=item.name_en,
        type=item.type,
        length=item.length,
        is_key=item.is_key,
        is_required=item.is_required,
        is_sensitive=item.is_sensitive,
        sharing_class=item.sharing_class,
        sharing_condition=item.sharing_condition,
        opening_class=item.opening_class,
        opening_condition=item.opening_condition,
        code_list=list(item.code_list),
        datum=item.datum,
        is_lead=item.is_lead,
    )


@transaction.atomic
def submit_resource(*, actor: Actor, version_id: UUID, now: datetime) -> ResourceVersion:
    """Hand a draft in for review. Raises NotFound, NotYours, NotInThisState."""
    version = _locked(version_id)
    if not stewards(actor, version.resource.provider_id):
        raise errors.NotYours
    if version.state != ResourceVersion.State.DRAFT:
        raise errors.NotInThisState
    version.state, version.submitted_at = ResourceVersion.State.IN_REVIEW, now
    version.save(update_fields=["state", "submitted_at"])
    _record(events.ResourceSubmitted, version, actor, now)
    return version


@transaction.atomic
def send_back_resource(*, actor: Actor, version_id: UUID, word: str, now: datetime) -> ResourceVersion:
    """Send an entry back to be mended.

    Raises NotFound, OnlyTheCentre, ReviewedByAuthor, NotInThisState, NotComplete.
    """
    version = _to_be_reviewed(actor, version_id)
    said = clean_lines(word)[:1000]
    if not said:
        raise errors.NotComplete({"word": [_("Please say what is to be mended.")]})
    version.state, version.word = ResourceVersion.State.DRAFT, said
    version.reviewed_by_id, version.reviewed_at = actor.official_id, now
    version.save(update_fields=["state", "word", "reviewed_by", "reviewed_at"])
    _record(events.ResourceSentBack, version, actor, now)
    return version


@transaction.atomic
def publish_resource(*, actor: Actor, version_id: UUID, now: datetime) -> ResourceVersion:
    """Put a reviewed version into force; it replaces the one before.

    Raises NotFound, OnlyTheCentre, ReviewedByAuthor, NotInThisState, LeadTaken.
    """
    version = _to_be_reviewed(actor, version_id)
    resource = version.resource
    _end_version_in_force(resource, ResourceVersion.State.REPLACED)
    version.state, version.word, version.published_on = ResourceVersion.State.PUBLISHED, "", office_date(now)
    version.reviewed_by_id, version.reviewed_at = actor.official_id, now
    version.save(update_fields=["state", "word", "published_on", "reviewed_by", "reviewed_at"])
    try:
        with transaction.atomic():
            version.items.update(in_force=True)
    except IntegrityError as taken:
        data = version.items.filter(is_lead=True, datum__in=_led()).values_list("datum", flat=True)
        raise errors.LeadTaken(data=sorted(data)) from taken
    resource.in_force, resource.name, resource.name_en = version, version.name, version.name_en
    resource.field_codes = list(version.items.order_by("position").values_list("code", flat=True))
    resource.withdrawn_at = None
    resource.save(update_fields=["in_force", "name", "name_en", "field_codes", "withdrawn_at"])
    _record(events.ResourcePublished, version, actor, now)
    return version


def _led() -> list[str]:
    return list(ResourceItem.objects.filter(is_lead=True, in_force=True).values_list("datum", flat=True))


@transaction.atomic
def withdraw_resource(*, actor: Actor, resource_id: UUID, now: datetime) -> Resource:
    """Take a resource out of the catalogue: from now on the gate answers nothing of it.

    Raises NotFound, NotYours, NotInThisState.
    """
    resource = Resource.objects.select_for_update().filter(id=resource_id).first()
    if resource is None:
        raise NotFound
    if not stewards(actor, resource.provider_id):
        raise errors.NotYours
    version = resource.in_force
    if version is None:
        raise errors.NotInThisState
    resource.in_force, resource.field_codes, resource.withdrawn_at = None, [], now
    resource.save(update_fields=["in_force", "field_codes", "withdrawn_at"])
    _end_version_in_force(resource, ResourceVersion.State.WITHDRAWN)
    _record(events.ResourceWithdrawn, version, actor, now)
    return resource


@transaction.atomic
def note_update(*, resource_id: UUID, now: datetime) -> None:
    """Note that the data of a resource have changed: the declared cycle is compared with it.

    Noted once a minute: offices that write in one register at the same time do not wait for each other at this row.
    """
    older = Q(updated_at__isnull=True) | Q(updated_at__lt=now - NOTED_EACH)
    Resource.objects.filter(older, id=resource_id).update(updated_at=now)


def _locked(version_id: UUID) -> ResourceVersion:
    version = (
        ResourceVersion.objects.select_for_update(of=("self", "resource"))
        .select_related("resource")
        .filter(id=version_id)
        .first()
    )
    if version is None:
        raise NotFound
    return version


def _to_be_reviewed(actor: Actor, version_id: UUID) -> ResourceVersion:
    version = _locked(version_id)
    if not reviews(actor):
        raise errors.OnlyTheCentre
    if version.state != ResourceVersion.State.IN_REVIEW:
        raise errors.NotInThisState
    if actor.official_id is not None and version.drafted_by_id == actor.official_id:
        raise errors.ReviewedByAuthor
    return version


def _end_version_in_force(resource: Resource, state: ResourceVersion.State) -> None:
    ResourceItem.objects.filter(version__resource=resource, in_force=True).update(in_force=False)
    resource.versions.filter(state=ResourceVersion.State.PUBLISHED).update(state=state)


def _record(event: type[events.ResourceEvent], version: ResourceVersion, actor: Actor, now: datetime) -> None:
    ledger.record(event(subject_id=version.resource_id, version=version.number), actor=actor, now=now)
