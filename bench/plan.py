"""How long everything is measured, and on how much data."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bench.installation import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Bounds of one bench, in seconds and counts."""

    size: Size
    seconds: float
    runs: int
    warm_up: float
    limit_seconds: int
    yardstick_seconds: float
    beside_seconds: int
    """How long the limit is measured between two runs of a job; each view half as long."""
    residents: int
    long_run: int
    """Answers in which no process may grow, after as many in which caches fill."""
    judged: bool
    """Whether the figures are held against the promises: a quick look at little data is not."""


FULL_SIZE = Size(items=10_000, cases=1_000_000, open_cases=60_000)
QUICK_SIZE = Size(items=300, cases=2_000, open_cases=400)
GROWTH = (10_000, 100_000, 1_000_000)
"""Cases at which the growth of all figures is measured; six of a hundred are open, as in the full size."""


def sizes(items: int, cases: Iterable[int]) -> list[Size]:
    """Return a size for each number of cases."""
    return [Size(items=items, cases=number, open_cases=number * 6 // 100) for number in cases]


def full(size: Size) -> Plan:
    """Three runs of 20 seconds for each job."""
    return Plan(
        size=size, seconds=20, runs=3, warm_up=4, limit_seconds=10, yardstick_seconds=8, beside_seconds=4,
        residents=32, long_run=20_000, judged=True,
    )  # fmt: skip


def quick(size: Size) -> Plan:
    """One run of three seconds."""
    return Plan(
        size=size, seconds=3, runs=1, warm_up=1, limit_seconds=3, yardstick_seconds=2, beside_seconds=1,
        residents=8, long_run=1_000, judged=False,
    )  # fmt: skip


def by_turns(plan: Plan) -> Plan:
    """Measure in turns of a second, where cities of several sizes are compared."""
    return replace(plan, seconds=1, runs=20 if plan.judged else 3)
