"""One bench: an installation, its yardsticks, its jobs."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import measuring, profiling
from bench.catalogue import AFTERWARDS, UNDER_LOAD
from bench.database import table_sizes, tidy
from bench.installation import Installation, Size
from bench.machine import Machine, look
from bench.plan import Plan
from bench.promises import PROMISES
from bench.reckoning import Figures, all_missed
from bench.table import table
from bench.yardsticks import Yardsticks, measure_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one bench has found."""

    size: Size
    machine: Machine
    yardsticks: Yardsticks
    jobs: dict[str, Figures]
    missed: list[str]
    tables: dict[str, int]
    """Bytes by table, as they were filled."""
    clients: float
    """What the clients themselves cost at the rate of the empty view: their share of one core."""


def bench(plan: Plan, folder: Path, only: Iterable[str], *, with_yardsticks: bool = True) -> Found:
    """Measure all that is asked for in one installation, and say what was missed."""
    wanted, machine = set(only), look()
    place = Installation(folder)
    place.fill(plan.size)
    with place:
        owner = place.logins()[0]
        tidy(owner)
        tables = table_sizes(owner)
        yardsticks, clients, jobs = _under_load(place, plan, wanted, with_yardsticks=with_yardsticks)
        for name, special in AFTERWARDS.items():
            if name in wanted:
                say(f"{name} …")
                jobs[name] = special(place, plan)
    missed = all_missed(jobs, PROMISES if plan.judged else ())
    found = Found(
        size=plan.size, machine=machine, yardsticks=yardsticks, jobs=jobs, missed=missed, tables=tables, clients=clients
    )
    say(f"{plan.size.cases:,} cases; {table(yardsticks, jobs)}")
    if clients:
        say(f"The clients themselves took {clients:.0%} of a core at the rate of the empty view.")
    if machine.doubt:
        say(machine.doubt)
    return found


def _under_load(
    place: Installation, plan: Plan, wanted: set[str], *, with_yardsticks: bool
) -> tuple[Yardsticks, float, dict[str, Figures]]:
    """Return the yardsticks of the whole bench, what the clients cost, and the jobs with the yardsticks beside each."""
    with ExitStack() as stack:
        measure = stack.enter_context(measure_of(place, plan)) if with_yardsticks else None
        yardsticks = measure.long() if measure else {}
        jobs: dict[str, Figures] = {}
        for name, kind in UNDER_LOAD.items():
            if name in wanted:
                say(f"{name} …")
                jobs[name] = measuring.measure(place, kind(), plan, measure.beside if measure else dict)
        return yardsticks, measure.clients if measure else 0.0, jobs


def profile(plan: Plan, folder: Path, name: str) -> str:
    """Return where the time of a job goes."""
    place = Installation(folder)
    place.fill(plan.size)
    with place:
        return profiling.profile(place, UNDER_LOAD[name](), plan)


def write(path: Path, found: list[Found], missed: list[str]) -> None:
    """Write everything as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"benches": [asdict(one) for one in found], "missed": missed}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def say(words: str) -> None:
    """Tell what is going on, at once."""
    print(words, flush=True)
