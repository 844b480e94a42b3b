"""Operations: write a draft, step by step, and submit it."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Path, Query, Router
from ninja.responses import Status
from pydantic import StringConstraints

from tongban.applications import actions, queries
from tongban.applications.api import showing
from tongban.applications.api.shapes import (
    AnswersSent,
    Applicant,
    Applicants,
    DeliverySent,
    DraftRow,
    DraftTold,
    DraftWanted,
    Receipt,
    RegistersChosen,
    Submission,
)
from tongban.applications.errors import WrongSubmissionKey
from tongban.base.api import RESIDENT, SIGNED_IN, UNKNOWN, Numbered, Paging, page_of
from tongban.base.api.shapes import Key
from tongban.base.clock import now
from tongban.base.errors import Invalid, NotFound
from tongban.base.web import actor_of
from tongban.catalogue import queries as catalogue
from tongban.forms import rules as form_rules

router = Router(tags=["Drafts"])
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,120}$")]
KEY_WORDS = "A new UUID of your own: sent again with the same key, the same is answered and nothing is done twice."


@router.get(
    "/items/{code}/applicants",
    response=Applicants,
    auth=RESIDENT,
    operation_id="list_applicants",
    summary="See for whom one may apply",
)
def list_applicants(request: HttpRequest, code: Path[Code]) -> Applicants:
    """Return for whom the resident may apply for a matter: oneself, wards, enterprises."""
    choices = queries.choices_for(actor_of(request), catalogue.published(code).guide)
    return Applicants(
        results=[
            Applicant.model_validate({"kind": one.kind, "subject_id": one.id, "name": one.name}) for one in choices
        ]
    )


@router.post(
    "/drafts", response={201: DraftTold}, auth=RESIDENT, operation_id="begin_draft", summary="Begin an application"
)
def begin_draft(
    request: HttpRequest,
    wanted: DraftWanted,
    idempotency_key: Annotated[UUID | None, Header(alias="Idempotency-Key", description=KEY_WORDS)] = None,
) -> Status[DraftTold]:
    """Begin a draft. It is kept for 90 days after its last change, and can be written on any device."""
    actor = actor_of(request)
    draft = actions.begin(
        actor=actor,
        item_code=wanted.item_code,
        applicant_kind=wanted.applicant_kind,
        subject_id=wanted.subject_id,
        situation=wanted.situation,
        predecessor_id=wanted.predecessor_id,
        idempotency_key=idempotency_key,
        now=now(),
    )
    return Status(201, showing.told(queries.draft_for(actor, draft.id)))


@router.get(
    "/drafts", response=Numbered[DraftRow], auth=RESIDENT, operation_id="list_drafts", summary="List one's drafts"
)
def list_drafts(request: HttpRequest, paging: Query[Paging]) -> Numbered[DraftRow]:
    """Return one's own drafts, the one changed last first."""
    found = queries.drafts_of(actor_of(request)).select_related("person")
    return page_of(found, showing.row_of, page=paging.page, page_size=paging.page_size)


@router.get(
    "/drafts/{uuid:draft_id}", response=DraftTold, auth=SIGNED_IN, operation_id="read_draft", summary="Read a draft"
)
def read_draft(request: HttpRequest, draft_id: UUID) -> DraftTold:
    """Return a draft with its questions, answers, materials, and what is still missing."""
    return showing.told(queries.draft_for(actor_of(request), draft_id))


@router.delete(
    "/drafts/{uuid:draft_id}",
    response={204: None},
    auth=SIGNED_IN,
    operation_id="discard_draft",
    summary="Throw a draft away",
)
def discard_draft(request: HttpRequest, draft_id: UUID) -> Status[None]:
    """Throw a draft away, with its files."""
    actions.discard(actor=actor_of(request), draft_id=draft_id, now=now())
    return Status(204, None)


@router.put(
    "/drafts/{uuid:draft_id}/steps/{key}",
    response=DraftTold,
    auth=SIGNED_IN,
    operation_id="save_step",
    summary="Save a step of the form",
)
def save_step(request: HttpRequest, draft_id: UUID, key: Path[Key], sent: AnswersSent) -> DraftTold:
    """Save all answers of a step. Right answers are kept even when others are wrong; those are named in `fields`.

    What the account or a register knows (name, number of the identity paper) need not be sent.
    """
    actor = actor_of(request)
    draft = queries.draft_for(actor, draft_id)
    step = next((one for one in queries.document_of(draft).steps if one.key == key), None)
    if step is None:
        raise NotFound
    own = {one.key: one for one in step.fields}
    known: dict[str, Any] = {
        name: form_rules.typed_again(own[name], value)
        for name, value in showing.known_answers(draft).items()
        if name in own
    }
    if strange := sorted(sent.answers.keys() - own.keys()):
        raise Invalid({f"answers.{name}": [UNKNOWN] for name in strange})
    saved = actions.save_step(
        actor=actor, draft_id=draft_id, step_key=key, typed=known | sent.answers, revision=sent.revision, now=now()
    )
    if saved.errors:
        raise Invalid({f"answers.{name}": sentences for name, sentences in saved.errors.items()})
    return showing.told(queries.draft_for(actor, draft_id))


@router.put(
    "/drafts/{uuid:draft_id}/registers",
    response=DraftTold,
    auth=SIGNED_IN,
    operation_id="choose_registers",
    summary="Let offices be asked",
)
def choose_registers(request: HttpRequest, draft_id: UUID, sent: RegistersChosen) -> DraftTold:
    """Agree that offices are asked for what they hold already, or take that back; once agreed, they are asked now.

    Sent again, only what was not asked yet, or has grown old, is asked. Each look-up is recorded.
    """
    actor = actor_of(request)
    actions.choose_registers(actor=actor, draft_id=draft_id, agreed=sent.agreed, now=now())
    draft = queries.draft_for(actor, draft_id)
    for part in queries.parts_of(draft):
        actions.ask_registers(actor=actor, draft=draft, part=part.key, now=now())
    return showing.told(queries.draft_for(actor, draft_id))


@router.put(
    "/drafts/{uuid:draft_id}/delivery",
    response=DraftTold,
    auth=SIGNED_IN,
    operation_id="choose_delivery",
    summary="Choose how the result arrives",
)
def choose_delivery(request: HttpRequest, draft_id: UUID, sent: DeliverySent) -> DraftTold:
    """Choose how the result should reach the applicant."""
    actor = actor_of(request)
    actions.save_delivery(actor=actor, draft_id=draft_id, typed=sent.model_dump(), now=now())
    return showing.told(queries.draft_for(actor, draft_id))


@router.post(
    "/drafts/{uuid:draft_id}/submit",
    response={200: Receipt, 201: Receipt},
    auth=SIGNED_IN,
    operation_id="submit_draft",
    summary="Submit an application",
)
def submit_draft(
    request: HttpRequest,
    draft_id: UUID,
    sent: Submission,
    idempotency_key: Annotated[UUID, Header(alias="Idempotency-Key", description="The draft's submission_key.")],
) -> Status[Receipt]:
    """Submit a draft: 201 with the receipt; the same key again answers 200 with the same receipt.

    What is still missing is named in `fields`, all at once.
    """
    actor = actor_of(request)
    done = queries.application_by_key(actor, idempotency_key)
    if done is not None:
        return Status(200, showing.receipt_of(done))
    if queries.draft_for(actor, draft_id).idempotency_key != idempotency_key:
        raise WrongSubmissionKey
    application = actions.submit(
        actor=actor, draft_id=draft_id, idempotency_key=idempotency_key, declared=sent.declared, now=now()
    )
    return Status(201, showing.receipt_of(application))
