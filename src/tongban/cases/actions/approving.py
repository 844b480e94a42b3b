"""What needs a superior's word 请示: an extension of the limit, a second request for a supplement."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.rows import Change, write
from tongban.base.text import clean_lines
from tongban.calendar.rules import is_in_time
from tongban.cases.actions import clocks, placing, step_clocks
from tongban.cases.actions.holding import NAMES, Held, finish, issue_paper, keep, take
from tongban.cases.errors import (
    AskedAlready,
    ExtendedAlready,
    LimitStands,
    NeedsAnother,
    NotComplete,
    NothingToExtend,
    TooLate,
)
from tongban.cases.events import ApprovalAnswered, ApprovalAsked, CaseExtended
from tongban.cases.models import Approval, Case, Clock, ClockExtension, Task
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules import papers as said
from tongban.cases.rules.clock_table import Prolonging, can_be_added, extension_of
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations

LONGEST_TEXT = 4000


def extendable(case: Case, standing: Sequence[Clock]) -> list[tuple[Clock, Prolonging]]:
    """Return which standing clocks of a case may still be extended, and by how much, as its table has it."""
    return _not_used_up(_known_to_table(case, standing))


def _known_to_table(case: Case, standing: Sequence[Clock]) -> list[tuple[Clock, Prolonging]]:
    """Return the clocks for which the table knows an extension, whether used up or not."""
    rules = rules_of(case)
    ruled = [(clock, rule) for clock in standing if (rule := rules.rule_in(clock.kind, case.state)) is not None]
    known = [(clock, extension_of(rule, joint=case.is_joint, unit=clock.limit_unit)) for clock, rule in ruled]
    return [(clock, prolonging) for clock, prolonging in known if prolonging is not None]


def _not_used_up(known: Sequence[tuple[Clock, Prolonging]]) -> list[tuple[Clock, Prolonging]]:
    ids = [clock.id for clock, _prolonging in known]
    granted = Counter(ClockExtension.objects.filter(clock_id__in=ids).values_list("clock_id", flat=True))
    return [(clock, prolonging) for clock, prolonging in known if granted[clock.id] < prolonging.times]


@transaction.atomic
def ask_extension(*, actor: Actor, task: Task, reasons: str, revision: int | None = None, now: datetime) -> Approval:
    """Ask the head to extend the limit of the decision (行政许可法 art. 42), before it is over.

    Handled jointly, it is the superior above who is asked. Raises NotComplete ("reasons"), NothingToExtend where the
    table knows no extension, LimitStands while the case is suspended, ExtendedAlready once all are used up, TooLate
    when the limit is over, AskedAlready.
    """
    held = take(actor=actor, task=task, now=now, revision=revision)
    case, text = held.case, _reasons(reasons)
    _may_be_extended(case, now)
    return _ask(held, Approval.Kind.EXTENSION, text, {}, actor, now, above=case.is_joint)


def _may_be_extended(case: Case, now: datetime) -> list[tuple[Clock, Prolonging]]:
    known = _known_to_table(case, clocks.running(case))
    if not known:
        raise LimitStands if _known_to_table(case, clocks.standing(case)) else NothingToExtend
    found = _not_used_up(known)
    if not found:
        raise ExtendedAlready
    able = [clock for clock, _prolonging in known]
    law = [clock for clock in able if clock.kind == Clock.Kind.STATUTORY] or able
    if all(clock.due_at is not None and not is_in_time(now, clock.due_at) for clock in law):
        raise TooLate
    return found


def _reasons(typed: str) -> str:
    text = clean_lines(typed)[:LONGEST_TEXT]
    if not text:
        raise NotComplete({"reasons": [_("Please give the reasons.")]})
    return text


def ask_approval(
    held: Held, *, kind: Approval.Kind, reasons: str, proposal: Mapping[str, Any], actor: Actor, now: datetime
) -> Approval:
    """Ask the superior of a held task for something else than an extension; called by the action that needs it."""
    return _ask(held, kind, _reasons(reasons), proposal, actor, now)


def _ask(
    held: Held,
    kind: Approval.Kind,
    reasons: str,
    proposal: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    above: bool = False,
) -> Approval:
    case = held.case
    if case.approvals.filter(answered_at__isnull=True).exists():
        raise AskedAlready
    name, name_en = NAMES[Task.Kind.APPROVAL]
    post = placing.superior(case, held.official_id, above=above)
    task = Task.objects.create(
        case=case,
        kind=Task.Kind.APPROVAL,
        name=name,
        name_en=name_en,
        post=post,
        due_on=case.due_on,
        created_at=now,
        case_submitted_at=case.submitted_at,
    )
    write(*step_clocks.begun(case, [task], now))
    approval = Approval.objects.create(
        case=case,
        kind=kind,
        reasons=reasons,
        proposal=dict(proposal),
        asked_by_id=held.official_id,
        asked_for=held.task.post,
        asked_at=now,
        task=task,
    )
    clocks.order_work(case)
    keep(case, "due_on")
    event = ApprovalAsked(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        approval_id=approval.id,
        approval_kind=kind,
    )
    ledger.record(event, actor=actor, now=now, post_id=held.task.post_id)
    return approval


@transaction.atomic
def answer_approval(
    *, actor: Actor, task: Task, granted: bool, word: str = "", revision: int | None = None, now: datetime
) -> Approval:
    """Allow what an official asked for, and do it; or refuse it with a word to the official.

    Raises NotComplete ("word") for a refusal without a word, NeedsAnother for who asked, where the post has another,
    TooLate when the limit to be extended is over by now.
    """
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.APPROVAL, revision=revision)
    case = held.case
    approval = Approval.objects.select_for_update().get(task=held.task)
    _by_another(approval, held)
    text = clean_lines(word)[:LONGEST_TEXT]
    if not granted and not text:
        raise NotComplete({"word": [_("Please say why it is not allowed.")]})
    approval.granted, approval.word = granted, text
    approval.answered_by_id, approval.answered_at = held.official_id, now
    approval.save(update_fields=["granted", "word", "answered_by", "answered_at"])
    finish(held.task, actor=actor, outcome="granted" if granted else "refused", opinion=text, now=now)
    write(step_clocks.ended(case, now))
    keep(case)
    event = ApprovalAnswered(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        approval_id=approval.id,
        approval_kind=approval.kind,
        granted=granted,
    )
    ledger.record(event, actor=actor, now=now, post_id=held.task.post_id)
    if granted:
        WHEN_GRANTED[approval.kind](held, approval, actor, now)
    return approval


def _by_another(approval: Approval, held: Held) -> None:
    """Nobody allows what they asked for themselves, where somebody else of the post can."""
    if approval.asked_by_id != held.official_id:
        return
    holders = organisations.officials_by_post([held.task.post_id]).get(held.task.post_id, [])
    if set(holders) - {held.official_id}:
        raise NeedsAnother


def _extend(held: Held, approval: Approval, actor: Actor, now: datetime) -> None:
    case = held.case
    extended = _may_be_extended(case, now)
    steps = _steps_with(extended[0][1], clocks.running(case))
    extensions = [
        ClockExtension(
            clock=clock,
            value=prolonging.value,
            unit=prolonging.unit,
            basis=prolonging.basis[:500],
            reasons=approval.reasons,
            official_id=held.official_id,
            post=held.task.post,
            granted_at=now,
        )
        for clock, prolonging in (*extended, *steps)
    ]
    standing = [clock for clock, _prolonging in extended]
    clocks.extend([*standing, *(clock for clock, _prolonging in steps)], extensions)
    clocks.order_work(case)
    keep(case, "due_on")
    told = clocks.told_clock(standing)
    event = CaseExtended(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        value=extensions[0].value,
        unit=extensions[0].unit,
        due_on=told.due_on if told else None,
        provisional=bool(told and told.provisional),
    )
    ledger.record(event, actor=actor, now=now, post_id=held.task.post_id)
    paper = issue_paper(case, "extension", said.extension(case, extensions, standing), now)
    ClockExtension.objects.filter(id__in=[extension.id for extension in extensions]).update(paper=paper)


def _steps_with(prolonging: Prolonging, running: Sequence[Clock]) -> list[tuple[Clock, Prolonging]]:
    """Return the clocks of steps, which get the time that the whole gets: who is at work now has it."""
    return [
        (clock, prolonging)
        for clock in running
        if clock.kind == Clock.Kind.STEP and can_be_added(prolonging, clock.limit_unit)
    ]


WHEN_GRANTED: dict[str, Callable[[Held, Approval, Actor, datetime], None]] = {Approval.Kind.EXTENSION: _extend}
"""What is done once a superior has allowed it. The desk that asks for something else adds its own."""


def dropped(case: Case, now: datetime) -> Change:
    """Return what ends the questions to superiors that a locked case has left behind, to be written with others."""
    return Change(_DROP, [now, case.id, Task.State.CANCELLED, now, Task.State.OPEN])


_DROP = """
    WITH dropped AS (
        UPDATE cases_approval SET answered_at = %s, granted = FALSE WHERE case_id = %s AND answered_at IS NULL
        RETURNING task_id
    )
    UPDATE cases_task SET state = %s, ended_at = %s WHERE id IN (SELECT task_id FROM dropped) AND state = %s
"""
