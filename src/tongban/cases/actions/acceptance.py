"""The acceptance desk: accept, ask for a supplement, refuse acceptance, pass on (行政许可法 art. 32)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.base.rows import new, write
from tongban.base.text import clean_line, clean_lines
from tongban.cases import queries
from tongban.cases.actions import approving, clocks, fees, receipt_clocks, reviewing, step_clocks
from tongban.cases.actions.holding import Held, advance, finish, finished, issue_paper, keep, lock_case, open_task, take
from tongban.cases.actions.taking import BulkOutcome, each
from tongban.cases.errors import NotComplete, NotInThisState, OwnMatter
from tongban.cases.events import (
    CaseAccepted,
    CaseNotAccepted,
    CasePassedOn,
    SupplementAsked,
    SupplementGiven,
)
from tongban.cases.kinds import TermLimit, kind_of, terms_of
from tongban.cases.models import Approval, Case, Clock, NonAcceptance, SupplementPoint, SupplementRequest, Task
from tongban.cases.queries.clock_tables import may_be_joint, rules_of
from tongban.cases.rules import clocks as clock_rules
from tongban.cases.rules import duties
from tongban.cases.rules import papers as said
from tongban.cases.rules.clock_table import PASSED_ON
from tongban.cases.rules.retention import retain_until
from tongban.cases.rules.supplements import named_too_late, too_late_words
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations

LONGEST_TEXT = 4000
LONGEST_POINT = 1000


@transaction.atomic
def accept(
    *,
    actor: Actor,
    task: Task,
    word: str = "",
    fee_amounts: Mapping[str, int] | None = None,
    fee_reasons: Mapping[str, str] | None = None,
    joint: bool = False,
    revision: int | None = None,
    now: datetime,
) -> Case:
    """Accept a case 受理: the decision clocks run, the review begins, fees are demanded, the notice is issued.

    `fee_amounts` gives fen by the name of each fee whose amount the terms leave open; 0 = not due here, and then
    `fee_reasons` says why. `joint`: several offices handle it together, which lengthens the law's limit where the
    matter has none itself. Raises NotComplete (fields "fee-0", "fee-0-reason", … while one is missing, "joint" where
    it lengthens nothing), NotInThisState, TaskDone, TaskHeld, StaleCase.
    """
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.ACCEPTANCE, revision=revision)
    case = held.case
    fixed = fees.fix(terms_of(case).fees, fee_amounts or {}, fee_reasons or {})
    if joint and not may_be_joint(case):
        another = _("Another law has a limit of its own for this matter; handling together does not change it.")
        raise NotComplete({"joint": [another]})
    advance(case, "accept")
    case.accepted_at, case.is_joint = now, joint
    done = finished(held.task, actor=actor, outcome="accepted", opinion=clean_lines(word)[:LONGEST_TEXT], now=now)
    started = clocks.begun(
        case, clock_rules.starting(rules_of(case), "acceptance", terms_of(case), joint=case.is_joint), now
    )
    write(
        done,
        approving.dropped(case, now),
        *clocks.ended(case, "accepted", now),
        *new(*started),
        *new(*clocks.first_intervals(started)),
    )
    reviewing.begin(case, now)
    case.due_on = clocks.first_due(case, started)
    keep(case, "accepted_at", "due_on", "run", "is_joint")
    told = clocks.told_clock(started)
    accepted = CaseAccepted(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        due_on=told.due_on if told else None,
        provisional=bool(told and told.provisional),
    )
    ledger.record(accepted, actor=actor, now=now, post_id=held.task.post_id)
    _notice_of_acceptance(case, started, now)
    fees.demand(case, fixed, actor=actor, now=now)
    return case


def _notice_of_acceptance(case: Case, started: Sequence[Clock], now: datetime) -> None:
    shown = [clock for clock in started if clock.kind in rules_of(case).told]
    content = said.acceptance(case, office_date(now), shown)
    issue_paper(case, "acceptance", content, now)


def accept_many(*, actor: Actor, tasks: Iterable[Task], now: datetime) -> BulkOutcome:
    """Accept several complete cases; those that need a word (a fee to be fixed) are refused one by one."""
    return each(tasks, lambda task: accept(actor=actor, task=task, now=now))


@dataclass(frozen=True, slots=True)
class Point:
    """What is missing: target kind ("field" or "material") and key, and what is needed in words."""

    target_kind: str
    target_key: str
    words: str


@transaction.atomic
def ask_supplement(
    *,
    actor: Actor,
    task: Task,
    points: Sequence[Point | tuple[str, str, str]],
    word: str = "",
    revision: int | None = None,
    now: datetime,
) -> SupplementRequest:
    """Name everything that is missing, at once 一次性告知. The notice clock ends; the answer is awaited.

    Raises NotComplete: "points" when there is none, "words-<kind>:<key>" for a point without words, "reasons" when a
    point could have been named the first time: then `ask_late_supplement` is the way.
    """
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.ACCEPTANCE, revision=revision)
    rows = _points(held.case, _named(points))
    late = _named_too_late(held.case, rows)
    if late:
        raise NotComplete({"reasons": [too_late_words([point.target_name for point in late])]})
    return _ask_supplement(held, rows, word, actor=actor, now=now)


@transaction.atomic
def ask_late_supplement(
    *,
    actor: Actor,
    task: Task,
    points: Sequence[Point | tuple[str, str, str]],
    word: str = "",
    reasons: str,
    revision: int | None = None,
    now: datetime,
) -> Approval:
    """Ask a superior whether something may be asked for now that lay before the office at the first time.

    Nothing is sent to the applicant before it is allowed, and the notice clock runs on. Raises NotComplete as above,
    "reasons" when they are missing; AskedAlready.
    """
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.ACCEPTANCE, revision=revision)
    named = _named(points)
    _points(held.case, named)
    proposal = {"points": [[point.target_kind, point.target_key, point.words] for point in named], "word": word}
    return approving.ask_approval(
        held, kind=Approval.Kind.SUPPLEMENT, reasons=reasons, proposal=proposal, actor=actor, now=now
    )


def _named(points: Sequence[Point | tuple[str, str, str]]) -> list[Point]:
    return [point if isinstance(point, Point) else Point(*point) for point in points]


def _named_too_late(case: Case, rows: Sequence[SupplementPoint]) -> list[SupplementPoint]:
    known = queries.named_before(case.id)
    if not known:
        return []
    late = named_too_late([(row.target_kind, row.target_key) for row in rows], known)
    return [row for row in rows if (row.target_kind, row.target_key) in late]


def _supplement_as_allowed(allowing: Held, approval: Approval, actor: Actor, now: datetime) -> None:
    """Ask for what a superior has allowed to be asked for; the case may have moved on meanwhile."""
    case = allowing.case
    task = case.tasks.select_for_update().filter(kind=Task.Kind.ACCEPTANCE, state=Task.State.OPEN).first()
    if task is None:
        raise NotInThisState
    rows = _points(case, [Point(*point) for point in approval.proposal["points"]])
    held = Held(case, task, approval.asked_by_id)
    _ask_supplement(held, rows, approval.proposal["word"], actor=actor, approval=approval, now=now)


approving.WHEN_GRANTED[Approval.Kind.SUPPLEMENT] = _supplement_as_allowed


def _ask_supplement(
    held: Held,
    rows: Sequence[SupplementPoint],
    word: str,
    *,
    actor: Actor,
    approval: Approval | None = None,
    now: datetime,
) -> SupplementRequest:
    case = held.case
    advance(case, "ask_supplement")
    said_so = clean_lines(word)[:LONGEST_TEXT]
    finish(held.task, actor=actor, outcome="supplement", opinion=said_so, now=now, by=held.official_id)
    write(approving.dropped(case, now))
    receipt_clocks.asked(case, now)
    request = _request(held.task, rows, now, approval)
    keep(case, "due_on")
    asked = SupplementAsked(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        request_id=request.id,
        points=len(rows),
        answer_by=request.answer_by,
        provisional=request.provisional,
        round=request.round,
    )
    ledger.record(asked, actor=actor, now=now, post_id=held.task.post_id)
    content = said.supplement(case, rows, request.word, request.answer_by, reasons=approval.reasons if approval else "")
    request.paper = issue_paper(case, "supplement", content, now)
    request.save(update_fields=["paper"])
    return request


def _points(case: Case, points: Sequence[Point]) -> list[SupplementPoint]:
    targets = {f"{target.kind}:{target.key}": target for target in kind_of(case).supplement_targets(case)}
    problems: dict[str, list[str]] = {}
    rows = []
    for position, point in enumerate(points):
        target = targets.get(f"{point.target_kind}:{point.target_key}")
        if target is None:
            raise NotFound
        words = clean_lines(point.words)[:LONGEST_POINT]
        if not words:
            problems[f"words-{target.value}"] = [_("Please say what is needed for “%(name)s”.") % {"name": target.name}]
        rows.append(
            SupplementPoint(
                target_kind=target.kind,
                target_key=target.key,
                target_name=target.name[:300],
                words=words,
                position=position,
            )
        )
    if not rows:
        problems["points"] = [_("Please choose at least one point that is missing or wrong.")]
    if problems:
        raise NotComplete(problems)
    return rows


def _request(
    task: Task, rows: Sequence[SupplementPoint], now: datetime, approval: Approval | None
) -> SupplementRequest:
    answer = clocks.due_of_term(answer_limit(task.case), now)
    request = SupplementRequest.objects.create(
        case=task.case,
        asked_at=now,
        asked_by=task.post,
        answer_by=answer.day,
        provisional=answer.provisional,
        word=task.opinion,
        round=task.case.supplement_requests.count() + 1,
        approval=approval,
    )
    for row in rows:
        row.request = request
    SupplementPoint.objects.bulk_create(rows)
    return request


def answer_limit(case: Case) -> TermLimit:
    """Return how long the applicant has for answering (policy, in the terms)."""
    return TermLimit(value=terms_of(case).supplement_answer_days, unit="calendar_day")


@transaction.atomic
def give_supplement(
    *, actor: Actor, case_id: UUID, process_data: dict[str, object] | None = None, now: datetime
) -> SupplementRequest:
    """Give the answer back to the office; called by the case's kind once the answer is stored.

    What is sent in starts the notice clock anew, or lets it run on, as the table has it (policy, facts §3).
    `process_data` takes the place of what the review was to look at. Raises NotInThisState when no supplement is
    awaited, OwnMatter for anybody but the applicant's side or the window that took the case in.
    """
    queries.case_for(actor, case_id)
    case = lock_case(case_id)
    request = case.supplement_requests.filter(answered_at__isnull=True).select_related("asked_by").first()
    if request is None:
        raise NotInThisState
    if not queries.acts_for_applicant(actor, case):
        raise OwnMatter
    advance(case, "give_supplement")
    request.answered_at = now
    request.save(update_fields=["answered_at"])
    if process_data is not None:
        case.process_data = process_data
    task = open_task(case, Task.Kind.ACCEPTANCE, duties.ACCEPTS, now, post=request.asked_by)
    write(*step_clocks.begun(case, [task], now))
    receipt_clocks.answered(case, now)
    keep(case, "due_on", "process_data")
    given = SupplementGiven(
        subject_id=case.id, revision=case.revision, organisation_id=case.organisation_id, request_id=request.id
    )
    ledger.record(given, actor=actor, now=now)
    return request


@transaction.atomic
def refuse_acceptance(
    *,
    actor: Actor,
    task: Task,
    reason: str,
    legal_basis: str,
    what_else: str,
    revision: int | None = None,
    now: datetime,
) -> Case:
    """Do not accept a case 不予受理: why, by which law, and what the applicant can do instead.

    Raises NotComplete with the fields "reason", "legal_basis", "what_else".
    """
    texts = _complete_texts(
        reason=(reason, _("Please give the reason.")),
        legal_basis=(legal_basis, _("Please name the law and its article.")),
        what_else=(what_else, _("Please say what the applicant can do instead.")),
    )
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.ACCEPTANCE, revision=revision)
    case = held.case
    advance(case, "refuse_acceptance")
    finish(held.task, actor=actor, outcome="not_accepted", opinion=texts["reason"], now=now)
    write(approving.dropped(case, now))
    clocks.end(case, "not_accepted", now)
    clocks.order_work(case)
    case.ended_at, case.retain_until = now, retain_until(now, terms_of(case))
    keep(case, "ended_at", "retain_until", "due_on")
    refused = CaseNotAccepted(subject_id=case.id, revision=case.revision, organisation_id=case.organisation_id)
    ledger.record(refused, actor=actor, now=now, post_id=held.task.post_id)
    paper = issue_paper(case, "non_acceptance", said.non_acceptance(case, **texts), now)
    NonAcceptance.objects.create(
        case=case, official_id=held.official_id, post=held.task.post, paper=paper, refused_at=now, **texts
    )
    return case


def _complete_texts(**texts: tuple[str, str]) -> dict[str, str]:
    """Return the texts in their clean form; raises NotComplete with the sentence given for each that is empty."""
    clean = {name: clean_lines(typed)[:LONGEST_TEXT] for name, (typed, _sentence) in texts.items()}
    problems = {name: [texts[name][1]] for name, text in clean.items() if not text}
    if problems:
        raise NotComplete(problems)
    return clean


@transaction.atomic
def pass_on(
    *, actor: Actor, task: Task, organisation_id: UUID, word: str = "", revision: int | None = None, now: datetime
) -> Case:
    """Pass a case on to the competent office. Its notice clock goes on: the day of receipt stays the applicant's.

    Who receives it gets a clock of the step, so that what others left undone is not held against them.

    Raises NotComplete ("organisation") when it is in that office's care already, NotFound for an unknown office.
    """
    to = organisations.organisation(organisation_id)
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.ACCEPTANCE, revision=revision)
    case, by = held.case, held.task.post.organisation
    if to.ended_at is not None or to.id == case.organisation_id:
        raise NotComplete({"organisation": [_("Please choose another office: the case is with this one already.")]})
    advance(case, "pass_on")
    left_id = case.organisation_id
    opinion = clean_line(word)[:LONGEST_TEXT]
    finish(held.task, actor=actor, outcome="passed_on", opinion=opinion, now=now)
    case.organisation = to
    write(approving.dropped(case, now))
    received = open_task(case, Task.Kind.ACCEPTANCE, duties.ACCEPTS, now)
    write(step_clocks.ended(case, now), *step_clocks.begun(case, [received], now, step=PASSED_ON))
    clocks.order_work(case)
    keep(case, "organisation", "due_on")
    passed = CasePassedOn(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=to.id,
        from_organisation_id=left_id,
        to_organisation_id=to.id,
    )
    ledger.record(passed, actor=actor, now=now, post_id=held.task.post_id)
    content = said.passing_on(case, by=by, to=to, word=opinion)
    issue_paper(case, "passing_on", content, now, by=by)
    return case
