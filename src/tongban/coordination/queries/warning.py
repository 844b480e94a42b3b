"""What inbox and lists show of supervision. Asked in the same message to the database as the page itself."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.base.compiled import Question, Written, as_array, compiled_once
from tongban.base.templatetags.words import either
from tongban.base.web.addresses import address
from tongban.calendar.rules import WorkingCalendar, days_left
from tongban.cases.providers import Colour, Duty
from tongban.coordination.models import Finding, Order

Row = tuple[UUID, Colour]
MOST_DUTIES = 10
"""Orders to answer that are shown above an inbox."""


class Warner:
    """See `cases.providers.Supervision`."""

    def warnings(self, case_ids: Collection[UUID]) -> Question[Row]:
        """Return the question for the warnings that stand against cases."""
        return _of_cases.asking(case_ids)

    def owed(self, post_ids: Collection[UUID], official_id: UUID) -> Question[Any]:
        """Return the question for the orders that posts have to answer, but where the official stands aside."""
        return _OWED.asking(as_array(set(post_ids)), official_id, MOST_DUTIES + 1, MOST_DUTIES + 1)

    def duties(self, rows: Iterable[Any], today: date, reckoned: WorkingCalendar) -> list[Duty]:
        """Return these orders as duties, the first ones; a last one leads to the rest."""
        found = list(rows)
        shown = [_duty(row, today, reckoned) for row in found[:MOST_DUTIES]]
        return [*shown, _the_rest()] if len(found) > MOST_DUTIES else shown

    def case_numbers(self, subject_ids: Collection[UUID]) -> Question[tuple[UUID, str]]:
        """Return the question for the numbers of the cases against which these orders were issued."""
        return _of_orders.asking(subject_ids)


@compiled_once
def _of_cases(case_ids: Collection[UUID]) -> QuerySet[Finding, Row]:
    standing = Finding.objects.filter(case_id__in=case_ids, ended_at__isnull=True)
    return cast("QuerySet[Finding, Row]", standing.order_by().values_list("case_id", "colour"))


_OWED: Written[Sequence[Any]] = Written(
    """
    SELECT owed.* FROM unnest(%s::uuid[]) AS post(id), LATERAL (
        SELECT supervision.id, supervision.number, owing.number, owing.title, owing.title_en, supervision.due_on
        FROM coordination_order AS supervision JOIN cases_case AS owing ON owing.id = supervision.case_id
        WHERE supervision.post_id = post.id AND supervision.state = 'waiting' AND NOT EXISTS (
            SELECT FROM cases_recusal AS aside
            WHERE aside.case_id = supervision.case_id AND aside.official_id = %s
        )
        ORDER BY supervision.due_on, supervision.id LIMIT %s
    ) AS owed (id, number, case_number, title, title_en, due_on)
    ORDER BY owed.due_on, owed.id LIMIT %s
    """,
    make=lambda row: row,
)
"""Of each post the first few, in the order of the index "order_owed_in_time": one that is behind has a thousand."""


@compiled_once
def _of_orders(order_ids: Collection[UUID]) -> QuerySet[Order, tuple[UUID, str]]:
    return Order.objects.filter(id__in=order_ids).values_list("id", "case__number")


def _duty(row: tuple[Any, ...], today: date, reckoned: WorkingCalendar) -> Duty:
    order_id, number, case_number, title, title_en, due_on = row
    left = days_left(today, due_on, reckoned)
    return Duty(
        number=number,
        words=_("Answer the order about “%(matter)s”, %(number)s")
        % {"matter": either(title, title_en), "number": case_number},
        href=address("coordination:order", order_id),
        due_on=due_on,
        days_left=left,
        colour="red" if due_on < today else "yellow",
    )


def _the_rest() -> Duty:
    return Duty(
        number="",
        words=_("More orders wait for an answer: see all of them"),
        href=f"{address('coordination:orders')}?state={Order.State.WAITING}",
        due_on=None,
        days_left=None,
        colour="yellow",
    )
