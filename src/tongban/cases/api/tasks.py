"""Operations on tasks: the inbox, claim and release, the acceptance desk, review, decision, delivery."""

from typing import Literal
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from tongban.base.api import OFFICIAL, Asked, Line, PageNumber
from tongban.base.clock import now, office_date
from tongban.base.web import actor_of
from tongban.cases import actions, queries
from tongban.cases.actions import Point
from tongban.cases.api import showing
from tongban.cases.api.shapes import (
    AcceptanceSent,
    CaseMoved,
    DecisionSent,
    HandedOutSent,
    HandOverSent,
    Inbox,
    NonAcceptanceSent,
    PassingOnSent,
    ReviewSent,
    SupplementRequestSent,
    TaskTold,
)
from tongban.cases.models import Task
from tongban.cases.queries import Filters

router = Router(tags=["Tasks"])


class InboxSearch(Asked):
    """What of the inbox is shown."""

    view: Literal["mine", "open", "all"] = Field(default="all", description="One's own, those nobody has, or all.")
    kind: Literal["", "acceptance", "review", "decision", "delivery", "approval"] = Field(
        default="", description="Legal step."
    )
    urgency: Literal["", "overdue", "today"] = Field(default="", description="Only those overdue or due today.")
    q: Line = Field(default="", description="Beginning of the number, or part of the matter's or applicant's name.")
    page: PageNumber = 1


def _task(request: HttpRequest, task_id: UUID) -> Task:
    return queries.task_for(actor_of(request), task_id)


@router.get("/tasks", response=Inbox, auth=OFFICIAL, operation_id="read_inbox", summary="See the inbox")
def read_inbox(request: HttpRequest, search: Query[InboxSearch]) -> Inbox:
    """Return the tasks of one's posts in the order of the clock."""
    filters = Filters(view=search.view, kind=search.kind, urgency=search.urgency, words=search.q)
    found = queries.inbox(actor_of(request), filters, today=office_date(now()), page=search.page)
    beyond = search.page > found.page.paginator.num_pages
    prefetch_related_objects([row.task for row in found.rows], "post")
    return Inbox(
        results=[] if beyond else [showing.task_row(row) for row in found.rows],
        total=found.page.paginator.count,
        page=search.page,
        page_size=found.page.paginator.per_page,
        counts=found.counts,
    )


@router.get("/tasks/{uuid:task_id}", response=TaskTold, auth=OFFICIAL, operation_id="read_task", summary="Read a task")
def read_task(request: HttpRequest, task_id: UUID) -> TaskTold:
    """Return a task of one of one's posts."""
    return showing.task_of(_task(request, task_id))


@router.post(
    "/tasks/{uuid:task_id}/claim", response=CaseMoved, auth=OFFICIAL, operation_id="claim_task", summary="Take a task"
)
def claim_task(request: HttpRequest, task_id: UUID) -> CaseMoved:
    """Take a task; twice changes nothing."""
    actor = actor_of(request)
    return showing.moved(actions.claim(actor=actor, task=_task(request, task_id), now=now()).case)


@router.post(
    "/tasks/{uuid:task_id}/release",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="release_task",
    summary="Give a task back",
)
def release_task(request: HttpRequest, task_id: UUID) -> CaseMoved:
    """Give a task back to its post."""
    actor = actor_of(request)
    return showing.moved(actions.release(actor=actor, task=_task(request, task_id), now=now()).case)


@router.post(
    "/tasks/{uuid:task_id}/hand-over",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="hand_over_task",
    summary="Hand a task over",
)
def hand_over_task(request: HttpRequest, task_id: UUID, sent: HandOverSent) -> CaseMoved:
    """Hand a task to a colleague of the post, or to another post of the organisation, with a word."""
    task = actions.hand_over(
        actor=actor_of(request),
        task=_task(request, task_id),
        to_official_id=sent.to_official_id,
        to_post_id=sent.to_post_id,
        word=sent.word,
        now=now(),
    )
    return showing.moved(task.case)


@router.post(
    "/tasks/{uuid:task_id}/accept", response=CaseMoved, auth=OFFICIAL, operation_id="accept", summary="Accept a case"
)
def accept(request: HttpRequest, task_id: UUID, sent: AcceptanceSent) -> CaseMoved:
    """Accept a case: the clocks of the decision run, the review begins, fees are demanded."""
    case = actions.accept(
        actor=actor_of(request),
        task=_task(request, task_id),
        word=sent.word,
        fee_amounts=sent.fee_amounts,
        fee_reasons=sent.fee_reasons,
        joint=sent.joint,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(case)


@router.post(
    "/tasks/{uuid:task_id}/supplement",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="ask_supplement",
    summary="Ask for a supplement",
)
def ask_supplement(request: HttpRequest, task_id: UUID, sent: SupplementRequestSent) -> CaseMoved:
    """Name everything that is missing, at once."""
    asked = actions.ask_supplement(
        actor=actor_of(request),
        task=_task(request, task_id),
        points=[Point(point.kind, point.key, point.words) for point in sent.points],
        word=sent.word,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(asked.case)


@router.post(
    "/tasks/{uuid:task_id}/refuse",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="refuse_acceptance",
    summary="Do not accept a case",
)
def refuse_acceptance(request: HttpRequest, task_id: UUID, sent: NonAcceptanceSent) -> CaseMoved:
    """Do not accept a case: why, by which law, and what the applicant can do instead."""
    case = actions.refuse_acceptance(
        actor=actor_of(request),
        task=_task(request, task_id),
        reason=sent.reason,
        legal_basis=sent.legal_basis,
        what_else=sent.what_else,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(case)


@router.post(
    "/tasks/{uuid:task_id}/pass-on",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="pass_on",
    summary="Pass a case on",
)
def pass_on(request: HttpRequest, task_id: UUID, sent: PassingOnSent) -> CaseMoved:
    """Pass a case on to the competent office; the day of receipt stays the applicant's."""
    case = actions.pass_on(
        actor=actor_of(request),
        task=_task(request, task_id),
        organisation_id=sent.organisation_id,
        word=sent.word,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(case)


@router.post(
    "/tasks/{uuid:task_id}/review",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="complete_review",
    summary="Finish a review step",
)
def complete_review(request: HttpRequest, task_id: UUID, sent: ReviewSent) -> CaseMoved:
    """Finish a step of the review with a choice and an opinion; the process says what comes next."""
    case = actions.complete_review(
        actor=actor_of(request),
        task=_task(request, task_id),
        choice=sent.choice,
        opinion=sent.opinion,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(case)


@router.post(
    "/tasks/{uuid:task_id}/decision",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="decide",
    summary="Decide a case",
)
def decide(request: HttpRequest, task_id: UUID, sent: DecisionSent) -> CaseMoved:
    """Decide a case with reasons. Of two who decide at once, one comes first and the other is told so."""
    decision = actions.decide(
        actor=actor_of(request),
        task=_task(request, task_id),
        outcome=sent.outcome,
        reasons=sent.reasons,
        legal_basis=sent.legal_basis,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(decision.case)


@router.post(
    "/tasks/{uuid:task_id}/deliver",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="deliver",
    summary="Record a delivery",
)
def deliver(request: HttpRequest, task_id: UUID, sent: HandedOutSent) -> CaseMoved:
    """Record that the result was handed over at a window or sent by post."""
    delivery = actions.deliver(
        actor=actor_of(request),
        task=_task(request, task_id),
        way=sent.way,
        tracking_number=sent.tracking_number,
        handed_to=sent.handed_to,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(queries.case_by_id(delivery.case_id))
