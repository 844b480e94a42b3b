"""Where the time of one job goes: one client, one process, one thread, a profiler in front of every request."""

from bench.installation import Installation
from bench.jobs import Job
from bench.line import get
from bench.load import Load, ask
from bench.plan import Plan
from bench.side_server import site
from bench.sites.addresses import REPORT

MOST_A_SECOND = 40
"""A single client with a profiler in front sends no more than this."""
WARM_UP_SECONDS = 8
MOST_A_SECOND_BEFORE = 200
"""As much without the profiler, where nothing is changed: what changes the books is sent as often as it is profiled."""


def profile(place: Installation, job: Job, plan: Plan, *, seconds: float = 8.0) -> str:
    """Return the profile of a job: time by function, and each statement with how often a request sends it."""
    job.prepare(place, residents=plan.residents)
    with site(place, "profiled", workers=1, threads=1) as port:
        load = Load(port, clients=1)
        most = int(MOST_A_SECOND * seconds)
        before = most if job.changes else MOST_A_SECOND_BEFORE * WARM_UP_SECONDS
        warm = load.run(job.requests(before), seconds=WARM_UP_SECONDS)
        ask(port, get(REPORT + "?forget"))
        run = load.run(job.requests(most), seconds=seconds)
        wrong = "".join(f"wrong: {words}\n" for words in [*warm.faults, *run.faults][:5])
        return wrong + ask(port, get(REPORT)).body.decode()
