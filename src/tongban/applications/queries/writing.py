"""Drafts that somebody may write: seen, and locked until the end of the transaction."""

from uuid import UUID

from django.db.models import QuerySet

from tongban.applications.models import Draft
from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once
from tongban.base.errors import NotFound
from tongban.catalogue import queries as catalogue

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
    """Return a draft locked, with the item, the office and the people that its submission needs; raises NotFound."""
    if not actor.is_resident:
        whole = _with_relations(visible_drafts(actor)).select_related(*_RELATED, "account")
        return _found(whole.select_for_update(of=("self",)), draft_id)
    draft = _submitted.first(draft_id, actor.account_id) if actor.account_id else None
    if draft is None:
        raise NotFound
    draft.handling_version = catalogue.version_to_apply_for(draft.handling_version_id)
    return draft


def _with_relations(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Fetch what a page of a draft needs, without guide and form: they are large, and cached by their ids."""
    return drafts.select_related(*_RELATED).defer("handling_version__guide")


@compiled_once
def _submitted(draft_id: UUID, account_id: UUID) -> QuerySet[Draft]:
    return (
        Draft.objects.filter(id=draft_id, account_id=account_id)
        .select_related("account", "person", "ward", "enterprise")
        .select_for_update(of=("self",))
    )


def _found(drafts: QuerySet[Draft], draft_id: UUID) -> Draft:
    draft = drafts.filter(id=draft_id).first()
    if draft is None:
        raise NotFound
    return draft
