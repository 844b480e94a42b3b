"""Deemed renewal 视为准予延续: no decision by the last day of the permit (行政许可法 art. 50); many at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.rows import Change, changed_alike, new, write
from tongban.cases.actions import clocks, delivery_clocks, due, fees
from tongban.cases.actions.holding import advance
from tongban.cases.actions.placing import Places
from tongban.cases.events import CaseDecided, CaseDeemedRenewed, FeeFoundNotDue
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, CasePaper, Clock, Decision, FeeDemand, Result
from tongban.cases.rules import papers as said
from tongban.cases.rules.renewals import BASIS
from tongban.papers import actions as papers
from tongban.processes import actions as processes

if TYPE_CHECKING:
    from tongban.papers.models import Paper

SUCCEEDED = "succeeded"
"""What ends the clock of a renewal when another case has renewed the same permit: nothing is deemed twice."""


@transaction.atomic
def deem_renewed(*, now: datetime, limit: int, apart: Collection[UUID] = (), only: UUID | None = None) -> list[UUID]:
    """Grant by law the renewals on which nobody has decided by the last day of the permit; returns the cases.

    The result follows in the usual way, as soon as the fees demanded before are paid; an amount that nobody has fixed
    by then is not due. Raises NotInThisState when a clock runs in a state in which it has no business.
    """
    over = due.lock_due("deemed_renewed", now=now, limit=limit, apart=apart, only=only)
    if not over:
        return []
    cases = due.cases_of(over)
    permits = _permits(cases)
    renewed = _each_permit_once(cases, permits)
    _let_be([case for case in cases if case not in renewed], now)
    for case in renewed:
        advance(case, "deem_renewed")
        case.decided_at, case.due_on, case.revision = now, None, case.revision + 1
    _end_what_was_going_on(renewed, now)
    with_fees = _with_fees(renewed, now)
    _record(with_fees, over, now)
    if delivery_clocks.start_many(renewed, also_owing={fee.case_id for fee in with_fees.demanded}):
        write(*changed_alike(renewed, "due_on"))
    _issue(with_fees, permits, over, now)
    return list(over)


def _permits(cases: Sequence[Case]) -> dict[UUID, Result]:
    """Lock the permits that are to be renewed: of two renewals of one, another worker waits here for the first."""
    ids = {case.predecessor_id for case in cases if case.predecessor_id is not None}
    rows = Result.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")
    return {permit.id: permit for permit in rows}


def _each_permit_once(cases: Iterable[Case], permits: Mapping[UUID, Result]) -> list[Case]:
    """Return the cases that renew a permit which no other case has renewed, or has been granted to renew."""
    granted = Decision.objects.filter(case__predecessor_id__in=list(permits), outcome=Decision.Outcome.GRANTED)
    succeeded = Result.objects.filter(predecessor_id__in=list(permits)).values_list("predecessor_id", flat=True)
    taken = {*granted.values_list("case__predecessor_id", flat=True), *succeeded}
    found = []
    for case in cases:
        if case.predecessor_id not in taken:
            taken.add(case.predecessor_id)
            found.append(case)
    return found


def _let_be(cases: Sequence[Case], now: datetime) -> None:
    """End the clocks of renewals that are none any more; the cases themselves go on and are decided by the office."""
    if not cases:
        return
    ids = [case.id for case in cases]
    write(Change(_END_RENEWALS, [now, SUCCEEDED, ids]), Change(_END_THEIR_STRETCHES, [now, ids]))
    for case in cases:
        clocks.order_work(case)
    write(*changed_alike(cases, "due_on"))


_END_RENEWALS = """
    UPDATE cases_clock SET state = 'ended', ended_at = %s, ended_by = %s
    WHERE state <> 'ended' AND at_end = 'deemed_renewed' AND case_id = ANY(%s::uuid[])
"""
_END_THEIR_STRETCHES = """
    UPDATE cases_clockinterval SET until = %s
    WHERE until IS NULL AND clock_id IN (
        SELECT id FROM cases_clock WHERE state = 'ended' AND case_id = ANY(%s::uuid[])
    )
"""


def _end_what_was_going_on(cases: Sequence[Case], now: datetime) -> None:
    """Drop tasks, procedures and the review; the clocks end with the decision that the law has made."""
    ids = [case.id for case in cases]
    write(*due.tasks_dropped(ids, now), Change(_END_SUSPENSIONS, [now, ids]))
    processes.cancel_many([case.run_id for case in cases if case.run_id is not None], now=now)
    write(
        *clocks.ended_alike(ids, "deemed_renewed", now),
        *changed_alike(cases, "state", "revision", "decided_at", "due_on"),
    )


_END_SUSPENSIONS = "UPDATE cases_suspension SET ended_at = %s WHERE ended_at IS NULL AND case_id = ANY(%s::uuid[])"


@dataclass(slots=True)
class _Renewed:
    """Cases that are deemed renewed, the fees that are due for them, and those that nobody has fixed in time."""

    cases: Sequence[Case]
    demanded: list[FeeDemand] = field(default_factory=list)
    not_due: list[FeeDemand] = field(default_factory=list)
    not_due_events: list[FeeFoundNotDue] = field(default_factory=list)


def _with_fees(cases: Sequence[Case], now: datetime) -> _Renewed:
    """Look at the fees that nobody has demanded yet: those with a stated amount are due, others are not.

    What the office has not named in time it cannot ask for before it hands the permit out.
    """
    unfixed = _("Nobody had fixed the amount when the permit was deemed renewed.")
    found, places = _Renewed(cases), Places(case.id for case in cases)
    known = set(FeeDemand.objects.filter(case__in=cases).values_list("case_id", "name"))
    for case in cases:
        for term in terms_of(case).fees:
            if (case.id, term.name[:200]) in known or term.amount_fen == 0:
                continue
            fee = fees.noted(case, fees.Fixed(term, term.amount_fen or 0), places.cashier(case), now)
            if term.amount_fen:
                found.demanded.append(fee)
            else:
                found.not_due.append(fee)
                found.not_due_events.append(fees.found_not_due(fee, unfixed, by=None, now=now))
    return found


def _record(renewed: "_Renewed", over: Mapping[UUID, Clock], now: datetime) -> None:
    """Record the turns, and what they bring up; the state follows from CaseDecided, as it always does."""
    cases = renewed.cases
    deemed = [
        CaseDeemedRenewed(
            subject_id=case.id,
            revision=case.revision,
            organisation_id=case.organisation_id,
            predecessor_id=case.predecessor_id,
            last_day=over[case.id].due_on,
        )
        for case in cases
        if case.predecessor_id is not None
    ]
    decided = [
        CaseDecided(
            subject_id=case.id,
            revision=case.revision,
            organisation_id=case.organisation_id,
            outcome=Decision.Outcome.GRANTED,
            item_type=terms_of(case).item_type,
            is_deemed=True,
        )
        for case in cases
    ]
    due.record(deemed, now)
    due.record(decided, now)
    fees.record_demanded(renewed.demanded, now)
    due.record(renewed.not_due_events, now)


def _issue(renewed: "_Renewed", permits: Mapping[UUID, Result], over: Mapping[UUID, Clock], now: datetime) -> None:
    """Issue the demands for payment and the decisions: papers come last in a transaction, for their numbers."""
    demands = [
        papers.ToIssue("fee_demand", fee.case.organisation, fee.case_id, said.fee_demand(fee.case, fee))
        for fee in renewed.demanded
    ]
    decisions = [
        papers.ToIssue(
            "renewal_deemed",
            case.organisation,
            case.id,
            said.renewal_deemed(case, permits[case.predecessor_id].number, over[case.id].due_on),
        )
        for case in renewed.cases
        if case.predecessor_id is not None
    ]
    wanted = demands + decisions
    issued = papers.issue_many(wanted, now=now)
    for fee, paper in zip(renewed.demanded, issued, strict=False):
        fee.paper = paper
    filed = [CasePaper(case_id=one.subject_id, paper=paper) for one, paper in zip(wanted, issued, strict=True)]
    made = [
        _decision(case, over[case.id], paper, now)
        for case, paper in zip(renewed.cases, issued[len(demands) :], strict=True)
    ]
    write(*new(*filed), *new(*renewed.demanded, *renewed.not_due), *new(*made))


def _decision(case: Case, clock: Clock, paper: "Paper", now: datetime) -> Decision:
    with translation.override("zh-hans"):
        reasons = said.deemed_reasons(clock.due_on)
    return Decision(
        case=case,
        outcome=Decision.Outcome.GRANTED,
        reasons=reasons,
        legal_basis=clock.basis or BASIS,
        is_deemed=True,
        decided_at=now,
        paper=paper,
    )
