"""What nobody answered in time goes to the superior's post."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from tongban.base.actor import SYSTEM
from tongban.base.clock import office_date
from tongban.cases import actions as case_actions
from tongban.cases.rules import duties
from tongban.coordination import queries
from tongban.coordination.actions.orders import due_after, lock_order
from tongban.coordination.events import OrderEscalated, OrderMoved, WarningEscalated
from tongban.coordination.models import Finding, Order
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations

logger = logging.getLogger("tongban.coordination")
MOST = 1000
"""Warnings that are escalated in one run."""


def escalate(*, now: datetime) -> int:
    """Tell the superiors of orders not answered in time, and of warnings that stood too long; returns how many."""
    _reckon_orders(now)
    orders = sum(
        _alone(partial(_escalate_order, order_id, now), order_id)
        for order_id in queries.orders_to_escalate(office_date(now))
    )
    late = Finding.objects.filter(ended_at=None, escalated_at=None, escalate_on__lt=office_date(now))
    ids = list(late.order_by("escalate_on", "id").values_list("id", "case_id")[:MOST])
    return orders + sum(
        _alone(partial(_escalate_warning, finding_id, case_id, now), finding_id) for finding_id, case_id in ids
    )


def _alone(act: Callable[[], bool | None], row_id: UUID) -> bool:
    """Do one in a transaction of its own; one that fails is undone alone and left for the next run."""
    try:
        return bool(act())
    except (OperationalError, InterfaceError):  # the database is away: nothing of this is the row's fault
        raise
    except Exception:
        logger.exception("escalating failed row=%s", row_id)
        return False


def _reckon_orders(now: datetime) -> None:
    """Reckon the days of orders that wait for an answer anew: few do, and the calendar may have been changed."""
    waiting = Order.objects.filter(state=Order.State.WAITING).order_by("id")
    for order_id, days, start, *known in waiting.values_list(
        "id", "limit_days", "counted_from", "due_on", "provisional"
    ):
        ends = due_after(days, start)
        if [ends.day, ends.provisional] != known:
            _alone(partial(_move_order, order_id, now), order_id)


@transaction.atomic
def _move_order(order_id: UUID, now: datetime) -> None:
    order = lock_order(order_id)
    ends, was = due_after(order.limit_days, order.counted_from), order.due_on
    if order.state != Order.State.WAITING or (was, order.provisional) == (ends.day, ends.provisional):
        return
    order.due_on, order.provisional = ends.day, ends.provisional
    if order.due_on >= office_date(now):
        order.escalated_at = None  # it is not late any more, and may become so again
    order.save(update_fields=["due_on", "provisional", "escalated_at"])
    if order.due_on != was:
        event = OrderMoved(
            subject_id=order.case_id,
            organisation_id=order.organisation_id,
            order_id=order.id,
            number=order.number,
            due_on=order.due_on,
        )
        ledger.record(event, actor=SYSTEM, now=now)


@transaction.atomic
def _escalate_order(order_id: UUID, now: datetime) -> bool:
    order, today = lock_order(order_id), office_date(now)
    if order.state != Order.State.WAITING or order.escalated_at is not None:
        return False
    if order.provisional or order.due_on >= today:
        return False
    superior = superior_of(order.post_id, order.organisation_id)
    order.superior_post_id, order.escalated_at = superior, now
    order.save(update_fields=["superior_post", "escalated_at"])
    event = OrderEscalated(
        subject_id=order.case_id,
        organisation_id=order.organisation_id,
        order_id=order.id,
        number=order.number,
        to_post_id=superior,
    )
    ledger.record(event, actor=SYSTEM, now=now)
    return True


@transaction.atomic
def _escalate_warning(finding_id: UUID, case_id: UUID, now: datetime) -> bool:
    case_actions.hold_cases([case_id])
    finding = Finding.objects.select_for_update().get(id=finding_id)
    if finding.ended_at is not None or finding.escalated_at is not None:
        return False
    finding.escalated_at = now
    finding.save(update_fields=["escalated_at"])
    event = WarningEscalated(
        subject_id=case_id,
        organisation_id=finding.organisation_id,
        finding_id=finding.id,
        watch=finding.watch,
        to_post_id=superior_of(finding.post_id, finding.organisation_id),
    )
    ledger.record(event, actor=SYSTEM, now=now)
    return True


def superior_of(post_id: UUID | None, organisation_id: UUID) -> UUID:
    """Return the post above another: the head of the office, else of the nearest office above, else who supervises.

    Never the post itself, nor one that nobody holds, as long as there is another.
    """
    home_id = post_id or organisations.post_id_for(organisation_id=organisation_id, role="approval")
    posts, depths = organisations.posts_around(organisations.post(home_id))
    ladder = duties.in_order_of_authority(posts, depths=depths, above=False)
    holders = organisations.officials_by_post(post.id for post in ladder)
    return next((post.id for post in ladder if post.id != home_id and holders.get(post.id)), home_id)
