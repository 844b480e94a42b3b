"""Submit an application: one transaction from the draft to the case with its receipt."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.applications import queries
from tongban.applications.actions.answers import kept_answers
from tongban.applications.errors import ActsNoMore, Incomplete, NotApplicable, NotDeclared
from tongban.applications.events import ApplicationSubmitted
from tongban.applications.models import (
    ApplicantKind,
    Application,
    ApplicationMaterial,
    Draft,
    DraftMaterial,
    MaterialWay,
    RegistersChoice,
)
from tongban.applications.rules import MaterialState, missing_materials, terms_of
from tongban.applications.rules.papers import receipt_content
from tongban.applications.rules.registers import Fill, source_words
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.base.rows import gone, new, write_last
from tongban.cases import actions as cases
from tongban.cases.kinds import ApplicantRef, DeliveryWish
from tongban.catalogue import queries as catalogue
from tongban.forms import rules as form_rules
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations
from tongban.papers import actions as papers
from tongban.processes import queries as processes

DECLARATION_VERSION = "2026-1"
KIND = "application"
RETENTION_YEARS = 10
"""Policy: what was declared is kept for ten years after the end of the case, unless the kind says otherwise."""


def submit(*, actor: Actor, draft_id: UUID, idempotency_key: UUID, declared: bool, now: datetime) -> Application:
    """Submit a draft. The same key again answers with the same application, whatever died in between.

    Raises NotDeclared, Incomplete (fields by form field, material or "delivery"), NotApplicable when the item was
    suspended meanwhile, ActsNoMore, NotFound.
    """
    with transaction.atomic():
        draft = _locked_or_done(actor, draft_id)
        if draft is None or draft.idempotency_key != idempotency_key:
            done = queries.application_by_key(actor, idempotency_key)
            if done is None:
                raise NotFound
            return done
        return _submit_locked(actor=actor, draft=draft, declared=declared, now=now)


def _locked_or_done(actor: Actor, draft_id: UUID) -> Draft | None:
    """Return the draft locked; None when another request has submitted it while we waited for the lock."""
    try:
        return queries.locked_whole_draft(actor, draft_id)
    except NotFound:
        return None


def _check_acts(draft: Draft, now: datetime) -> None:
    """Refuse who has lost the enterprise since the draft was begun. Costs matters of persons nothing."""
    if draft.enterprise_id is None or draft.account_id is None:
        return
    if not organisations.may_act_for(draft.person_id, draft.enterprise_id, office_date(now)):
        raise ActsNoMore


def _submit_locked(*, actor: Actor, draft: Draft, declared: bool, now: datetime) -> Application:
    _check_acts(draft, now)
    states, fills = queries.material_states(draft, now), queries.fills_of(draft)
    values = _checked(draft, states, fills, declared=declared)
    opening = _opening(actor=actor, draft=draft, values=values, now=now)
    case, materials = opening.case, _materials(states, now)
    issuing = papers.numbered(
        kind="receipt",
        organisation=case.organisation,
        subject_id=case.id,
        content=receipt_content(case, materials),
        now=now,
    )
    receipt = issuing.paper
    application = Application(
        case=case,
        handling_version_id=draft.handling_version_id,
        applicant_kind=draft.applicant_kind,
        situation=draft.situation,
        values=values,
        proxy=draft.proxy,
        declared_at=now,
        declaration_version=DECLARATION_VERSION,
        idempotency_key=draft.idempotency_key,
        receipt=receipt,
        draft_id=draft.id if draft.registers == RegistersChoice.AGREED else None,
    )
    answers = list(kept_answers(fills, states, values))
    for row in materials:
        row.application = application
    for answer in answers:
        answer.application = application
    submitted = ApplicationSubmitted(
        subject_id=case.id,
        application_id=str(application.id),
        draft_id=str(draft.id),
        handling_item_id=str(draft.handling_version.handling_item_id),
        handling_version_id=str(application.handling_version_id),
        receipt_number=receipt.number,
    )
    write_last(
        *opening.changes,
        *issuing.changes,
        *new(application),
        *new(*materials),
        *new(*answers),
        *gone(draft, DraftMaterial),
        *cases.filed(case=case, paper=receipt),
        ledger.recorded(opening.entry, issuing.entry, ledger.Entry(event=submitted, actor=actor), now=now),
    )
    return application


def _checked(
    draft: Draft, states: list[MaterialState], fills: Mapping[str, Fill], *, declared: bool
) -> dict[str, object]:
    """Return the clean values of the whole form; raises what is still missing, all at once."""
    if draft.handling_version.handling_item.state != "in_use":
        raise NotApplicable
    document = queries.document_of(draft)
    given = queries.with_fixed(draft, fills)
    checked = form_rules.check_all(document, given, {**queries.context_of(draft), "form": given})
    problems = {key: [str(words) for words in sentences] for key, sentences in checked.errors.items()}
    for material in missing_materials(states):
        problems[material.key] = [_("Please add: %(material)s.") % {"material": material.name}]
    if not draft.delivery.get("way"):
        problems["delivery"] = [_("Please choose how the result should reach you.")]
    if problems:
        raise Incomplete(problems)
    if not declared:
        raise NotDeclared({"declared": [NotDeclared.message]})
    return dict(checked.values)


def _opening(*, actor: Actor, draft: Draft, values: dict[str, object], now: datetime) -> cases.Opening:
    version = draft.handling_version
    item = version.handling_item
    guide = catalogue.guide_of(version.id)
    context = queries.reckoned(version.form_id, queries.context_of(draft), values)
    office = item.service_item.organisation
    opening = cases.opening(
        actor=actor,
        kind=KIND,
        title=item.name,
        title_en=item.name_en,
        organisation_id=office.id if office else organisations.intake_post().organisation_id,
        applicant=_applicant(draft),
        channel="window" if draft.window_post_id else "web",
        terms=terms_of(
            guide,
            item_code=item.code,
            catalogue_code=item.service_item.catalogue_item.code,
            context=context,
            retention_years=RETENTION_YEARS,
        ),
        process=processes.version(version.process_id) if version.process_id else None,
        process_data=context,
        summary={"item": item.code},
        delivery=DeliveryWish(
            way=draft.delivery["way"],
            address={key: value for key, value in draft.delivery.items() if key != "way"} or None,
            electronic=draft.account is not None and queries.electronic_consent(draft),
        ),
        predecessor_id=draft.predecessor_id,
        taken_in_by_id=draft.window_post_id,
        language=draft.account.language if draft.account else "",
        standing=draft.known_standing,
        accepting_post_id=draft.known_post_id,
        now=now,
    )
    if office is not None:
        opening.case.organisation = office
    return opening


def _applicant(draft: Draft) -> ApplicantRef:
    enterprise = draft.enterprise if draft.applicant_kind == ApplicantKind.ENTERPRISE else None
    subject = draft.ward or draft.person
    return ApplicantRef(
        name=enterprise.name if enterprise else subject.name,
        person_id=None if enterprise else subject.id,
        enterprise_id=enterprise.id if enterprise else None,
        submitted_by_id=draft.person_id,
    )


_TRUST = {
    MaterialWay.FILE: ApplicationMaterial.Trust.UPLOADED,
    MaterialWay.PAPER: ApplicationMaterial.Trust.CHECKED,
    MaterialWay.EXEMPT: ApplicationMaterial.Trust.ISSUED,
    MaterialWay.FOLLOWS: ApplicationMaterial.Trust.STATED,
    MaterialWay.NOT_APPLICABLE: ApplicationMaterial.Trust.STATED,
    MaterialWay.ANSWERED: ApplicationMaterial.Trust.ISSUED,
}


def _materials(states: list[MaterialState], now: datetime) -> list[ApplicationMaterial]:
    """Return what is handed in, in the order of the guide; not written yet."""
    rows = [
        ApplicationMaterial(
            material_key=state.material.key,
            name=state.material.name,
            way=row.way,
            trust=_TRUST[MaterialWay(row.way)],
            file_id=row.file_id,
            word=row.word,
            added_at=now,
            position=position,
        )
        for position, state in enumerate(states)
        for row in [*state.files, *([state.word] if state.word else [])]
    ]
    rows += [
        ApplicationMaterial(
            material_key=state.material.key,
            name=state.material.name,
            way=MaterialWay.EXEMPT,
            trust=ApplicationMaterial.Trust.ISSUED,
            added_at=now,
            position=position,
        )
        for position, state in enumerate(states)
        if not state.material.brought_by_applicant and not state.answered
    ]
    rows += [
        ApplicationMaterial(
            material_key=state.material.key,
            name=state.material.name,
            way=MaterialWay.ANSWERED,
            trust=ApplicationMaterial.Trust.ISSUED,
            word=source_words(state.told.row.names),
            added_at=now,
            position=position,
        )
        for position, state in enumerate(states)
        if state.told is not None
    ]
    return sorted(rows, key=lambda row: row.position)
