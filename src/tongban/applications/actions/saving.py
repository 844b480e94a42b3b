"""Save a part of a draft. Nothing typed is lost: what is wrong goes back to the page, what is right is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.applications import queries
from tongban.applications.actions.beginning import DRAFT_KEPT_DAYS
from tongban.applications.errors import Incomplete, StaleDraft
from tongban.applications.events import DraftSaved
from tongban.applications.models import Draft
from tongban.applications.rules import check_delivery, missing_materials
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Invalid, NotFound
from tongban.forms import rules as form_rules
from tongban.ledger import actions as ledger


@dataclass(frozen=True)
class StepSaved:
    """The draft after saving, and what is wrong with the answers that were not kept."""

    draft: Draft
    errors: dict[str, list[str]]


def touch(draft: Draft, *, actor: Actor, part: str, now: datetime) -> None:
    """Write a changed draft: new revision, new expiry, event."""
    draft.revision += 1
    draft.changed_at = now
    draft.expires_on = office_date(now) + timedelta(days=DRAFT_KEPT_DAYS)
    draft.save()
    ledger.record(DraftSaved(subject_id=draft.id, part=part), actor=actor, now=now)


def _mark(draft: Draft, part: str, *, done: bool) -> None:
    rest = [key for key in draft.steps_done if key != part]
    draft.steps_done = [*rest, part] if done else rest


@transaction.atomic
def save_step(
    *,
    actor: Actor,
    draft_id: UUID,
    step_key: str,
    typed: Mapping[str, object],
    now: datetime,
    revision: int | None = None,
) -> StepSaved:
    """Check and keep the answers of a step: right answers are kept even when others are wrong.

    Raises StaleDraft when `revision` is given and the draft was changed elsewhere since the page was loaded.
    """
    draft = queries.locked_draft(actor, draft_id)
    if revision is not None and revision != draft.revision:
        raise StaleDraft(revision=draft.revision)
    document = queries.document_of(draft)
    if step_key not in {step.key for step in document.steps}:
        raise NotFound
    draft.changed_at = now
    fixed = {
        key: form_rules.Filled(fill.value, is_fixed=True)
        for key, fill in queries.fills_for(draft, step_key).items()
        if fill.is_fixed
    }
    if fixed:
        typed = form_rules.with_fixed(document, typed, fixed)
    context = {**queries.context_of(draft), "form": draft.values}
    checked = form_rules.check_step(document, step_key, typed, context)
    own = {field.key for step in document.steps if step.key == step_key for field in step.fields}
    kept = {key: value for key, value in draft.values.items() if key not in own}
    draft.values = kept | {key: value for key, value in checked.values.items() if key not in checked.errors}
    _mark(draft, step_key, done=not checked.errors)
    touch(draft, actor=actor, part=step_key, now=now)
    return StepSaved(draft, {key: [str(words) for words in sentences] for key, sentences in checked.errors.items()})


@transaction.atomic
def save_materials(*, actor: Actor, draft_id: UUID, now: datetime) -> Draft:
    """Note that the materials are together; raises Incomplete naming each that is still missing."""
    draft = queries.locked_draft(actor, draft_id)
    missing = missing_materials(queries.material_states(draft, now))
    if missing:
        raise Incomplete({material.key: [_missing_words(material.name)] for material in missing})
    _mark(draft, queries.MATERIALS, done=True)
    touch(draft, actor=actor, part=queries.MATERIALS, now=now)
    return draft


@transaction.atomic
def save_delivery(*, actor: Actor, draft_id: UUID, typed: Mapping[str, str], now: datetime) -> Draft:
    """Keep how the result should reach the applicant; raises Invalid."""
    draft = queries.locked_draft(actor, draft_id)
    checked = check_delivery(typed, electronic=queries.electronic_consent(draft))
    if checked.errors:
        raise Invalid(checked.errors)
    draft.delivery = checked.values
    _mark(draft, queries.DELIVERY, done=True)
    touch(draft, actor=actor, part=queries.DELIVERY, now=now)
    return draft


def _missing_words(name: str) -> str:
    from_guide = _("Please add: %(material)s. If it does not apply to you, say so there.")
    return from_guide % {"material": name}
