"""What gets worse as the data grow: cities of all sizes stand side by side and are asked by turns.

A machine that others use too drifts by half within minutes: what is measured at one size says nothing about what is
measured at the next a quarter of an hour later. Neighbouring turns of a second have the same machine. A city whose turn
is over has done all that it put off before the next one is asked, so that it takes nothing from that one.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench.catalogue import AFTERWARDS, UNDER_LOAD
from bench.database import RowsRead, growth_of_tables, table_sizes, tidy
from bench.installation import Installation, Size
from bench.jobs import Job
from bench.load import Load, Request
from bench.machine import look
from bench.measuring import FIRST_GUESS, form_run, left_over, most_left, one_run, told_of_rows, with_faults
from bench.plan import Plan
from bench.promises import PROMISES
from bench.reckoning import Figures, Ratio, Run, all_missed, figures_of, grown, growth_of, shown
from bench.running import Found, say
from bench.table import table

SPARE = 3.0
"""How many more requests are made ready for all turns than the warm-up promises."""

RAN_OUT = "a turn ended early: what was made ready ran out"


@dataclass(slots=True)
class _City:
    """A job in the city of one size."""

    place: Installation
    job: Job
    load: Load
    warm: Run
    requests: Iterator[Request]
    before: RowsRead
    runs: list[Run] = field(default_factory=list)
    left: list[Figures] = field(default_factory=list)

    @classmethod
    def ready(cls, place: Installation, job: Job, plan: Plan) -> Self:
        """Warm up, and make ready what is sent in all turns; over when nothing is put off any more."""
        job.prepare(place, residents=plan.residents)
        load = Load(place.port, place.cpu_seconds, heard=job.heard)
        warm, _left = one_run(place, job, load, plan.warm_up, FIRST_GUESS)
        requests = job.requests(int(max(warm.rate, 1) * SPARE * plan.seconds * plan.runs) + load.clients)
        left_over(place, time.monotonic())
        return cls(place, job, load, warm, requests, RowsRead.until_now(place.logins()[0]))

    def take_turn(self, seconds: float) -> None:
        """Ask for so long; over when nothing is put off any more."""
        run = self.load.run(self.requests, seconds=seconds)
        self.runs.append(with_faults(run, [] if run.seconds >= seconds or run.faults else [RAN_OUT]))
        if self.job.changes:
            self.left.append(left_over(self.place, time.monotonic()))

    def figures(self) -> Figures:
        """Return what all turns came to; a book that does not agree is a wrong answer."""
        rows = RowsRead.until_now(self.place.logins()[0]).less(self.before)
        more = [*self.warm.faults, *self.job.faults()]
        *others, last = self.runs
        found = figures_of([*others, with_faults(last, more) if more else last])
        answers = sum(len(run.took) for run in self.runs)
        return found | told_of_rows(rows, answers) | most_left(self.left) | self.job.details()


def growth(plan: Plan, folder: Path, sizes: Iterable[Size], only: Iterable[str]) -> tuple[list[Found], list[str]]:
    """Measure at each size of the data, the smallest first, by `plan.runs` turns of `plan.seconds` (two or more).

    Returns all that was found, and what grew too much or was missed at the largest.
    """
    wanted, cities = set(only), {size: Installation(folder / f"{size.cases}-cases") for size in sizes}
    for size, place in cities.items():
        place.fill(size)
    with ExitStack() as stack:
        tables = [_begun(stack.enter_context(place)) for place in cities.values()]
        machine, places = look(), list(cities.values())
        asked = {name: _in_turns(places, name, plan) for name in UNDER_LOAD if name in wanted}
        forms = _forms_in_turns(places, plan) if "form_step" in wanted else []
        afterwards = {name: _one_by_one(places, name, plan) for name in AFTERWARDS if name in wanted}
    found = []
    for number, size in enumerate(cities):
        jobs = {name: of_each[number][0] for name, of_each in asked.items()}
        jobs |= {name: of_each[number] for name, of_each in afterwards.items()}
        say(f"{size.cases:,} cases; {table({}, jobs)}")
        found.append(
            Found(size=size, machine=machine, yardsticks={}, jobs=jobs, missed=[], tables=tables[number], clients=0.0)
        )
    _say_tables(found[0], found[-1])
    worse = {name: growth_of(of_each[0][1], of_each[-1][1]) for name, of_each in asked.items()}
    if forms:
        worse["form_step"] = growth_of(forms[0], forms[-1])
    _say_worse(worse)
    return found, _missed(found, worse, plan)


def _begun(place: Installation) -> dict[str, int]:
    """Tidy a city that has been started; returns bytes by table."""
    owner = place.logins()[0]
    tidy(owner)
    return table_sizes(owner)


def _in_turns(places: Sequence[Installation], name: str, plan: Plan) -> list[tuple[Figures, Sequence[Run]]]:
    """Return the figures of a job at each size, and its turns. Who comes first changes from turn to turn."""
    say(f"{name} …")
    cities = [_City.ready(place, UNDER_LOAD[name](), plan) for place in places]
    for turn in range(plan.runs):
        first = turn % len(cities)
        for city in (*cities[first:], *cities[:first]):
            city.take_turn(plan.seconds)
    return [(city.figures(), city.runs) for city in cities]


def _forms_in_turns(places: Sequence[Installation], plan: Plan) -> list[list[Run]]:
    """Return the turns of the check of a form's step at each size, which no data should make slower."""
    turns = [[form_run(place) for place in places] for _turn in range(plan.runs + 1)]
    return [list(of_one) for of_one in zip(*turns[1:], strict=True)]


def _one_by_one(places: Sequence[Installation], name: str, plan: Plan) -> list[Figures]:
    """Return what is measured in a way of its own, at each size."""
    say(f"{name} …")
    return [AFTERWARDS[name](place, plan) for place in places]


def _missed(found: Sequence[Found], worse: Mapping[str, Mapping[str, Ratio]], plan: Plan) -> list[str]:
    """Return wrong answers at any size, promises that were missed at the largest, and what grew too much."""
    *smaller, largest = found
    wrong = [f"{one.size.cases:,} cases, {words}" for one in smaller for words in all_missed(one.jobs, ())]
    return [*wrong, *all_missed(largest.jobs, PROMISES if plan.judged else ()), *(grown(worse) if plan.judged else ())]


def _say_tables(small: Found, large: Found) -> None:
    more = large.size.cases - small.size.cases
    for name, kilobytes in growth_of_tables(small.tables, large.tables, more).items():
        say(f"{name:40}{shown(kilobytes):>10} kB for 1,000 cases")


def _say_worse(worse: Mapping[str, Mapping[str, Ratio]]) -> None:
    say("How many times as slow with the most data as with the least, from turn to turn:")
    for name, figures in worse.items():
        told = [f"{figure} {ratio.mean:.2f} ± {ratio.error:.2f}" for figure, ratio in figures.items()]
        say(f"  {name:14} {', '.join(told)}")
