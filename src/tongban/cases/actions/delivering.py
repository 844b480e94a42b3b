"""Deliver 送达: online at once where that was agreed to, else handed over at a window or sent by post."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.rows import write
from tongban.base.text import clean_line
from tongban.cases.actions import clocks, delivery_clocks, placing, step_clocks
from tongban.cases.actions.holding import advance, finish, issue_paper, keep, open_task, take
from tongban.cases.errors import NotComplete
from tongban.cases.events import CaseDelivered
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, Delivery, Task
from tongban.cases.queries.dossier import delivered_numbers
from tongban.cases.rules import papers as said
from tongban.cases.rules.retention import retain_until
from tongban.ledger import actions as ledger

LONGEST_NUMBER = 60
LONGEST_RECEIVER = 200


def begin(case: Case, *, actor: Actor, now: datetime) -> None:
    """Deliver a case that has just been completed, or give it to the post that delivers."""
    delivery = Delivery.objects.select_for_update().get(case=case)
    if delivery.way == Delivery.Way.ONLINE and delivery.electronic:
        _delivered(case, delivery, actor=actor, now=now)
        return
    post = placing.hands_out(case, at_window=delivery.way != Delivery.Way.POST)
    task = open_task(case, Task.Kind.DELIVERY, "delivery", now, post=post)
    of_step = list(step_clocks.begun(case, [task], now))
    write(*of_step)
    delivery_clocks.start_if_missing(case)
    if of_step or delivery_clocks.starts_of(case):
        clocks.order_work(case)
        case.save(update_fields=["due_on"])


@transaction.atomic
def deliver(
    *,
    actor: Actor,
    task: Task,
    way: str,
    tracking_number: str = "",
    handed_to: str = "",
    revision: int | None = None,
    now: datetime,
) -> Delivery:
    """Record that the result was handed over at a window (to whom, identity seen) or sent by post (tracking number).

    Raises NotComplete ("way", "tracking_number", "handed_to"), TaskDone, TaskHeld.
    """
    number, receiver = clean_line(tracking_number)[:LONGEST_NUMBER], clean_line(handed_to)[:LONGEST_RECEIVER]
    _check(way, number, receiver)
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.DELIVERY, revision=revision)
    finish(held.task, actor=actor, outcome=way, now=now)
    delivery = Delivery.objects.select_for_update().get(case=held.case)
    delivery.way = Delivery.Way(way)
    delivery.tracking_number = number if way == Delivery.Way.POST else ""
    delivery.handed_to = receiver if way == Delivery.Way.WINDOW else None
    _delivered(held.case, delivery, actor=actor, now=now)
    return delivery


def _check(way: str, number: str, receiver: str) -> None:
    problems: dict[str, list[str]] = {}
    if way not in {Delivery.Way.WINDOW, Delivery.Way.POST}:
        problems["way"] = [_("Please choose how it was delivered.")]
    if way == Delivery.Way.POST and not number:
        problems["tracking_number"] = [_("Please type the tracking number of the letter.")]
    if way == Delivery.Way.WINDOW and not receiver:
        problems["handed_to"] = [_("Please say who took it and which identity paper you have seen.")]
    if problems:
        raise NotComplete(problems)


def _delivered(case: Case, delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    advance(case, "deliver")
    delivery.delivered_at = now
    delivery.save()
    case.delivered_at = case.ended_at = now
    case.retain_until, case.due_on = retain_until(now, terms_of(case)), None
    clocks.end(case, "delivered", now)
    keep(case, "delivered_at", "ended_at", "retain_until", "due_on")
    event = CaseDelivered(
        subject_id=case.id, revision=case.revision, organisation_id=case.organisation_id, way=delivery.way
    )
    ledger.record(event, actor=actor, now=now)
    _proof(case, delivery, now)


def _proof(case: Case, delivery: Delivery, now: datetime) -> None:
    with translation.override("zh-hans"):
        way = str(Delivery.Way(delivery.way).label)
    content = said.delivery(
        case,
        way=way,
        at=now,
        papers=delivered_numbers(case),
        detail=delivery.tracking_number or delivery.handed_to or "",
    )
    issue_paper(case, "delivery", content, now)
