"""How many cases are open, for whoever watches."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from tongban.base.measures import LOOK_UPS, Measure
from tongban.cases.models import Case
from tongban.organisations import queries as organisations

OPEN = (
    Case.State.SUBMITTED,
    Case.State.SUPPLEMENT,
    Case.State.REVIEW,
    Case.State.SUSPENDED,
    Case.State.DECIDED,
    Case.State.COMPLETED,
)


def measures(_now: datetime) -> Iterable[Measure]:
    """Return the open cases by state. Ended ones are not counted: only the index is read, whatever has piled up."""
    offices = list(organisations.organisations().values_list("id", flat=True))
    open_cases = Case.objects.filter(organisation_id__in=offices, state__in=OPEN).values("state")
    counted = dict(open_cases.annotate(number=Count("pk")).values_list("state", "number").order_by())
    for state in OPEN:
        yield Measure("cases", "Open cases.", counted.get(state.value, 0), {"state": state.value})


LOOK_UPS.register("cases", measures)
