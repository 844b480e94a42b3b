"""How to find drafts, applications, and what they still need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.applications.models import (
    ApplicantKind,
    Application,
    Draft,
    MaterialWay,
)
from tongban.applications.queries.context import applying_materials, context_of, document_of, guide_kind, guide_of
from tongban.applications.queries.registers import (
    MATERIALS,
    fills_of,
    material_rows,
    reckoning_context,
    with_fixed,
)
from tongban.applications.queries.submitted import application_of
from tongban.applications.queries.writing import materials_present, visible_drafts
from tongban.applications.rules.materials import MaterialState
from tongban.applications.rules.registers import told_for
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.accounts.models import Person
    from tongban.cases.models import Case, SupplementPoint
    from tongban.catalogue.queries import Guide
    from tongban.forms.rules import FormDocument

DELIVERY = "delivery"
REVIEW = "review"
_ABOUT_WRITER, _FIRM = ("submitter.", "applicant."), "applicant.name"
"""Sources of fields (`known_values`): in a draft for an enterprise the applicant's name is the enterprise's."""


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """Return the actor's own drafts, newest first."""
    if actor.account_id is None or not actor.is_resident:
        return Draft.objects.none()
    return (
        Draft.objects.filter(account_id=actor.account_id)
        .select_related("handling_version__handling_item", "ward", "enterprise")
        .order_by("-changed_at")
    )


def window_drafts(actor: Actor) -> QuerySet[Draft]:
    """Return what was begun at the actor's windows and not yet submitted, newest first."""
    return (
        Draft.objects.filter(window_post_id__in=actor.post_ids)
        .select_related("handling_version__handling_item", "person", "enterprise")
        .order_by("-changed_at")
    )


def material_states(draft: Draft, now: datetime | None = None) -> list[MaterialState]:
    """Return the materials that apply to a draft, with what is there for each; with `now` no answer grown old."""
    present = materials_present(draft.id) if draft.known_materials is None else draft.known_materials
    rows = material_rows(draft, now)
    context = reckoning_context(draft) if rows else {}
    return [
        MaterialState(
            material=material,
            files=tuple(row for row in present if row.material_key == material.key and row.way == MaterialWay.FILE),
            word=next(
                (row for row in present if row.material_key == material.key and row.way != MaterialWay.FILE), None
            ),
            told=told_for(material, rows, context) if rows else None,
        )
        for material in applying_materials(draft)
    ]


def prefilled(draft: Draft) -> dict[str, object]:
    """Return the draft's values, and for fields not answered yet what the account already knows."""
    known = known_values(draft)
    return {**form_rules.prefilled(document_of(draft), known), **draft.values}


def known_values(draft: Draft) -> dict[str, object]:
    """Return what is known of the applicant, by the names that a form's `source` uses."""
    subject = draft.ward or draft.person
    phone, email = accounts.reached_by(draft.person, draft.account_id)
    known: dict[str, object] = {
        "applicant.name": subject.name,
        "applicant.identity_number": subject.identity_number if _has_resident_card(subject) else "",
        "applicant.identity": {"kind": subject.identity_kind, "number": subject.identity_number},
        "applicant.phone": phone,
        "applicant.email": email,
        "submitter.name": draft.person.name,
        "submitter.identity": {"kind": draft.person.identity_kind, "number": draft.person.identity_number},
        "submitter.phone": phone,
    }
    if draft.ward is not None:
        known |= {
            "ward.name": draft.ward.name,
            "ward.identity_number": draft.ward.identity_number if _has_resident_card(draft.ward) else "",
        }
    if draft.enterprise is not None:
        known |= {
            "enterprise.name": draft.enterprise.name,
            "enterprise.credit_code": draft.enterprise.credit_code,
            "enterprise.address": draft.enterprise.address,
            "applicant.name": draft.enterprise.name,
        }
    return known


def fields_about_writer(draft: Draft) -> dict[str, set[str]]:
    """Return step → its fields that are about the person who writes a draft for an enterprise, not about that."""
    if draft.handling_version.form_id is None:
        return {}
    return {
        step.key: {one.key for one in step.fields if one.source.startswith(_ABOUT_WRITER) and one.source != _FIRM}
        for step in document_of(draft).steps
    }


def _has_resident_card(person: "Person") -> bool:
    """Whether the number is a resident identity number: a passport's would not fit where that is asked for."""
    return person.identity_kind == "resident_identity_card"


@dataclass(frozen=True)
class Part:
    """A part of the way through an application: a step of the form, materials, delivery, review.

    `title` is in the reader's language.
    """

    key: str
    title: str
    done: bool
    is_form: bool


def parts_of(draft: Draft) -> list[Part]:
    """Return the parts in order; a form of several steps has a part for each."""
    done = set(draft.steps_done)
    parts = [
        Part(step.key, form_rules.in_words(step.title, step.title_en), done=step.key in done, is_form=True)
        for step in form_rules.visible_steps(document_of(draft), draft.values, context_of(draft))
    ]
    parts.append(Part(MATERIALS, _("Materials"), done=MATERIALS in done, is_form=False))
    parts.append(Part(DELIVERY, _("Way of delivery"), done=DELIVERY in done, is_form=False))
    parts.append(Part(REVIEW, _("Check and submit"), done=False, is_form=False))
    return parts


def next_part(draft: Draft, after: str | None = None) -> str:
    """Return the key of the first part that is not done, or of the one after a given part."""
    parts = parts_of(draft)
    keys = [part.key for part in parts]
    if after in keys:
        return keys[min(keys.index(after) + 1, len(keys) - 1)]
    return next((part.key for part in parts if not part.done), REVIEW)


def electronic_consent(draft: Draft) -> bool:
    """Whether papers may be served by electronic means. At a window there is no account, hence paper."""
    if draft.known_consent is not None:
        return draft.known_consent
    return draft.account_id is not None and accounts.consents_electronic_service(draft.account_id)


@dataclass(frozen=True)
class Choice:
    """Somebody for whom the actor may apply."""

    kind: str
    id: UUID | None
    name: str

    @property
    def value(self) -> str:
        """What the page sends: kind, or kind and id."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"


def choices_for(actor: Actor, guide: "Guide") -> list[Choice]:
    """Return for whom the actor may apply for this item: oneself, wards, enterprises."""
    choices: list[Choice] = []
    if "person" in guide.audiences:
        choices.append(Choice(ApplicantKind.SELF, None, actor.name))
        choices += [Choice(ApplicantKind.WARD, ward.id, ward.name) for ward in accounts.wards_of(actor)]
    if "enterprise" in guide.audiences:
        choices += [
            Choice(ApplicantKind.ENTERPRISE, enterprise.id, enterprise.name)
            for enterprise in organisations.enterprises_for(actor)
        ]
    return choices


def draft_sees_file(actor: Actor, file_id: UUID) -> bool:
    """Whether a file belongs to a draft that the actor may write (guard of room files)."""
    return visible_drafts(actor).filter(materials__file_id=file_id).exists()


def application_sees_file(actor: Actor, file_id: UUID) -> bool:
    """Whether a file belongs to an application whose case the actor may see (guard of room files)."""
    case_ids = list(Application.objects.filter(Q(materials__file_id=file_id)).values_list("case_id", flat=True)[:5])
    return any(_sees(actor, case_id) for case_id in case_ids)


def _sees(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor may see what was handed in: not so officials who stand aside from the case."""
    try:
        case = cases.case_for(actor, case_id)
    except NotFound:
        return False
    return not cases.is_recused(actor, case)


def shown_draft(draft: Draft, language: str) -> "list[form_rules.ShownStep]":
    """Return the answers of a draft in words, step by step; the writer sees identity numbers masked as well."""
    values = with_fixed(draft, fills_of(draft))
    return form_rules.shown(document_of(draft), values, {**context_of(draft), "form": values}, language)


def situation_words(draft: Draft, language: str) -> list[tuple[str, str]]:
    """Return the questions of the guide with the answers that the draft was begun with, in words."""
    chosen = [
        (question, option)
        for question in guide_of(draft).situations
        for option in question.options
        if draft.situation.get(question.key) == option.value
    ]
    return [
        (
            form_rules.in_words(question.title, question.title_en, language),
            form_rules.in_words(option.label, option.label_en, language),
        )
        for question, option in chosen
    ]


def problem_places(draft: Draft, problems: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Return for each problem the part of the draft where it is mended, and its sentence."""
    place = {one.key: step.key for step in document_of(draft).steps for one in step.fields}
    place[DELIVERY] = DELIVERY
    return [(place.get(key, MATERIALS), text) for key, sentences in problems.items() for text in sentences]


@dataclass(frozen=True)
class SupplementSheet:
    """What the page of a supplement needs: the points, and the form for those that are fields."""

    points: "list[SupplementPoint]"
    document: "FormDocument | None"
    values: dict[str, object]
    context: dict[str, object]


def supplement_sheet(case: "Case") -> SupplementSheet:
    """Return the open points of a case, and the answers that are in place now."""
    application = application_of(case.id)
    form_id = application.handling_version.form_id
    return SupplementSheet(
        points=cases.open_supplement_points(case),
        document=forms.document(form_id) if form_id else None,
        values=application.values,
        context=answer_context(application),
    )


def reckoned(form_id: UUID | None, context: Mapping[str, object], values: Mapping[str, object]) -> dict[str, object]:
    """Return the context for conditions of guides and processes: with the answers, decimals as numbers."""
    answers = form_rules.for_reckoning(forms.document(form_id), dict(values)) if form_id else dict(values)
    return {**context, "form": answers}


def process_data_of(application: Application, now: datetime) -> dict[str, object]:
    """Return what the conditions of the application's process may look at."""
    return reckoned(application.handling_version.form_id, answer_context(application, now), application.values)


def answer_context(application: Application, today: datetime | None = None) -> dict[str, object]:
    """Return what the conditions of an application's form may look at.

    "today", which bounds dates, is the day of the declaration unless answers are judged anew.
    """
    return {
        "situation": application.situation,
        "applicant": {"kind": guide_kind(application.applicant_kind), "who": application.applicant_kind},
        "today": office_date(today or application.declared_at).isoformat(),
        "form": application.values,
    }
