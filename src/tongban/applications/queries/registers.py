"""What registers are asked for drafts and applications, what they answered, and what follows for form and materials."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from tongban.accounts import queries as accounts
from tongban.applications.models import (
    ApplicantKind,
    Application,
    ApplicationAnswer,
    Draft,
    DraftAnswer,
    RegistersChoice,
)
from tongban.applications.queries.context import applying_materials, context_of, document_of, guide_of
from tongban.applications.rules import registers as rules
from tongban.base import clock
from tongban.base.compiled import compiled_once
from tongban.catalogue import queries as catalogue
from tongban.exchange import queries as exchange
from tongban.exchange.rules.calls import About
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.accounts.models import Person
    from tongban.catalogue.kinds import Asking

MATERIALS = "materials"


def asks_registers(draft: Draft) -> bool:
    """Whether the guide of a draft has anything that a register may answer."""
    return bool(guide_of(draft).askings)


def may_ask(draft: Draft) -> bool:
    """Whether registers may be asked at all: an office has seen who the person is, and whom they may speak for.

    An account is opened with a name and a number that anybody may know. Before a window has seen the paper and given
    the person their account, nothing that an office knows is told to whoever sits there.
    """
    person: Person = draft.person
    if draft.window_post_id is not None:
        return person.assurance == person.Assurance.SEEN
    if not person.is_proven:
        return False
    if draft.applicant_kind == ApplicantKind.WARD:
        return draft.ward_id is not None and accounts.is_guardian(person.id, draft.ward_id)
    if draft.applicant_kind == ApplicantKind.ENTERPRISE:
        return draft.enterprise_id in organisations.proven_enterprise_ids(person.id, clock.office_date(clock.now()))
    return True


def answers_of(draft: Draft) -> list[DraftAnswer]:
    """Return what registers answered for a draft; nothing is fetched where none was asked."""
    if draft.registers != RegistersChoice.AGREED:
        return []
    if draft.known_answers is None:
        draft.known_answers = _answers(draft.id)
    return draft.known_answers


@compiled_once
def _answers(draft_id: UUID) -> QuerySet[DraftAnswer]:
    return DraftAnswer.objects.filter(draft_id=draft_id)


def reckoning_context(draft: Draft) -> dict[str, object]:
    """Return what conditions on asking and on answers look at."""
    return {**context_of(draft), "form": form_rules.for_reckoning(document_of(draft), draft.values)}


def askings_of(draft: Draft, part: str) -> "list[Asking]":
    """Return what a part of a draft asks in this situation: a step of the form, or the materials."""
    guide = guide_of(draft)
    if not guide.askings:
        return []
    found: list[Asking] = list(rules.prefills_of(guide, document_of(draft), part))
    if part == MATERIALS:
        found = [one.answered_by for one in applying_materials(draft) if one.may_be_spared and one.answered_by]
    context = reckoning_context(draft) if found else {}
    return [one for one in found if rules.holds(one.condition, context)]


def wanted_now(draft: Draft, part: str, now: datetime) -> list[rules.Wanted]:
    """Return the look-ups that a part needs and that have not been made, or have grown old."""
    wanted = rules.wanted_of(askings_of(draft, part), reckoning_context(draft))
    there = {(row.resource, row.purpose, row.about): row for row in answers_of(draft) if row.part == part}
    return [one for one in wanted if _is_wanted(draft, one, there.get(one.key), now)]


def _is_wanted(draft: Draft, one: rules.Wanted, row: DraftAnswer | None, now: datetime) -> bool:
    about = about_of(draft, one.about)
    if about is None:
        return False
    if row is None or not set(one.items) <= set(row.items) or rules.is_due(row, now):
        return True
    return row.subject_key != key_of(about)


def key_of(about: About) -> UUID | None:
    """Return the key of somebody named by number; None for who is known by id."""
    subject = None if about.id is not None else exchange.subject_of(about)
    return subject.key if subject else None


def about_of(draft: Draft, about: str) -> About | None:
    """Return whom an asking of a guide is about; None where this draft has nobody of the kind."""
    match about:
        case "applicant":
            return About(kind="person", id=draft.ward_id or draft.person_id)
        case "submitter":
            return About(kind="person", id=draft.person_id)
        case "ward":
            return About(kind="person", id=draft.ward_id) if draft.ward_id else None
        case "enterprise":
            return About(kind="enterprise", id=draft.enterprise_id) if draft.enterprise_id else None
    key = about.removeprefix("form.")
    return _named_in(document_of(draft), key, draft.values)


def _named_in(document: form_rules.FormDocument, key: str, values: Mapping[str, object]) -> About | None:
    types = {asked.key: asked.type for asked in document.fields()}
    return rules.named_by(types.get(key, ""), values.get(key))


def about_in(application: Application, about: str) -> About | None:
    """Return whom an asking of a guide is about, once the draft has become an application."""
    case = application.case
    if about.startswith("form.") and application.handling_version.form_id is not None:
        document = forms.document(application.handling_version.form_id)
        return _named_in(document, about.removeprefix("form."), application.values)
    if about == "enterprise":
        return About(kind="enterprise", id=case.applicant_enterprise_id) if case.applicant_enterprise_id else None
    is_ward = application.applicant_kind == ApplicantKind.WARD
    submitter = case.submitted_by_id or case.applicant_person_id
    found = {
        "applicant": case.applicant_person_id or submitter,
        "submitter": submitter,
        "ward": case.applicant_person_id if is_ward else None,
    }.get(about)
    return About(kind="person", id=found) if found else None


def fills_for(draft: Draft, step_key: str) -> dict[str, rules.Fill]:
    """Return the answers that registers give to the questions of a step."""
    if draft.registers != RegistersChoice.AGREED:
        return {}
    document = document_of(draft)
    prefills = rules.prefills_of(guide_of(draft), document, step_key)
    rows = [row for row in answers_of(draft) if row.part == step_key] if prefills else []
    rows = [row for row in rows if _still_about(draft, row)]
    return rules.fills_of(prefills, rows, document, draft.values, reckoning_context(draft)) if rows else {}


def fills_of(draft: Draft) -> dict[str, rules.Fill]:
    """Return the answers that registers give to the questions of the whole form."""
    if not answers_of(draft):
        return {}
    steps = document_of(draft).steps
    return {key: fill for step in steps for key, fill in fills_for(draft, step.key).items()}


def with_fixed(draft: Draft, fills: Mapping[str, rules.Fill]) -> dict[str, object]:
    """Return the answers of a draft; fixed ones are those of the register, whatever came in by whichever way."""
    return {**draft.values, **{key: fill.value for key, fill in fills.items() if fill.is_fixed}}


def _still_about(draft: Draft, row: DraftAnswer) -> bool:
    """Whether an answer is about whom the form names now: another number may have been typed since."""
    about = about_of(draft, row.about)
    return about is not None and row.subject_key == key_of(about)


def material_rows(draft: Draft, now: datetime | None = None) -> list[DraftAnswer]:
    """Return what stands in place of materials; with `now` only what has not grown old."""
    return [
        row
        for row in answers_of(draft)
        if row.part == MATERIALS and _still_about(draft, row) and (now is None or not rules.is_due(row, now))
    ]


def answers_to(application: Application) -> list[ApplicationAnswer]:
    """Return what registers answered for an application; nothing is fetched where its guide asks none."""
    if application.known_answers is None:
        guide = catalogue.guide_of(application.handling_version_id)
        application.known_answers = _application_answers(application.id) if guide.askings else []
    return application.known_answers


@compiled_once
def _application_answers(application_id: UUID) -> QuerySet[ApplicationAnswer]:
    return ApplicationAnswer.objects.filter(application_id=application_id).order_by("looked_at", "id")


def cases_of_drafts(draft_ids: Collection[str]) -> dict[str, str]:
    """Return the number of the case that came of each draft: where a look-up for a draft led to."""
    ids = [UUID(one) for one in draft_ids]
    found = Application.objects.filter(draft_id__in=ids).values_list("draft_id", "case__number")
    return {str(draft_id): number for draft_id, number in found}
