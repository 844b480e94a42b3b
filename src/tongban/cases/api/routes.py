"""Operations on cases: list, follow, take back, rate, stand aside."""

from functools import partial
from typing import Literal

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from tongban.base.api import OFFICIAL, SIGNED_IN, CaseNumber, Line, Numbered, Paging, page_of
from tongban.base.clock import now, office_date
from tongban.base.web import actor_of
from tongban.cases import actions, queries
from tongban.cases.api import showing
from tongban.cases.api.shapes import (
    CaseMoved,
    CaseRow,
    CaseTold,
    RatingSent,
    StandAsideSent,
    State,
    WithdrawalSent,
)

router = Router(tags=["Cases"])


class CaseSearch(Paging):
    """What narrows the list."""

    q: Line = Field(default="", description="Beginning of the number, or part of the matter's or applicant's name.")
    view: Literal["", "open", "ended"] = Field(default="", description="Only those that go on, or that have ended.")
    state: State | Literal[""] = Field(default="", description="Only those in this state.")


@router.get("/cases", response=Numbered[CaseRow], auth=SIGNED_IN, operation_id="list_cases", summary="List cases")
def list_cases(request: HttpRequest, search: Query[CaseSearch]) -> Numbered[CaseRow]:
    """Return the cases that one may see, the newest first: one's own; for officials those of their posts."""
    actor = actor_of(request)
    found = queries.cases_told(actor, words=search.q, state=search.state, view=search.view)
    shape = partial(showing.row_of, for_official=actor.is_official)
    return page_of(found, shape, page=search.page, page_size=search.page_size)


@router.get("/cases/{number}", response=CaseTold, auth=SIGNED_IN, operation_id="read_case", summary="Follow a case")
def read_case(request: HttpRequest, number: Path[CaseNumber]) -> CaseTold:
    """Return where a case is, its clocks, what is wanted, what has happened, papers, and for officials the tasks."""
    actor = actor_of(request)
    return showing.told(queries.case_for(actor, number), actor=actor, today=office_date(now()))


@router.post(
    "/cases/{number}/withdraw",
    response=CaseMoved,
    auth=SIGNED_IN,
    operation_id="withdraw_case",
    summary="Take a case back",
)
def withdraw_case(request: HttpRequest, number: Path[CaseNumber], sent: WithdrawalSent) -> CaseMoved:
    """Take a case back, as long as it is not decided."""
    actor = actor_of(request)
    case = queries.case_for(actor, number)
    return showing.moved(actions.withdraw(actor=actor, case=case, reason=sent.reason, now=now()))


@router.post(
    "/cases/{number}/rating", response=CaseMoved, auth=SIGNED_IN, operation_id="rate_case", summary="Rate a case"
)
def rate_case(request: HttpRequest, number: Path[CaseNumber], sent: RatingSent) -> CaseMoved:
    """Say how it was: once, after the end."""
    actor = actor_of(request)
    case = queries.case_for(actor, number)
    actions.rate(actor=actor, case=case, level=sent.level, words=sent.words, now=now())
    return showing.moved(queries.case_for(actor, number))


@router.post(
    "/cases/{number}/stand-aside",
    response=CaseMoved,
    auth=OFFICIAL,
    operation_id="stand_aside",
    summary="Stand aside from a case",
)
def stand_aside(request: HttpRequest, number: Path[CaseNumber], sent: StandAsideSent) -> CaseMoved:
    """Stand aside for a conflict of interest: what one holds goes back to the posts."""
    actor = actor_of(request)
    recusal = actions.stand_aside(actor=actor, case=queries.case_for(actor, number), reason=sent.reason, now=now())
    return showing.moved(recusal.case)
