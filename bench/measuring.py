"""Measures a job: its runs, the yardsticks beside each, what is left behind."""

import math
import time
from collections.abc import Callable
from dataclasses import replace

from bench.database import RowsRead
from bench.installation import Installation
from bench.jobs import Job
from bench.load import Load
from bench.plan import Plan
from bench.reckoning import Figures, Run, figures_of
from bench.yardsticks import Yardsticks, between

SPARE = 2.0
"""How many more requests are made ready than the last run has used."""
FIRST_GUESS = 150
DONE_SECONDS = 120
"""For so long it is watched whether the worker comes to an end."""


def measure(place: Installation, job: Job, plan: Plan, beside: Callable[[], Yardsticks] = dict) -> Figures:
    """Return the figures of one job: warm-up, runs with the yardsticks before and after each, a look into the books."""
    job.prepare(place, residents=plan.residents)
    load = Load(place.port, place.cpu_seconds, heard=job.heard)
    warm, _left = one_run(place, job, load, plan.warm_up, FIRST_GUESS)
    rate, owner, seen = warm.rate, place.logins()[0], beside()
    runs, left, rows = [], [], RowsRead.none()
    for _number in range(plan.runs):
        before = RowsRead.until_now(owner)
        run, left_behind = one_run(place, job, load, plan.seconds, rate * SPARE)
        rows = rows.plus(RowsRead.until_now(owner).less(before))
        left.append(left_behind)
        earlier, seen = seen, beside()
        runs.append(replace(run, yardsticks=between(earlier, seen)))
        rate = max(rate, run.rate)
    figures = figures_of([*runs[:-1], with_faults(runs[-1], [*warm.faults, *job.faults()])])
    return figures | told_of_rows(rows, sum(len(run.took) for run in runs)) | most_left(left) | job.details()


def one_run(place: Installation, job: Job, load: Load, seconds: float, most_a_second: float) -> tuple[Run, Figures]:
    """Return one run and what it left behind; nothing is put off any more when the next begins."""
    run = load.run(job.requests(int(most_a_second * seconds) + load.clients), seconds=seconds)
    return run, left_over(place, time.monotonic()) if job.changes else {}


def told_of_rows(rows: RowsRead, answers: int) -> Figures:
    """Return the rows for one answer; says which large tables were read from end to end."""
    for name, scanned in rows.scanned.items():
        if scanned:
            print(f"  read from end to end: {name}, {scanned / max(answers, 1):,.0f} rows for one answer", flush=True)
    return rows.for_one(answers)


def most_left(left: list[Figures]) -> Figures:
    """Return what was left behind after the run that left most."""
    return {name: max(figures[name] for figures in left) for name in left[0]} if left else {}


def with_faults(run: Run, more: list[str]) -> Run:
    """Return a run with what was found to be wrong besides; says what is wrong with it."""
    for words in [*run.faults, *more][:5]:
        print(f"  wrong: {words}", flush=True)
    return replace(run, faults=(*run.faults, *more))


def form_run(place: Installation) -> Run:
    """Return how long such a step took, each time."""
    took = place.inside.call("forms.seconds", rounds=40)
    return Run(sum(took), took)


def form_step(place: Installation, plan: Plan) -> Figures:
    """Return how long a step with 300 questions and 65 rules takes to check, in one process."""
    place.inside.call("forms.seconds", rounds=5)
    figures = figures_of([form_run(place)])
    return {name: figures[name] for name in ("p50_ms", "p95_ms", "answers")}


def left_over(place: Installation, ended: float) -> Figures:
    """Return how long after the end of a load (on the monotonic clock) nothing that was put off is left."""
    owed = place.inside.call("books.owed")
    at_end = owed["jobs"] + owed["owed"]
    while _is_owed(owed) and time.monotonic() - ended < DONE_SECONDS:
        time.sleep(0.2)
        owed = place.inside.call("books.owed")
    took = math.inf if _is_owed(owed) else time.monotonic() - ended
    failed = place.inside.call("books.failed_jobs")
    return {"owed": at_end, "done_after_s": took, "failed_jobs": failed}


def _is_owed(owed: dict[str, int]) -> bool:
    return bool(owed["jobs"] or owed["owed"] or owed["unsealed"])


Special = Callable[[Installation, Plan], Figures]
