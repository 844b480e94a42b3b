"""How many letters wait, for whoever watches."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min

from tongban.base.measures import LOOK_UPS, Measure
from tongban.notifications.models import Carriage


def measures(now: datetime) -> Iterable[Measure]:
    """Return the letters that wait, by channel, and how long the oldest has."""
    waiting = Carriage.objects.filter(state=Carriage.State.WAITING).values("channel")
    for row in waiting.annotate(number=Count("id"), oldest=Min("created_at")).order_by("channel"):
        labels = {"channel": row["channel"]}
        yield Measure("letters_waiting", "Letters not carried yet.", row["number"], labels)
        age = max((now - row["oldest"]).total_seconds(), 0.0)
        yield Measure("letters_waiting_seconds", "Age of the oldest letter not carried yet.", age, labels)


LOOK_UPS.register("notifications", measures)
