"""Supervision orders 督办单: issued, answered with words and measures, sent back or accepted."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.base.text import clean_lines
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Due, Limit, due
from tongban.cases import actions as case_actions
from tongban.cases import queries as cases
from tongban.coordination import queries
from tongban.coordination.actions.settling import LONGEST_WORD, end_settled
from tongban.coordination.errors import NotComplete, NotYourTurn, OrderOpen
from tongban.coordination.events import OrderAnswered, OrderClosed, OrderIssued, OrderSentBack
from tongban.coordination.models import Finding, Order, OrderAnswer
from tongban.coordination.rules import papers as said
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations
from tongban.papers import actions as papers

if TYPE_CHECKING:
    from tongban.cases.models import Case

LONGEST_TEXT = 4000
DAYS = range(1, 61)
"""Working days an order may give for the answer."""


@transaction.atomic
def issue_order(
    *,
    actor: Actor,
    case: "Case",
    demand: str,
    days: int = 3,
    finding: Finding | None = None,
    now: datetime,
) -> Order:
    """Order the post at which a case lies to answer within so many working days.

    By a supervisor of the office, or by the clock (`SYSTEM`) where a rule says so. Raises NotFound, NotComplete
    ("demand", "days"), OrderOpen.
    """
    issuing = _issuing_post(actor, case)
    text = clean_lines(demand)[:LONGEST_TEXT]
    problems = {}
    if not text:
        problems["demand"] = [_("Please say what is to be explained and mended.")]
    if days not in DAYS:
        problems["days"] = [_("Please give between 1 and 60 working days.")]
    if problems:
        raise NotComplete(problems)
    if not case_actions.hold_cases([case.id]):
        raise NotFound
    if queries.open_order(case) is not None:
        raise OrderOpen
    return _issued(actor, case, text, _answering_post(case, finding), issuing, days, finding, now)


def _issuing_post(actor: Actor, case: "Case") -> UUID:
    """Return the post in whose name it is issued; raises NotFound for who does not supervise the office."""
    if actor == SYSTEM:
        return organisations.post_id_for(organisation_id=case.organisation_id, role="supervisor")
    cases.case_for(actor, case.id)
    if case.organisation_id not in organisations.overseen_by(actor.posts):
        raise NotFound
    return next(post.id for post in actor.posts if "supervisor" in post.roles)


def _answering_post(case: "Case", finding: Finding | None) -> UUID:
    """Return the post that must answer: of the warning, else where the case lies, else who decides for the office."""
    if finding is not None and finding.post_id is not None:
        return finding.post_id
    (facts,) = cases.watched([case.id])
    if facts.tasks:
        return facts.tasks[0].post_id
    return organisations.post_id_for(organisation_id=case.organisation_id, role="approval")


def _issued(
    actor: Actor,
    case: "Case",
    demand: str,
    post_id: UUID,
    issuing_id: UUID,
    days: int,
    finding: Finding | None,
    now: datetime,
) -> Order:
    ends, order_id = due_after(days, now), new_id()
    post, issuing = organisations.post(post_id), organisations.post(issuing_id)
    content = said.order(case, post=post, issuing=issuing, demand=demand, ends=ends, days=days)
    paper = papers.issue(
        kind="supervision_order", organisation=issuing.organisation, subject_id=order_id, content=content, now=now
    )
    order = Order.objects.create(
        id=order_id,
        number=paper.number,
        case=case,
        finding=finding,
        organisation_id=case.organisation_id,
        post=post,
        issued_by_id=actor.official_id,
        issuing_post=issuing,
        demand=demand,
        limit_days=days,
        due_on=ends.day,
        provisional=ends.provisional,
        paper=paper,
        issued_at=now,
        counted_from=now,
    )
    event = OrderIssued(
        subject_id=case.id,
        organisation_id=case.organisation_id,
        order_id=order.id,
        number=order.number,
        due_on=order.due_on,
        watch=finding.watch if finding else "",
    )
    ledger.record(event, actor=actor, now=now, post_id=issuing_id)
    return order


def due_after(days: int, start: datetime) -> Due:
    """Return when an order of so many working days is to be answered."""
    days_in_force = calendar.working_calendar()
    return due(Limit(days, "working_day"), start, days_in_force, days_in_force.policy_on(start))


def lock_order(order_id: UUID) -> Order:
    """Lock an order and its case, in the order of locks; raises NotFound."""
    case_id = Order.objects.filter(id=order_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    case_actions.hold_cases([case_id])
    return Order.objects.select_for_update().get(id=order_id)


@transaction.atomic
def answer_order(*, actor: Actor, order: Order, words: str, measures: str, now: datetime) -> OrderAnswer:
    """Answer an order: what happened, and what is done about it.

    Raises NotFound, NotComplete ("words", "measures"), NotYourTurn.
    """
    seen = queries.order_for(actor, order.id).order
    own = actor.post_ids & {seen.post_id, seen.superior_post_id}
    if not own or actor.official_id is None:
        raise NotFound
    texts = {name: clean_lines(text)[:LONGEST_TEXT] for name, text in (("words", words), ("measures", measures))}
    wanted = {"words": _("Please say what happened."), "measures": _("Please say what is done about it.")}
    if problems := {name: [wanted[name]] for name, text in texts.items() if not text}:
        raise NotComplete(problems)
    locked = lock_order(order.id)
    if locked.state != Order.State.WAITING:
        raise NotYourTurn
    post_id = locked.post_id if locked.post_id in own else next(iter(own))
    answer = OrderAnswer.objects.create(
        order=locked, **texts, official_id=actor.official_id, post_id=post_id, answered_at=now
    )
    locked.state = Order.State.ANSWERED
    locked.save(update_fields=["state"])
    event = OrderAnswered(
        subject_id=locked.case_id, organisation_id=locked.organisation_id, order_id=locked.id, number=locked.number
    )
    ledger.record(event, actor=actor, now=now, post_id=post_id)
    return answer


@transaction.atomic
def accept_answer(*, actor: Actor, order: Order, word: str = "", now: datetime) -> Order:
    """Accept the answer and close the order; a warning that stays so is settled by it. Raises NotFound, NotYourTurn."""
    locked, answer = _to_judge(actor, order)
    text = clean_lines(word)[:LONGEST_TEXT]
    _judged(answer, actor, text, now, accepted=True)
    locked.state, locked.closed_at, locked.closed_by_id = Order.State.CLOSED, now, actor.official_id
    locked.save(update_fields=["state", "closed_at", "closed_by"])
    event = OrderClosed(
        subject_id=locked.case_id, organisation_id=locked.organisation_id, order_id=locked.id, number=locked.number
    )
    ledger.record(event, actor=actor, now=now)
    finding = Finding.objects.select_for_update().filter(orders=locked, lasting=True, ended_at=None).first()
    if finding is not None:
        end_settled(finding, actor, text[:LONGEST_WORD] or locked.number, now)
    return locked


@transaction.atomic
def send_back(*, actor: Actor, order: Order, word: str, now: datetime) -> Order:
    """Send the answer back: it is to be answered anew, within the same number of working days from now.

    Raises NotFound, NotComplete ("word"), NotYourTurn.
    """
    text = clean_lines(word)[:LONGEST_TEXT]
    if not text:
        raise NotComplete({"word": [_("Please say what is missing in the answer.")]})
    locked, answer = _to_judge(actor, order)
    _judged(answer, actor, text, now, accepted=False)
    ends = due_after(locked.limit_days, now)
    locked.state, locked.counted_from, locked.escalated_at = Order.State.WAITING, now, None
    locked.due_on, locked.provisional = ends.day, ends.provisional
    locked.save(update_fields=["state", "counted_from", "escalated_at", "due_on", "provisional"])
    event = OrderSentBack(
        subject_id=locked.case_id,
        organisation_id=locked.organisation_id,
        order_id=locked.id,
        number=locked.number,
        due_on=ends.day,
    )
    ledger.record(event, actor=actor, now=now)
    return locked


def _to_judge(actor: Actor, order: Order) -> tuple[Order, OrderAnswer]:
    seen = queries.order_for(actor, order.id).order
    if not queries.oversees(actor, seen):
        raise NotFound
    locked = lock_order(order.id)
    if locked.state != Order.State.ANSWERED:
        raise NotYourTurn
    if queries.has_answered(actor, locked):
        raise NotFound
    return locked, OrderAnswer.objects.select_for_update().get(order=locked, judged_at=None)


def _judged(answer: OrderAnswer, actor: Actor, word: str, now: datetime, *, accepted: bool) -> None:
    answer.accepted, answer.word, answer.judged_at = accepted, word, now
    answer.judged_by_id = actor.official_id
    answer.save(update_fields=["accepted", "word", "judged_at", "judged_by"])
