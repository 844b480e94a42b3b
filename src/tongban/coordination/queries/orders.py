"""Supervision orders: who sees them, who answers, who judges."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.coordination.models import Finding, Order, OrderAnswer
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.cases.models import Case


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order with its answers, and what the reader may do."""

    order: Order
    answers: list[OrderAnswer]
    may_answer: bool
    may_judge: bool
    may_withdraw: bool


WITHDRAWN = "withdrawn"
"""How withdrawn orders are asked for: they are closed, and were issued in error."""


def orders(actor: Actor, *, state: str = "") -> QuerySet[Order]:
    """Return the orders an official sees: of own posts (also as the superior told), and of offices they supervise.

    Never about a case from which they stand aside.
    """
    if not actor.is_official or actor.official_id is None or not actor.posts:
        return Order.objects.none()
    overseen = organisations.overseen_by(actor.posts)
    seen = Q(post_id__in=actor.post_ids) | Q(superior_post_id__in=actor.post_ids) | Q(organisation_id__in=overseen)
    found = Order.objects.filter(seen).exclude(case__recusals__official_id=actor.official_id)
    if state in {WITHDRAWN, Order.State.CLOSED}:
        closed = found.filter(state=Order.State.CLOSED)
        found = closed.filter(withdrawn_why="") if state == Order.State.CLOSED else closed.exclude(withdrawn_why="")
    elif state:
        found = found.filter(state=state)
    return found.select_related("case", "organisation", "post__organisation", "issuing_post__organisation")


def order_for(actor: Actor, order_id: UUID) -> OrderShown:
    """Return an order that the actor may see; raises NotFound."""
    named = ("paper", "superior_post__organisation", "finding", "closed_by")
    order = orders(actor).select_related(*named).filter(id=order_id).first()
    if order is None:
        raise NotFound
    answers = order.answers.select_related("official", "post", "judged_by").order_by("answered_at", "id")
    return OrderShown(
        order, list(answers), may_answer(actor, order), may_judge(actor, order), may_withdraw(actor, order)
    )


def may_answer(actor: Actor, order: Order) -> bool:
    """Whether the actor holds the post that must answer, or the superior's that was told."""
    return order.state == Order.State.WAITING and bool(actor.post_ids & {order.post_id, order.superior_post_id})


def may_judge(actor: Actor, order: Order) -> bool:
    """Whether the answer waits for the actor's judgement: of who supervises, and has not given it."""
    return order.state == Order.State.ANSWERED and oversees(actor, order) and not has_answered(actor, order)


def has_answered(actor: Actor, order: Order) -> bool:
    """Whether the answer that waits is the actor's own, or that of one of their posts: of a superior that was told."""
    own = Q(official_id=actor.official_id) | Q(post_id__in=actor.post_ids)
    return OrderAnswer.objects.filter(own, order=order, judged_at=None).exists()


def may_withdraw(actor: Actor, order: Order) -> bool:
    """Whether the order is open and the actor may take it back."""
    return order.state != Order.State.CLOSED and takes_back(actor, order)


def takes_back(actor: Actor, order: Order) -> bool:
    """Whether the actor supervises the office, and is not of the post that must answer; whoever issued it may always.

    In a small office one person may hold both posts.
    """
    overseen = order.organisation_id in organisations.overseen_by(actor.posts)
    return overseen and (order.issued_by_id == actor.official_id or order.post_id not in actor.post_ids)


def oversees(actor: Actor, order: Order) -> bool:
    """Whether the actor supervises the office, and is not of the post that must answer."""
    overseen = organisations.overseen_by(actor.posts)
    return order.organisation_id in overseen and order.post_id not in actor.post_ids


def open_order(case: "Case") -> Order | None:
    """Return the order that is open for a case."""
    return Order.objects.filter(case=case).exclude(state=Order.State.CLOSED).first()


def with_open_orders(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the findings with `order_id` and `order_number` of the order that is open for the case, if one is."""
    opened = Order.objects.filter(case=OuterRef("case")).exclude(state=Order.State.CLOSED)
    return findings.annotate(
        order_id=Subquery(opened.values("id")[:1]),
        order_number=Subquery(opened.values("number")[:1]),
    )


def order_paper_is_visible(actor: Actor, paper_id: UUID) -> bool:
    """Whether a paper is that of an order the actor may see (guard of room papers)."""
    return orders(actor).filter(paper_id=paper_id).exists()


def orders_to_escalate(today: date) -> list[UUID]:
    """Return the orders whose time for answering is over and whose superior has not been told."""
    late = Order.objects.filter(state=Order.State.WAITING, escalated_at__isnull=True, due_on__lt=today)
    return list(late.order_by("due_on", "id").values_list("id", flat=True)[:1000])
