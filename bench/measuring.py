"""Measures: yardsticks first, then what is read, then what is changed, then what is left behind."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat
from pathlib import Path

from bench import limit, processes
from bench.database import RowsRead
from bench.installation import Installation
from bench.jobs import Job
from bench.line import get
from bench.load import Load, Request, ask
from bench.plan import Plan
from bench.reckoning import Figures, Run, figures_of

SPARE = 2.0
"""How many more requests are made ready than the last run has used."""
FIRST_GUESS = 150
DONE_SECONDS = 120
"""For so long it is watched whether the worker comes to an end."""


def measure(place: Installation, job: Job, plan: Plan) -> Figures:
    """Return the figures of one job: warm-up, runs, and a look into the books."""
    job.prepare(place, residents=plan.residents)
    load = Load(place.port, place.cpu_seconds, heard=job.heard)
    warm = load.run(job.requests(int(FIRST_GUESS * plan.warm_up)), seconds=plan.warm_up)
    runs, rate, owner = [], warm.rate, place.logins()[0]
    before = RowsRead.until_now(owner)
    for _run in range(plan.runs):
        runs.append(load.run(job.requests(int(rate * plan.seconds * SPARE) + load.clients), seconds=plan.seconds))
        rate = max(rate, runs[-1].rate)
    ended = time.monotonic()
    rows = _rows(owner, before, sum(len(run.took) for run in runs))
    left = left_over(place, ended) if job.changes else {}
    figures = figures_of([*runs[:-1], _with_faults(runs[-1], [*warm.faults, *job.faults()])])
    return figures | rows | left | job.details()


def _rows(owner: str, before: RowsRead, answers: int) -> Figures:
    after = RowsRead.until_now(owner)
    for name, rows in after.scanned_since(before).items():
        print(f"  read from end to end: {name}, {rows / max(answers, 1):,.0f} rows for one answer", flush=True)
    return after.since(before, answers)


def _with_faults(run: Run, more: list[str]) -> Run:
    for words in [*run.faults, *more][:5]:
        print(f"  wrong: {words}", flush=True)
    return replace(run, faults=(*run.faults, *more))


def yardsticks(place: Installation, plan: Plan) -> tuple[dict[str, float], float]:
    """Return what the machine can do at most: transactions, empty views, empty views with a session.

    And what the clients themselves cost at the highest rate they will ever have: their share of one core.
    """
    owner, _app = place.logins()
    found = {"limit": limit.transactions_a_second(place.var, owner, seconds=plan.limit_seconds, folder=place.folder)}
    cookies = place.inside.call("people.session", username=place.inside.call("people.officials")[0])
    asked = {
        "empty": Request(get("/empty"), marker=b"empty"),
        "signed_in": Request(get("/signed-in", cookies), marker=b"signed in True"),
    }
    own_share = 0.0
    with site(place, "empty") as port:
        for name, request in asked.items():
            load = Load(port)
            load.run(repeat(request), seconds=plan.warm_up / 2)
            run = load.run(repeat(request), seconds=plan.yardstick_seconds)
            found[name] = 0.0 if run.faults else run.rate
            own_share = max(own_share, run.own_cpu / run.seconds)
    return found, own_share


@contextmanager
def site(place: Installation, name: str, *, workers: int = 2, threads: int | None = None) -> Iterator[int]:
    """Serve one of `bench.sites` on the installation's database for a while; gives the port."""
    log, port = place.folder / f"{name}.log", processes.free_port()
    arguments = ["bench.serving", name, "--port", str(port), "--processes", str(workers)]
    arguments += ["--threads", str(threads)] if threads else []
    process = processes.start(arguments, place.environment, log)
    try:
        _wait_until_it_answers(port, process_log=log)
        yield port
    finally:
        processes.end(process)


def _wait_until_it_answers(port: int, *, process_log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            ask(port, get("/"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise processes.NotStarted(process_log.read_text(encoding="utf-8", errors="replace")[-3000:])


def form_step(place: Installation, plan: Plan) -> Figures:
    """Return how long a step with 300 questions and 65 rules takes to check, in one process."""
    place.inside.call("forms.seconds", rounds=5)
    took = place.inside.call("forms.seconds", rounds=40)
    figures = figures_of([Run(sum(took), took)])
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
