"""From drafts to what the API tells of them."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from django.urls import reverse

from tongban.applications import queries
from tongban.applications.api.shapes import (
    ApplicantKindTold,
    DraftRow,
    DraftTold,
    FileTold,
    MaterialTold,
    OptionTold,
    QuestionTold,
    Receipt,
    SourceTold,
    StepTold,
)
from tongban.applications.models import Application, Draft, DraftMaterial, RegisterAnswer
from tongban.applications.rules import MaterialState
from tongban.applications.rules.registers import Fill, name_in
from tongban.base.clock import now
from tongban.base.text import mask
from tongban.forms import rules as form_rules
from tongban.forms.rules import FormField

RegistersTold = Literal["not_needed", "not_open", "open", "agreed", "declined"]
_NUMBERS = frozenset({"resident_id", "identity"})


def row_of(draft: Draft) -> DraftRow:
    """Return a draft as a row of a list."""
    return DraftRow(**_row(draft))


def _row(draft: Draft) -> dict[str, Any]:
    item = draft.handling_version.handling_item
    subject = draft.enterprise or draft.ward or draft.person
    return {
        "id": draft.id,
        "item_code": item.code,
        "item_name": item.name,
        "item_name_en": item.name_en,
        "applicant_kind": cast("ApplicantKindTold", draft.applicant_kind),
        "applicant_name": subject.name,
        "revision": draft.revision,
        "changed_at": draft.changed_at,
        "expires_on": draft.expires_on,
    }


def told(draft: Draft) -> DraftTold:
    """Return a whole draft."""
    electronic = queries.electronic_consent(draft)
    return DraftTold(
        **_row(draft),
        submission_key=draft.idempotency_key,
        situation=draft.situation,
        steps=_steps(draft),
        materials=[_material(state) for state in queries.material_states(draft, now())],
        registers=_registers(draft),
        delivery_ways=["online", "window", "post"] if electronic else ["window", "post"],
        delivery={key: str(value) for key, value in draft.delivery.items()},
        next_part=queries.next_part(draft),
    )


def _registers(draft: Draft) -> RegistersTold:
    if not queries.asks_registers(draft):
        return "not_needed"
    if not queries.may_ask(draft):
        return "not_open"
    return cast("RegistersTold", draft.registers or "open")


def known_answers(draft: Draft) -> dict[str, Any]:
    """Return answers that the account or a register knows already, by question."""
    known: dict[str, Any] = dict(form_rules.prefilled(queries.document_of(draft), queries.known_values(draft)))
    return known | {key: fill.value for key, fill in queries.fills_of(draft).items()}


def _steps(draft: Draft) -> list[StepTold]:
    known, fills = known_answers(draft), queries.fills_of(draft)
    answers = known | queries.with_fixed(draft, fills)
    asked = form_rules.visible_steps(queries.document_of(draft), draft.values, queries.context_of(draft))
    return [
        StepTold(
            key=step.key,
            title=step.title,
            title_en=step.title_en,
            is_done=step.key in draft.steps_done,
            questions=[
                _question(one, answers.get(one.key), is_known=one.key in known, fill=fills.get(one.key))
                for one in step.fields
            ],
        )
        for step in asked
    ]


def _question(asked: FormField, answer: object, *, is_known: bool, fill: Fill | None) -> QuestionTold:
    return QuestionTold(
        key=asked.key,
        type=asked.type,
        label=asked.label,
        label_en=asked.label_en,
        hint=asked.hint,
        required=asked.required,
        condition=asked.condition,
        options=[OptionTold(value=one.value, label=one.label, label_en=one.label_en) for one in asked.options],
        minimum=None if asked.minimum is None else str(asked.minimum),
        maximum=None if asked.maximum is None else str(asked.maximum),
        max_length=asked.max_length,
        is_known=is_known,
        is_fixed=fill is not None and fill.is_fixed,
        source=_source(fill.row) if fill else None,
        answer=_masked(answer) if asked.type in _NUMBERS else _plain(answer),
    )


def _source(row: RegisterAnswer) -> SourceTold:
    return SourceTold(
        office=name_in(row.names, "provider"),
        resource=row.resource,
        looked_at=row.looked_at,
        look_up_id=row.look_up_id,
    )


def _plain(answer: object) -> str | bool | int | list[str] | dict[str, str] | None:
    if answer is None or isinstance(answer, str | bool | int):
        return answer
    if isinstance(answer, Mapping):
        return {str(key): str(value) for key, value in answer.items()}
    return [str(one) for one in answer] if isinstance(answer, list | tuple) else str(answer)


def _masked(answer: object) -> str | bool | int | list[str] | dict[str, str] | None:
    if isinstance(answer, Mapping):
        return {str(key): mask(str(value)) if key == "number" else str(value) for key, value in answer.items()}
    return mask(str(answer)) if answer else None


def _material(state: MaterialState) -> MaterialTold:
    material = state.material
    rows = [row for row in [*state.files, state.word] if isinstance(row, DraftMaterial)]
    return MaterialTold(
        key=material.key,
        name=material.name,
        name_en=material.name_en,
        need=material.need,
        is_brought=material.brought_by_applicant,
        is_missing=state.missing,
        answered_by=_source(state.told.row) if state.told else None,
        entries=[entry_of(row) for row in rows],
    )


def entry_of(row: DraftMaterial) -> FileTold:
    """Return a file of a material, or the word why there is none."""
    file = row.file
    return FileTold(
        id=row.id,
        file_id=row.file_id,
        way=row.way,
        name=file.name if file else "",
        media_type=file.media_type if file else "",
        size=file.size if file else None,
        word=row.word,
        address=reverse("files:show", args=[file.id]) if file else "",
    )


def receipt_of(application: Application) -> Receipt:
    """Return the receipt of an application."""
    paper = application.receipt
    return Receipt(
        case_number=application.case.number,
        receipt_number=paper.number if paper else "",
        receipt_address=reverse("papers:show", args=[paper.id]) if paper else "",
        submitted_at=application.declared_at,
    )
