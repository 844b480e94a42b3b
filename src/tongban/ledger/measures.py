"""How far the ledger is behind, for whoever watches."""

from collections.abc import Iterable
from datetime import datetime

from tongban.base.measures import LOOK_UPS, Measure
from tongban.ledger import queries
from tongban.ledger.models import Event


def measures(now: datetime) -> Iterable[Measure]:
    """Return what waits for its position and since when, and what some handler still owes."""
    state = queries.state()
    yield Measure("events_unsealed", "Events without a position (counted to 1,000).", state.unsealed)
    yield Measure("events_owed", "Events that a handler still owes its effect (counted to 1,000).", state.owed)
    yield Measure("events_failing", "Events whose handler has failed and is tried again.", state.failing)
    oldest = Event.objects.filter(position__isnull=True).order_by("id").values_list("happened_at", flat=True).first()
    yield Measure("sealer_lag_seconds", "Age of the oldest event without a position.", _age(oldest, now))
    outside = Event.objects.filter(position__gt=queries.tree_size()).order_by("position")
    first = outside.values_list("happened_at", flat=True).first()
    yield Measure(
        "tree_lag_seconds", "Age of the oldest event with a position and no leaf in the tree.", _age(first, now)
    )
    yield Measure("witnesses_behind", "Witnesses that have not signed for ten minutes.", queries.silent_witnesses(now))
    yield Measure("events_owed_seconds", "Age of the oldest event owed.", _age(state.oldest_owed_at, now))


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


LOOK_UPS.register("ledger", measures)
