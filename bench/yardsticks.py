"""What the machine can do at most, measured at the beginning and again beside every run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat

from bench import limit
from bench.installation import Installation
from bench.line import get
from bench.load import Load, Request
from bench.plan import Plan
from bench.side_server import site

Yardsticks = dict[str, float]
"""Name (`limit`, `empty`, `signed_in`) → how many a second."""


class Measure:
    """Transactions, empty views, empty views with a session: each for some seconds, from eight clients.

    A machine that others share becomes faster and slower from minute to minute: a share of a yardstick means
    something when both were measured within the same minute.
    """

    def __init__(self, place: Installation, port: int, plan: Plan) -> None:
        """Make ready an official's session. `port` is that of the site "empty"."""
        self._place, self._port, self._plan = place, port, plan
        cookies = place.inside.call("people.session", username=place.inside.call("people.officials")[0])
        self._views = {
            "empty": Request(get("/empty"), marker=b"empty"),
            "signed_in": Request(get("/signed-in", cookies), marker=b"signed in True"),
        }
        self.clients = 0.0
        """What the clients themselves cost at the highest rate they had: their share of one core."""

    def long(self) -> Yardsticks:
        """Measure once for the whole bench, after the views were warmed up."""
        for request in self._views.values():
            Load(self._port).run(repeat(request), seconds=self._plan.warm_up / 2)
        return self._look(self._plan.limit_seconds, self._plan.yardstick_seconds)

    def beside(self) -> Yardsticks:
        """Measure shortly, between two runs of a job."""
        return self._look(self._plan.beside_seconds, self._plan.beside_seconds / 2)

    def _look(self, limit_seconds: int, view_seconds: float) -> Yardsticks:
        owner, _app = self._place.logins()
        folder = self._place.folder
        found = {"limit": limit.transactions_a_second(self._place.var, owner, seconds=limit_seconds, folder=folder)}
        for name, request in self._views.items():
            run = Load(self._port).run(repeat(request), seconds=view_seconds)
            found[name] = 0.0 if run.faults else run.rate
            self.clients = max(self.clients, run.own_cpu / run.seconds)
        return found


@contextmanager
def measure_of(place: Installation, plan: Plan) -> Iterator[Measure]:
    """Serve the two views for as long as somebody measures."""
    with site(place, "empty") as port:
        yield Measure(place, port, plan)


def between(before: Mapping[str, float], after: Mapping[str, float]) -> Yardsticks:
    """Return the yardsticks of a run that stood between two looks: 0 where one of them failed, which counts nothing."""
    return {name: (value + after[name]) / 2 if value and after[name] else 0.0 for name, value in before.items()}
