"""Operations of demand and supply: requests, answers, disputes, and the public list of refusals."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Header, Path, Query, Router
from pydantic import Field

from tongban.base.api import ANYBODY, Numbered, Paging, page_of
from tongban.base.api.access import Session
from tongban.base.api.shapes import CaseNumber
from tongban.base.clock import now, office_date
from tongban.base.web import actor_of
from tongban.exchange import queries as exchange
from tongban.sharing import actions, queries
from tongban.sharing.api.supply_shapes import (
    ConditionSent,
    DataAnswerSent,
    DisputeSent,
    RefusalTold,
    RequestSent,
    RequestTold,
)
from tongban.sharing.errors import NotAllowed
from tongban.sharing.models import DataRequest
from tongban.sharing.rules.checking import RequestDraft

router = Router(tags=["Sharing"])
STEWARD = Session("official:steward", lambda actor: actor.is_official and actor.has_role("steward"))
"""Data stewards of whatever office."""
KEY_WORDS = "The same key again answers with the same request."


class RequestSearch(Paging):
    """Which requests are wanted."""

    side: Literal["asked", "received"] = Field(default="asked", description="What one's office asked, or is asked.")


@router.get(
    "/sharing/refusals",
    response=Numbered[RefusalTold],
    auth=ANYBODY,
    operation_id="list_refusals",
    summary="Read the public list of refusals",
)
def list_refusals(request: HttpRequest, search: Query[Paging]) -> Numbered[RefusalTold]:
    """Return what offices have refused one another, and by which law, the newest first. No personal data."""
    return page_of(queries.refusals(), _refusal, page=search.page, page_size=search.page_size)


def _refusal(one: DataRequest) -> RefusalTold:
    dispute = getattr(one, "dispute", None)
    return RefusalTold(
        consumer=one.consumer.name,
        provider=one.resource.provider.name,
        resource=one.resource.name,
        resource_code=one.resource.code,
        fields=one.refused_fields,
        law=one.refusal_law,
        article=one.refusal_article,
        refused_on=office_date(one.answered_at or one.asked_at),
        whole=one.outcome == DataRequest.Outcome.REFUSED,
        dispute=(dispute.outcome or "open") if dispute else "",
    )


@router.get(
    "/sharing/requests",
    response=Numbered[RequestTold],
    auth=STEWARD,
    operation_id="list_data_requests",
    summary="List requests for data",
)
def list_requests(request: HttpRequest, search: Query[RequestSearch]) -> Numbered[RequestTold]:
    """Return what one's office asked, or is asked."""
    actor = actor_of(request)
    found = queries.asked(actor) if search.side == "asked" else queries.received(actor)
    return page_of(found, _told, page=search.page, page_size=search.page_size)


@router.get(
    "/sharing/requests/{number}",
    response=RequestTold,
    auth=STEWARD,
    operation_id="read_data_request",
    summary="Read a request for data",
)
def read_request(request: HttpRequest, number: Path[CaseNumber]) -> RequestTold:
    """Return a request in which one's office has a part."""
    return _told(queries.request_for(actor_of(request), number))


@router.post(
    "/sharing/requests",
    response=RequestTold,
    auth=STEWARD,
    operation_id="hand_in_data_request",
    summary="Ask for data",
)
def hand_in(
    request: HttpRequest,
    sent: RequestSent,
    idempotency_key: Annotated[UUID | None, Header(alias="Idempotency-Key", description=KEY_WORDS)] = None,
) -> RequestTold:
    """Hand a request in: the office that gives the data has it in its inbox, under its clock."""
    actor, resource = actor_of(request), exchange.resource_by_slug(sent.resource)
    own = [post.id for post in queries.asking_posts(actor)]
    if sent.post_id is not None and sent.post_id not in own:
        raise NotAllowed
    made = actions.hand_in(
        actor=actor,
        resource=resource,
        post_id=sent.post_id or own[0],
        draft=_draft(sent),
        idempotency_key=idempotency_key or uuid4(),
        now=now(),
    )
    return _told(queries.request_for(actor, made.case.number))


def _draft(sent: RequestSent) -> RequestDraft:
    return RequestDraft(
        fields=tuple(dict.fromkeys(sent.fields)),
        purpose=sent.purpose,
        purpose_words=sent.purpose_words,
        basis_law=sent.basis_law,
        basis_article=sent.basis_article,
        valid_until=sent.valid_until,
        rate_per_minute=sent.rate_per_minute,
        expected_per_day=sent.expected_per_day,
        row_filter=_conditions(sent.row_filter),
        items_served=tuple(sent.items_served),
        reason=sent.reason,
    )


def _conditions(sent: list[ConditionSent]) -> tuple[dict[str, object], ...]:
    return tuple(one.model_dump() for one in sent)


@router.post(
    "/sharing/requests/{number}/answer",
    response=RequestTold,
    auth=STEWARD,
    operation_id="answer_data_request",
    summary="Answer a request for data",
)
def answer(request: HttpRequest, number: Path[CaseNumber], sent: DataAnswerSent) -> RequestTold:
    """Grant a request wholly or in part, or refuse it. Of two answers the first counts; what is granted is a grant."""
    actor = actor_of(request)
    given = actions.Answer(
        fields=tuple(sent.fields),
        valid_until=sent.valid_until,
        rate_per_minute=sent.rate_per_minute,
        row_filter=_conditions(sent.row_filter),
        reasons=sent.reasons,
        law=sent.law,
        article=sent.article,
    )
    found = queries.request_for(actor, number)
    actions.answer(actor=actor, request=found, given=given, revision=sent.revision, now=now())
    return _told(queries.request_for(actor, number))


@router.post(
    "/sharing/requests/{number}/dispute",
    response=RequestTold,
    auth=STEWARD,
    operation_id="dispute_refusal",
    summary="Take a refusal to the coordinator",
)
def dispute(request: HttpRequest, number: Path[CaseNumber], sent: DisputeSent) -> RequestTold:
    """Raise a dispute about what was refused. A second time answers with the dispute that is there."""
    actor = actor_of(request)
    found = queries.request_for(actor, number)
    actions.raise_dispute(actor=actor, request=found, grounds=sent.grounds, now=now())
    return _told(queries.request_for(actor, number))


def _told(one: DataRequest) -> RequestTold:
    dispute = getattr(one, "dispute", None)
    return RequestTold(
        number=one.case.number,
        resource=one.resource.slug,
        consumer=one.consumer.name,
        provider=one.resource.provider.name,
        fields=one.fields,
        sharing_class=one.sharing_class,
        purpose=one.purpose,
        purpose_words=one.purpose_words,
        legal_basis=f"{one.basis_law} {one.basis_article}",
        valid_until=one.valid_until,
        asked_at=one.asked_at,
        due_on=one.case.due_on,
        revision=one.case.revision,
        outcome=one.outcome,
        granted_fields=one.granted_fields,
        refusal_basis=f"{one.refusal_law} {one.refusal_article}".strip(),
        grant_id=one.grant_id,
        dispute=dispute.case.number if dispute else None,
    )
