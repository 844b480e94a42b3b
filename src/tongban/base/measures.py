"""What is measured while the house runs, for Prometheus: counted where it happens, or looked up when somebody asks.

Counts are kept for each process in files of `PROMETHEUS_MULTIPROC_DIR` (set by `tongban web` before anything is
imported) and added up when asked, so that any process answers for all. Labels are names of routes, states and
queues: never an address, an id or anything of a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import Counter, Histogram

from tongban.base.registry import Registry

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests = Counter("tongban_requests_total", "Requests answered.", ["route", "method", "status"])
request_seconds = Histogram("tongban_request_seconds", "Seconds from request to answer.", ["route"], buckets=SECONDS)


@dataclass(frozen=True, slots=True)
class Measure:
    """A value at this moment: name without prefix, what it says, and its value for each set of labels."""

    name: str
    says: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


LOOK_UPS: Registry[Callable[[datetime], Iterable[Measure]]] = Registry("measure")
"""What each room knows of its own state; asked once for each visit of Prometheus, so each must be cheap."""


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count an answered request, by its class of status (2xx …)."""
    requests.labels(route, method if method in METHODS else "other", f"{status // 100}xx").inc()
    request_seconds.labels(route).observe(seconds)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anything else is one label: methods are typed by strangers."""
