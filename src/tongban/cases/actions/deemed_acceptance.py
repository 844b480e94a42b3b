"""Deemed acceptance 视为受理: nobody said in time what was missing (行政许可法 art. 32); many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.base.clock import office_date
from tongban.base.rows import changed_alike, new, write
from tongban.calendar import queries as calendar
from tongban.cases.actions import clocks, due, fees, reviewing, step_clocks
from tongban.cases.actions.holding import advance
from tongban.cases.actions.placing import Places
from tongban.cases.events import CaseDeemedAccepted
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, CasePaper, Clock, FeeDemand, Task
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules import clocks as clock_rules
from tongban.cases.rules import papers as said
from tongban.papers import actions as papers

if TYPE_CHECKING:
    from tongban.calendar.rules import WorkingCalendar


@transaction.atomic
def deem_accepted(*, now: datetime, limit: int, apart: Collection[UUID] = (), only: UUID | None = None) -> list[UUID]:
    """Accept by law what nobody has looked at in time, from the day of receipt; returns the cases.

    The decision clocks start with the receipt, the review begins, fees that the guide states are demanded. An amount
    that it leaves open is left for the official (`fees.fix_open`). Raises NotInThisState when a clock runs in a state
    in which it has no business.
    """
    over = due.lock_due("deemed_accepted", now=now, limit=limit, apart=apart, only=only)
    if not over:
        return []
    cases, places = due.cases_of(over), Places(over)
    for case in cases:
        advance(case, "deem_accepted")
        case.accepted_at, case.acceptance_is_deemed, case.revision = over[case.id].started_at, True, case.revision + 1
    desks = _desks(over)
    turned = _turned(cases, places, now)
    _record(turned, desks, now)
    _issue(turned, places, now)
    return [case.id for case in cases]


@dataclass(frozen=True, slots=True)
class _Turned:
    """A case that is accepted now, and the clocks that run from its receipt on."""

    case: Case
    started: Sequence[Clock]


def _desks(case_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the post on whose desk each case lay."""
    waiting = Task.objects.filter(case_id__in=list(case_ids), kind=Task.Kind.ACCEPTANCE, state=Task.State.OPEN)
    return dict(waiting.values_list("case_id", "post_id"))


def _turned(cases: Sequence[Case], places: Places, now: datetime) -> list[_Turned]:
    """Write the turn: what was to be done is dropped, the decision clocks start with the receipt, the review begins."""
    days = calendar.working_calendar()
    turned = [_Turned(case, _started(case, days)) for case in cases]
    began = [clock for one in turned for clock in one.started]
    ids = [case.id for case in cases]
    write(*due.tasks_dropped(ids, now), *clocks.ended_alike(ids, "deemed_accepted", now))
    steps = reviewing.begin_many(cases, places, now)
    beside, nearest = _beside(cases), {}
    for one in turned:
        running = [*one.started, *beside.get(one.case.id, ())]
        first_over = nearest[one.case.id] = min(running, key=lambda clock: clock.due_on, default=None)
        one.case.due_on = first_over.due_on if first_over else None
    of_steps: list[Clock] = []
    for task, stated in steps:
        if (first_over := nearest[task.case_id]) is not None:
            task.due_on, task.provisional = first_over.due_on, first_over.provisional
        limits = step_clocks.limits_of(task.case, {task.id: stated} if stated else {}, first_over, now, days)
        of_steps += step_clocks.running(task.case, [task], now, limits=limits, reckoned=days)
    write(
        *new(*began),
        *new(*clocks.first_intervals(began)),
        *new(*(task for task, _stated in steps)),
        *new(*of_steps),
        *new(*clocks.first_intervals(of_steps)),
        *changed_alike(cases, "state", "revision", "accepted_at", "acceptance_is_deemed", "due_on", "run"),
    )
    return turned


def _started(case: Case, days: "WorkingCalendar") -> list[Clock]:
    starts = clock_rules.starting(rules_of(case), "acceptance", terms_of(case), joint=case.is_joint)
    return clocks.begun(case, starts, case.accepted_at or case.submitted_at, reckoned=days)


def _beside(cases: Sequence[Case]) -> dict[UUID, list[Clock]]:
    """Return the clocks of renewals, which run on beside those of the decision."""
    renewing = [case.id for case in cases if case.predecessor_id is not None]
    found: dict[UUID, list[Clock]] = {}
    if renewing:
        for clock in Clock.objects.filter(case_id__in=renewing, state=Clock.State.RUNNING).exclude(kind="step"):
            found.setdefault(clock.case_id, []).append(clock)
    return found


def _record(turned: Sequence[_Turned], desks: dict[UUID, UUID], now: datetime) -> None:
    events = []
    for one in turned:
        told = clocks.told_clock(one.started)
        events.append(
            CaseDeemedAccepted(
                subject_id=one.case.id,
                revision=one.case.revision,
                organisation_id=one.case.organisation_id,
                accepted_on=office_date(one.case.accepted_at or one.case.submitted_at),
                late_post_id=desks.get(one.case.id),
                due_on=told.due_on if told else None,
                provisional=bool(told and told.provisional),
            )
        )
    due.record(events, now)


def _issue(turned: Sequence[_Turned], places: Places, now: datetime) -> None:
    """Issue the notices, then the demands for payment: papers come last in a transaction, for their numbers."""
    notices = [_notice(one) for one in turned]
    demanded = [
        fees.noted(one.case, fee, places.cashier(one.case), now)
        for one in turned
        for fee in fees.stated(terms_of(one.case).fees)
    ]
    fees.record_demanded(demanded, now)
    wanted = notices + [_demand(fee) for fee in demanded]
    issued = papers.issue_many(wanted, now=now)
    for fee, paper in zip(demanded, issued[len(notices) :], strict=True):
        fee.paper = paper
    filed = [CasePaper(case_id=one.subject_id, paper=paper) for one, paper in zip(wanted, issued, strict=True)]
    write(*new(*filed), *new(*demanded))


def _notice(one: _Turned) -> papers.ToIssue:
    case = one.case
    shown = [clock for clock in one.started if clock.kind in rules_of(case).told]
    return papers.ToIssue("acceptance_deemed", case.organisation, case.id, said.acceptance_deemed(case, shown))


def _demand(fee: FeeDemand) -> papers.ToIssue:
    return papers.ToIssue("fee_demand", fee.case.organisation, fee.case_id, said.fee_demand(fee.case, fee))
