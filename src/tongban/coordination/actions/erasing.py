"""Erase what was written about a case once its retention period is over (个人信息保护法 art. 47)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.coordination.models import Finding, Order, OrderAnswer
from tongban.papers import actions as papers

ERASED = "—"
"""Instead of why an order was withdrawn: that it was withdrawn stays."""


@transaction.atomic
def erase_words(*, case_id: UUID, now: datetime) -> None:
    """Erase the texts of orders, answers and settled warnings, which may name people, and the papers of the orders.

    Numbers, posts, dates and colours stay: they tell what was done.
    """
    orders = Order.objects.filter(case_id=case_id)
    OrderAnswer.objects.filter(order__in=orders).update(words="", measures="", word="")
    Finding.objects.filter(case_id=case_id).update(word="")
    papers.erase(orders.values_list("paper_id", flat=True), now=now)
    orders.update(demand="")
    orders.exclude(withdrawn_why="").update(withdrawn_why=ERASED)
