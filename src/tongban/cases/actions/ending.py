"""Ends before a decision: the applicant takes the case back, or the supplement never comes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.rows import write
from tongban.base.text import clean_line
from tongban.cases import queries
from tongban.cases.actions import approving, clocks, fees
from tongban.cases.actions.acceptance import answer_limit
from tongban.cases.actions.holding import advance, cancel_open_tasks, issue_paper, keep, lock_case
from tongban.cases.errors import OwnMatter
from tongban.cases.events import CaseLapsed, CaseWithdrawn
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, SupplementRequest, Withdrawal
from tongban.cases.rules import papers as said
from tongban.cases.rules.retention import retain_until
from tongban.ledger import actions as ledger
from tongban.processes import actions as processes

LONGEST_REASON = 500


@transaction.atomic
def withdraw(*, actor: Actor, case: Case, reason: str = "", revision: int | None = None, now: datetime) -> Case:
    """Take a case back, as long as it is not decided. A reason may be given and need not.

    Raises NotFound, OwnMatter for anybody but the applicant's side, NotInThisState once it is decided or ended.
    """
    queries.case_for(actor, case.id)
    locked = lock_case(case.id)
    if not queries.acts_for_applicant(actor, locked):
        raise OwnMatter
    advance(locked, "withdraw")
    _end(locked, "withdrawn", now)
    event = CaseWithdrawn(subject_id=locked.id, revision=locked.revision, organisation_id=locked.organisation_id)
    ledger.record(event, actor=actor, now=now)
    fees.drop_open(locked, _("The application was withdrawn."), now)
    content = said.withdrawal(locked, withdrawn_on=office_date(now))
    paper = issue_paper(locked, "withdrawal", content, now)
    Withdrawal.objects.create(case=locked, reason=clean_line(reason)[:LONGEST_REASON], paper=paper, withdrawn_at=now)
    return locked


def _end(case: Case, by: str, now: datetime) -> None:
    cancel_open_tasks(case, now)
    if case.run_id is not None:
        processes.cancel(run_id=case.run_id, now=now)
    write(approving.dropped(case, now))
    case.suspensions.filter(ended_at__isnull=True).update(ended_at=now)
    clocks.end(case, by, now)
    clocks.order_work(case)
    case.ended_at, case.retain_until = now, retain_until(now, terms_of(case))
    keep(case, "ended_at", "retain_until", "due_on")


def lapse_overdue(*, now: datetime, limit: int = 500) -> int:
    """End cases whose supplement never came 补正不来, each in a transaction of its own. Returns how many."""
    return sum(lapse(case_id=case_id, now=now) for case_id in not_answered(now=now, limit=limit))


def not_answered(*, now: datetime, limit: int, apart: Collection[UUID] = ()) -> list[UUID]:
    """Return cases whose supplement has not come in time, firm dates first. `apart` are left for another time."""
    late = SupplementRequest.objects.filter(
        answered_at__isnull=True, case__state=Case.State.SUPPLEMENT, answer_by__lt=office_date(now)
    ).exclude(case_id__in=list(apart))
    return list(late.order_by("provisional", "answer_by", "id").values_list("case_id", flat=True)[:limit])


@transaction.atomic
def lapse(*, case_id: UUID, now: datetime) -> bool:
    """End a case whose supplement never came; returns whether it has ended now.

    A date that is only provisional is reckoned anew under the calendar now in force; as long as it stays provisional
    it is not acted upon.
    """
    case = lock_case(case_id)
    request = SupplementRequest.objects.select_for_update().filter(case=case, answered_at__isnull=True).first()
    if request is None or case.state != Case.State.SUPPLEMENT:
        return False
    if request.provisional:
        _reckon_anew(request, case)
    if request.provisional or request.answer_by >= office_date(now):
        return False
    advance(case, "lapse")
    _end(case, "lapsed", now)
    event = CaseLapsed(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        answer_by=request.answer_by,
    )
    ledger.record(event, actor=SYSTEM, now=now)
    return True


def _reckon_anew(request: SupplementRequest, case: Case) -> None:
    ends = clocks.due_of_term(answer_limit(case), request.asked_at)
    request.answer_by, request.provisional = ends.day, ends.provisional
    request.save(update_fields=["answer_by", "provisional"])
