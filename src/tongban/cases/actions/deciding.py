"""Decide, issue the result, complete 办结 (行政许可法 arts. 37 to 39)."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.rows import write
from tongban.base.text import clean_lines
from tongban.cases import queries
from tongban.cases.actions import approving, clocks, delivering, delivery_clocks, fees
from tongban.cases.actions.holding import Held, advance, finished, issue_paper, keep, lock_case, take
from tongban.cases.errors import DecidedElsewhere, FeesOpen, FeesUnfixed, NotComplete, NotInThisState, RenewedAlready
from tongban.cases.events import CaseCompleted, CaseDecided, ResultIssued
from tongban.cases.kinds import kind_of, terms_of
from tongban.cases.models import Case, Decision, FeeDemand, Result, Task
from tongban.cases.rules import life
from tongban.cases.rules import papers as said
from tongban.cases.rules.renewals import CHANGE
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.papers.kinds import PaperContent

LONGEST_TEXT = 6000


@transaction.atomic
def decide(
    *,
    actor: Actor,
    task: Task,
    outcome: str,
    reasons: str,
    legal_basis: str = "",
    revision: int | None = None,
    now: datetime,
) -> Decision:
    """Decide a case with reasons; a refusal names the law and, on its paper, the ways to contest it.

    The kind of the case then issues the result of what was granted; a refusal is complete at once. Raises NotComplete
    ("outcome", "reasons", "legal_basis"), FeesUnfixed for a grant while a deemed acceptance has left an amount open,
    RenewedAlready for the grant of a permit that another case has renewed, TaskDone, TaskHeld, StaleCase: of two who
    decide at once one comes first. DecidedElsewhere for a kind whose decision does more (`CaseKind.decided_at`).
    """
    if kind_of(task.case).decided_at(task.case):
        raise DecidedElsewhere
    return decide_as_kind(
        actor=actor,
        task=task,
        outcome=outcome,
        reasons=reasons,
        legal_basis=legal_basis,
        revision=revision,
        now=now,
    )


@transaction.atomic
def decide_as_kind(
    *,
    actor: Actor,
    task: Task,
    outcome: str,
    reasons: str,
    legal_basis: str = "",
    revision: int | None = None,
    now: datetime,
) -> Decision:
    """Decide for the kind of a case, which does in the same transaction what follows. Raises what `decide` does."""
    texts = _texts(outcome, reasons, legal_basis)
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.DECISION, revision=revision)
    case, granted = held.case, outcome == Decision.Outcome.GRANTED
    if granted and queries.unfixed_fees(case):
        raise FeesUnfixed
    if granted:
        _check_renewed_once(case)
    advance(case, "decide")
    done = finished(held.task, actor=actor, outcome=outcome, opinion=texts["reasons"], now=now)
    write(done, approving.dropped(case, now), *clocks.ended(case, "decided", now))
    case.decided_at = now
    # a refusal is complete at once, and costs nothing any more: its clock starts there
    clocks.order_work(case, delivery_clocks.start(case) if granted else [])
    keep(case, "decided_at", "due_on")
    decided = CaseDecided(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        outcome=outcome,
        item_type=terms_of(case).item_type,
    )
    ledger.record(decided, actor=actor, now=now, post_id=held.task.post_id)
    decision = _keep_decision(held, texts, granted=granted, now=now)
    if not granted:
        fees.drop_open(case, _("The application was refused."), now)
        _complete(case, outcome=outcome, actor=actor, now=now)
    return decision


def _check_renewed_once(case: Case) -> None:
    """Lock the permit that a locked case renews; refuse when another case has renewed it, by decision or by law.

    The law's own turn locks it too (`deemed_renewal`): of two renewals of one permit the other waits, then sees it.
    """
    if case.predecessor_id is None or terms_of(case).result.succeeds == CHANGE:
        return
    Result.objects.select_for_update(of=("self",)).get(id=case.predecessor_id)
    granted = Decision.objects.filter(case__predecessor_id=case.predecessor_id, outcome=Decision.Outcome.GRANTED)
    others = granted.exclude(case=case).select_related("case")
    if any(terms_of(other.case).result.succeeds != CHANGE for other in others):
        raise RenewedAlready


def _texts(outcome: str, reasons: str, legal_basis: str) -> dict[str, str]:
    texts = {"reasons": clean_lines(reasons)[:LONGEST_TEXT], "legal_basis": clean_lines(legal_basis)[:LONGEST_TEXT]}
    problems: dict[str, list[str]] = {}
    if outcome not in Decision.Outcome.values:
        problems["outcome"] = [_("Please choose whether the application is granted or refused.")]
    if not texts["reasons"]:
        problems["reasons"] = [_("Please give the reasons; they are printed on the decision.")]
    if outcome == Decision.Outcome.REFUSED and not texts["legal_basis"]:
        problems["legal_basis"] = [_("A refusal names the law and its article.")]
    if problems:
        raise NotComplete(problems)
    return texts


def _keep_decision(held: Held, texts: dict[str, str], *, granted: bool, now: datetime) -> Decision:
    case = held.case
    with translation.override("zh-hans"):
        remedies = "" if granted else _remedies(case)
    content = said.decision(case, remedies=remedies, **texts)
    content = kind_of(case).decision_paper(case, content, granted=granted)
    kind = "decision_granted" if granted else "decision_refused"
    paper = issue_paper(case, kind, content, now)
    return Decision.objects.create(
        case=case,
        outcome=Decision.Outcome.GRANTED if granted else Decision.Outcome.REFUSED,
        remedies=remedies,
        official_id=held.official_id,
        post=held.task.post,
        decided_at=now,
        paper=paper,
        **texts,
    )


def _remedies(case: Case) -> str:
    own = kind_of(case).remedies(case)
    return said.remedies_words(terms_of(case).remedies, case.organisation) if own is None else own


@transaction.atomic
def issue_result(
    *,
    actor: Actor,
    case_id: UUID,
    name: str,
    valid_from: date,
    valid_to: date | None,
    content: "PaperContent | None",
    now: datetime,
) -> Result | None:
    """Issue the result of a granted case, and complete it; without `content` there is no paper to hold and no result.

    Its number is that of its paper; it succeeds the result that the case renews or changes. Called by the case's kind.
    Raises NotInThisState when there is nothing to issue (any more), FeesOpen while a fee is due.
    """
    case = lock_case(case_id)
    if not life.is_possible(case.state, "issue_result") or _outcome(case) != Decision.Outcome.GRANTED:
        raise NotInThisState
    if case.fees.filter(state=FeeDemand.State.DUE).exists():
        raise FeesOpen
    result = None
    if content is not None:
        predecessor, terms = _standing_predecessor(case), terms_of(case)
        succeeded = predecessor.number if predecessor else ""
        shown = {"valid_from": valid_from, "valid_to": valid_to, "predecessor": succeeded}
        paper = issue_paper(case, "result", content.model_copy(update=shown), now)
        result = Result.objects.create(
            case=case,
            kind=(terms.catalogue_code or terms.item_code)[:120],
            name=name[:200],
            number=paper.number,
            issued_at=now,
            valid_from=valid_from,
            valid_to=valid_to,
            predecessor=predecessor,
            paper=paper,
        )
        issued = ResultIssued(
            subject_id=case.id,
            revision=case.revision,
            organisation_id=case.organisation_id,
            result_id=result.id,
            number=result.number,
        )
        ledger.record(issued, actor=actor, now=now)
    _complete(case, outcome=Decision.Outcome.GRANTED, actor=actor, now=now)
    return result


def _outcome(case: Case) -> str:
    return Decision.objects.filter(case=case).values_list("outcome", flat=True).first() or ""


def _standing_predecessor(case: Case) -> Result | None:
    """Return the result that this case's succeeds, unless another has succeeded it meanwhile."""
    if case.predecessor_id is None:
        return None
    return Result.objects.select_for_update(of=("self",)).filter(id=case.predecessor_id, successor__isnull=True).first()


@transaction.atomic
def complete(*, actor: Actor, case_id: UUID, now: datetime) -> Case:
    """Complete a granted case without a result, for the case's kind. Raises NotInThisState, FeesOpen."""
    case = lock_case(case_id)
    if case.fees.filter(state=FeeDemand.State.DUE).exists():
        raise FeesOpen
    _complete(case, outcome=_outcome(case), actor=actor, now=now)
    return case


def _complete(case: Case, *, outcome: str, actor: Actor, now: datetime) -> None:
    advance(case, "complete")
    case.completed_at = now
    keep(case, "completed_at")
    completed = CaseCompleted(
        subject_id=case.id, revision=case.revision, organisation_id=case.organisation_id, outcome=outcome
    )
    ledger.record(completed, actor=actor, now=now)
    delivering.begin(case, actor=actor, now=now)
