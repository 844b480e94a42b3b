"""Drafts that somebody may write: seen, and locked until the end of the transaction."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet, Subquery

from tongban.accounts import queries as accounts
from tongban.applications.models import Draft, DraftMaterial
from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once, together
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue

if TYPE_CHECKING:
    from tongban.catalogue.models import HandlingVersion
    from tongban.organisations.models import Post

_RELATED = (
    "handling_version__handling_item__service_item__organisation",
    "handling_version__handling_item__service_item__catalogue_item",
    "person",
    "ward",
    "enterprise",
)


def visible_drafts(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts that the actor may write: a resident's own, a clerk's of their windows."""
    if actor.is_resident and actor.account_id:
        return Draft.objects.filter(account_id=actor.account_id)
    if actor.is_official:
        return Draft.objects.filter(window_post_id__in=actor.post_ids)
    return Draft.objects.none()


def draft_for(actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft that the actor may write; raises NotFound."""
    return _found(_with_relations(visible_drafts(actor)), draft_id)


def locked_draft(actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft that the actor may write, its row locked until the end of the transaction; raises NotFound.

    Without what only a page or the submission needs: saving a step is the commonest of all writes.
    """
    light = visible_drafts(actor).select_related("handling_version").defer("handling_version__guide")
    return _found(light.select_for_update(of=("self",)), draft_id)


def locked_whole_draft(actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft locked, with the item, the office and the people that its submission needs; raises NotFound.

    One message locks the draft, and then asks for what hangs on it and by what its case will be reckoned. A ward or an
    enterprise is fetched when somebody looks at it.
    """
    if not actor.is_resident:
        whole = _with_relations(visible_drafts(actor)).select_related(*_RELATED, "account")
        return _found(whole.select_for_update(of=("self",)), draft_id)
    if actor.account_id is None or actor.person_id is None:
        raise NotFound
    drafts, versions, accepting, present, owners, persons, consents, *standing = together(
        _submitted.asking(draft_id, actor.account_id),
        _version_of.asking(draft_id),
        _accepting.asking(draft_id),
        materials_present.asking(draft_id),
        accounts.account_rows.asking([actor.account_id]),
        accounts.persons_by_ids.asking([actor.person_id]),
        accounts.electronic_consent_rows.asking(actor.account_id),
        *cases.standing_questions(),
    )
    if not drafts:
        raise NotFound
    draft: Draft = drafts[0]
    draft.known_materials, draft.known_consent = present, bool(consents)
    draft.known_standing, draft.known_post_id = cases.Standing(*standing), next(iter(accepting), None)
    draft.account = owners[0]
    if persons and draft.person_id == persons[0].id:
        draft.person = persons[0]
    draft.handling_version = versions[0]
    return draft


def _with_relations(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Fetch what a page of a draft needs, without guide and form: they are large, and cached by their ids."""
    return drafts.select_related(*_RELATED).defer("handling_version__guide")


@compiled_once
def _submitted(draft_id: UUID, account_id: UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(id=draft_id, account_id=account_id).select_for_update()


@compiled_once
def _version_of(draft_id: UUID) -> "QuerySet[HandlingVersion]":
    versions = Draft.objects.filter(id=draft_id).values("handling_version_id")
    return catalogue.versions_to_apply_for().filter(id__in=versions)


@compiled_once
def _accepting(draft_id: UUID) -> "QuerySet[Post, UUID]":
    """Return the post that accepts the case, where the office of the draft's item has one of its own."""
    office = Draft.objects.filter(id=draft_id).values("handling_version__handling_item__service_item__organisation_id")
    return cases.accepting_posts().filter(organisation_id=Subquery(office)).values_list("id", flat=True)[:1]


@compiled_once
def materials_present(draft_id: UUID) -> QuerySet[DraftMaterial]:
    """Return what is there for the materials of a draft."""
    return DraftMaterial.objects.filter(draft_id=draft_id).select_related("file")


def _found(drafts: QuerySet[Draft], draft_id: UUID) -> Draft:
    draft = drafts.filter(id=draft_id).first()
    if draft is None:
        raise NotFound
    return draft
