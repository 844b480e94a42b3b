"""How long comparable cases took, and what the applicant of a case was told.

Comparable are decided cases of the same handling item in the same situation; where there are fewer than twenty in
twelve months, those of the same catalogue item; where there are fewer than twenty of these, nothing is said.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from tongban.applications import queries as applications
from tongban.base.compiled import compiled_once
from tongban.cases import queries as cases
from tongban.insight.models import Expectation, FinishedCase, Usual
from tongban.insight.queries.counting import Percentile
from tongban.insight.rules.outcomes import DECIDED
from tongban.insight.rules.tallying import SHARES

FEWEST = 20
DAYS_BACK = 365


@compiled_once
def told(case_id: UUID) -> QuerySet[Any, tuple[int, int, int]]:
    """Return what the applicant of a case was told: usual days, days for nine in ten, how many cases it rests on."""
    return Expectation.objects.filter(case_id=case_id).values_list("usual_days", "nine_in_ten_days", "cases")


def usual_since(first: date, today: date) -> list[Usual]:
    """Return how long comparable cases took that were decided from a day on, not written."""
    rows = FinishedCase.objects.filter(
        ended_on__range=(first, today), outcome__in=DECIDED, days_used__isnull=False, decision_is_deemed=False
    )
    of_items = rows.exclude(item_code="").values("item_code", "situation")
    of_catalogue = rows.exclude(catalogue_code="").values("catalogue_code")
    return [
        Usual(**{**found, "usual_days": int(found["usual_days"]), "nine_in_ten_days": int(found["nine_in_ten_days"])},
              reckoned_on=today)
        for grouped in (of_items, of_catalogue)
        for found in grouped.annotate(
            cases=Count("case_id"),
            usual_days=Percentile("days_used", SHARES["median"]),
            nine_in_ten_days=Percentile("days_used", SHARES["nine_in_ten"]),
        ).filter(cases__gte=FEWEST).order_by()
    ]  # fmt: skip


def usual_of_cases(case_ids: Sequence[UUID]) -> dict[UUID, Usual]:
    """Return what is known of comparable cases, for those of the cases that are being handled."""
    if not case_ids:
        return {}
    running = cases.items_of_running(case_ids)
    efforts = applications.efforts_of(list(running))
    items = {item for item, _catalogue in running.values()}
    catalogues = {code for _item, code in running.values()}
    of_item = {(one.item_code, one.situation): one for one in Usual.objects.filter(item_code__in=items - {""})}
    of_catalogue = {one.catalogue_code: one for one in Usual.objects.filter(catalogue_code__in=catalogues - {""})}
    found: dict[UUID, Usual] = {}
    for case_id, (item, code) in running.items():
        situation = efforts[case_id].situation if case_id in efforts else ""
        usual = of_item.get((item, situation)) or of_catalogue.get(code)
        if usual is not None:
            found[case_id] = usual
    return found
