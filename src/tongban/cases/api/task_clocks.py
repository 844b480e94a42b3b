"""Operations on tasks that move the clocks: procedures, suspension, resumption, extension, a superior's word."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from tongban.base.api import OFFICIAL
from tongban.base.clock import now
from tongban.base.web import actor_of
from tongban.cases import actions, queries
from tongban.cases.actions import Point
from tongban.cases.api import showing
from tongban.cases.api.clock_shapes import (
    AnswerSent,
    ExtensionSent,
    LateSupplementSent,
    ProcedureSent,
    ResumptionSent,
    SuspensionSent,
)
from tongban.cases.api.shapes import CaseMoved
from tongban.cases.kinds import TermLimit
from tongban.cases.models import Task

router = Router(tags=["Tasks"])


def _task(request: HttpRequest, task_id: UUID) -> Task:
    return queries.task_for(actor_of(request), task_id)


@router.post(
    "/tasks/{uuid:task_id}/procedure",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="begin_procedure",
    summary="Begin a special procedure",
)
def begin_procedure(request: HttpRequest, task_id: UUID, sent: ProcedureSent) -> CaseMoved:
    """Begin a special procedure: its time does not count, and the applicant is told in writing how long it takes."""
    begun = actions.begin_procedure(
        actor=actor_of(request),
        task=_task(request, task_id),
        procedure=sent.procedure,
        ground=sent.ground,
        expected=TermLimit(value=sent.expected_value, unit=sent.expected_unit),
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(begun.case)


@router.post(
    "/tasks/{uuid:task_id}/suspension",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="suspend_by_law",
    summary="Suspend a case by law",
)
def suspend_by_law(request: HttpRequest, task_id: UUID, sent: SuspensionSent) -> CaseMoved:
    """Suspend a case because a law orders it."""
    suspended = actions.suspend_by_law(
        actor=actor_of(request),
        task=_task(request, task_id),
        ground=sent.ground,
        basis=sent.basis,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(suspended.case)


@router.post(
    "/tasks/{uuid:task_id}/resumption",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="resume_case",
    summary="End a suspension",
)
def resume(request: HttpRequest, task_id: UUID, sent: ResumptionSent) -> CaseMoved:
    """End a suspension with what came of it; when none is left, the clocks run on."""
    case = actions.resume(
        actor=actor_of(request),
        task=_task(request, task_id),
        suspension_id=sent.suspension_id,
        outcome=sent.outcome,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(case)


@router.post(
    "/tasks/{uuid:task_id}/extension",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="ask_extension",
    summary="Ask for an extension of the limit",
)
def ask_extension(request: HttpRequest, task_id: UUID, sent: ExtensionSent) -> CaseMoved:
    """Ask the head to extend the limit of the decision."""
    asked = actions.ask_extension(
        actor=actor_of(request), task=_task(request, task_id), reasons=sent.reasons, revision=sent.revision, now=now()
    )
    return showing.moved(asked.case)


@router.post(
    "/tasks/{uuid:task_id}/late-supplement",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="ask_late_supplement",
    summary="Ask whether something may be asked for late",
)
def ask_late_supplement(request: HttpRequest, task_id: UUID, sent: LateSupplementSent) -> CaseMoved:
    """Ask the superior whether something may be asked for now that could have been named the first time."""
    asked = actions.ask_late_supplement(
        actor=actor_of(request),
        task=_task(request, task_id),
        points=[Point(point.kind, point.key, point.words) for point in sent.points],
        word=sent.word,
        reasons=sent.reasons,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(asked.case)


@router.post(
    "/tasks/{uuid:task_id}/answer",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="answer_approval",
    summary="Answer what an official asks",
)
def answer(request: HttpRequest, task_id: UUID, sent: AnswerSent) -> CaseMoved:
    """Allow what an official asked for, and do it; or refuse it with a word."""
    answered = actions.answer_approval(
        actor=actor_of(request),
        task=_task(request, task_id),
        granted=sent.granted,
        word=sent.word,
        revision=sent.revision,
        now=now(),
    )
    return showing.moved(answered.case)
