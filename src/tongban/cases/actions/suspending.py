"""Time that does not count: special procedures 特别程序 (行政许可法 art. 45), and suspensions by another law 中止."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.text import clean_lines
from tongban.cases.actions import clocks
from tongban.cases.actions.holding import Held, advance, issue_paper, keep, take
from tongban.cases.errors import NotComplete, NotInThisState, SuspendedAlready
from tongban.cases.events import CaseResumed, CaseSuspended
from tongban.cases.kinds import TermLimit
from tongban.cases.models import Case, Suspension, Task
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules import duties
from tongban.cases.rules import papers as said
from tongban.ledger import actions as ledger

LONGEST_TEXT = 4000
LONGEST_BASIS = 500
DURING = (Task.Kind.REVIEW, Task.Kind.DECISION)
"""Steps whose officials may suspend a case and let it go on."""


@transaction.atomic
def begin_procedure(
    *,
    actor: Actor,
    task: Task,
    procedure: str,
    ground: str,
    expected: TermLimit | None,
    revision: int | None = None,
    now: datetime,
) -> Suspension:
    """Begin a special procedure: its time does not count, and the applicant is told in writing how long it takes.

    Several may run at once; the clocks go on when the last is over. Raises NotComplete ("procedure", "ground",
    "expected"), SuspendedAlready while the same procedure runs, NotInThisState, TaskDone, TaskHeld, StaleCase.
    """
    held = _held(actor, task, revision, now)
    rules = rules_of(held.case)
    text = clean_lines(ground)[:LONGEST_TEXT]
    problems: dict[str, list[str]] = {}
    if procedure not in rules.procedures:
        problems["procedure"] = [_("Please choose which special procedure it is.")]
    if not text:
        problems["ground"] = [_("Please say why it is needed and what is done; the applicant reads it.")]
    if expected is None or not expected.value:
        problems["expected"] = [_("Please say how long it will take.")]
    if problems or expected is None:
        raise NotComplete(problems)
    ends = clocks.due_of_term(expected, now)
    return _suspend(
        held,
        Suspension(
            case=held.case,
            kind=Suspension.Kind.PROCEDURE,
            procedure=procedure,
            ground=text,
            basis=rules.procedures_basis[:LONGEST_BASIS],
            expected_value=expected.value,
            expected_unit=expected.unit,
            expected_on=ends.day,
            provisional=ends.provisional,
        ),
        actor,
        now,
    )


@transaction.atomic
def suspend_by_law(
    *, actor: Actor, task: Task, ground: str, basis: str, revision: int | None = None, now: datetime
) -> Suspension:
    """Suspend a case because a law orders it 中止: ground and article are told to the applicant.

    Raises NotComplete ("ground", "basis"), SuspendedAlready, NotInThisState, TaskDone, TaskHeld, StaleCase.
    """
    held = _held(actor, task, revision, now)
    texts = {"ground": clean_lines(ground)[:LONGEST_TEXT], "basis": clean_lines(basis)[:LONGEST_BASIS]}
    problems: dict[str, list[str]] = {}
    if not texts["ground"]:
        problems["ground"] = [_("Please say why the case cannot go on; the applicant reads it.")]
    if not texts["basis"]:
        problems["basis"] = [_("Please name the law and its article.")]
    if problems:
        raise NotComplete(problems)
    return _suspend(held, Suspension(case=held.case, kind=Suspension.Kind.BY_LAW, **texts), actor, now)


def _held(actor: Actor, task: Task, revision: int | None, now: datetime) -> Held:
    held = take(actor=actor, task=task, now=now, revision=revision)
    if held.task.kind not in DURING:
        raise NotFound
    return held


def _suspend(held: Held, suspension: Suspension, actor: Actor, now: datetime) -> Suspension:
    case = held.case
    standing = case.suspensions.filter(ended_at__isnull=True)
    if standing.filter(kind=suspension.kind, procedure=suspension.procedure).exists():
        raise SuspendedAlready
    advance(case, "suspend")
    suspension.began_at, suspension.official_id, suspension.post = now, held.official_id, held.task.post
    suspension.save(force_insert=True)
    clocks.stop(case, suspension, now)
    clocks.order_work(case)
    keep(case, "due_on")
    event = CaseSuspended(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        suspension_id=suspension.id,
        suspension_kind=suspension.kind,
        procedure=suspension.procedure,
        expected_on=suspension.expected_on,
        provisional=suspension.provisional,
    )
    ledger.record(event, actor=actor, now=now, post_id=held.task.post_id)
    kind = "special_procedure" if suspension.kind == Suspension.Kind.PROCEDURE else "suspension"
    suspension.paper = issue_paper(case, kind, said.suspension(case, suspension), now)
    suspension.save(update_fields=["paper"])
    return suspension


@transaction.atomic
def resume(
    *, actor: Actor, task: Task, suspension_id: UUID, outcome: str, revision: int | None = None, now: datetime
) -> Case:
    """End a suspension with what came of it; when none is left, the clocks run on to their new ends.

    By the office that began it, or the one that leads: another that only has a step of the review knows nothing of what
    came of it. Raises NotComplete ("outcome"), NotFound for whom it is not, NotInThisState for one that is over.
    """
    held = _held(actor, task, revision, now)
    case, text = held.case, clean_lines(outcome)[:LONGEST_TEXT]
    rows = case.suspensions.select_for_update(of=("self",)).select_related("post")
    suspension = rows.filter(id=suspension_id).first()
    if suspension is None or not _may_end(suspension, held):
        raise NotFound
    if suspension.ended_at is not None:
        raise NotInThisState
    if not text:
        raise NotComplete({"outcome": [_("Please say what came of it.")]})
    suspension.ended_at, suspension.ended_by_id, suspension.outcome = now, held.official_id, text
    suspension.save(update_fields=["ended_at", "ended_by", "outcome"])
    other = case.suspensions.filter(ended_at__isnull=True).order_by("began_at", "id").first()
    if other is None:
        running = clocks.resume(case, now)
        advance(case, "resume")
    else:
        running = []
        clocks.go_on_standing(case, suspension, other, now)
    clocks.order_work(case)
    keep(case, "due_on")
    told = clocks.told_clock(running)
    event = CaseResumed(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        suspension_id=suspension.id,
        procedure=suspension.procedure,
        goes_on=other is None,
        due_on=told.due_on if told else None,
        provisional=bool(told and told.provisional),
    )
    ledger.record(event, actor=actor, now=now, post_id=held.task.post_id)
    issue_paper(case, "resumption", said.resumption(case, suspension, running, goes_on=other is None), now)
    return case


def _may_end(suspension: Suspension, held: Held) -> bool:
    case = held.case
    open_tasks = case.tasks.filter(kind__in=DURING, state=Task.State.OPEN).select_related("post")
    at_work = [task.post for task in open_tasks]
    return duties.may_end(suspension.post, own=held.task.post, at_work=at_work, lead_id=case.organisation_id)
