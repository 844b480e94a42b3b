"""What the serving processes hold after everything; whether they go on growing, by two runs of 20,000 more requests."""

from collections.abc import Iterator
from itertools import cycle

from bench.installation import Installation
from bench.jobs import Job
from bench.jobs.reading import ApiList, CasePage, FollowPage, GuidePage, InboxFirst, Search
from bench.jobs.writing import Submit
from bench.line import Answer
from bench.load import Load, Request
from bench.plan import Plan
from bench.reckoning import Figures

READ = (GuidePage, Search, CasePage, FollowPage, InboxFirst, GuidePage, Search, CasePage, FollowPage, ApiList)
LONGEST_SECONDS = 900
"""Bound of each long run."""


class _Mixed(Job):
    """Everything that people do, in turn: ten pages, then a submission."""

    name = "mixed"

    def __init__(self) -> None:
        self.reading = [kind() for kind in READ]
        self.submit = Submit()

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Make ready each of them."""
        for job in (*self.reading, self.submit):
            job.prepare(place, residents=residents)

    def requests(self, most: int) -> Iterator[Request]:
        """Go round; ends with the drafts."""
        pages = [job.requests(most) for job in self.reading]
        drafts = self.submit.requests(most // (len(pages) + 1) + 1)
        for one in cycle([*pages, drafts]):
            try:
                yield next(one)
            except StopIteration:
                return

    def heard(self, request: Request, answer: Answer) -> None:
        """Only submissions are remembered."""
        if request.note:
            self.submit.heard(request, answer)

    def faults(self) -> list[str]:
        """Compare the submissions with the books."""
        return self.submit.faults()


def memory(place: Installation, plan: Plan) -> Figures:
    """Return the memory of the largest process, and by how much one has grown in the second of two long runs.

    In the first caches fill and the allocator finds its size; what grows after that goes on growing.
    """
    job = _Mixed()
    job.prepare(place, residents=plan.residents)
    load = Load(place.port, heard=job.heard)
    held, answers, faults = [place.memory_mb()], 0, 0
    count = plan.long_run
    for _first_and_second in range(2):
        run = load.run(job.requests(count + 2 * load.clients), seconds=LONGEST_SECONDS, count=count)
        answers += len(run.took)
        faults += len(run.faults)
        held.append(place.memory_mb())
    first, middle, last = held
    return {
        "largest_mb": max(last.values()),
        "first_grown_mb": _most_grown(first, middle),
        "grown_mb": _most_grown(middle, last),
        "replaced": len(set(first) ^ set(last)),
        "answers": answers,
        "faults": faults + len(job.faults()),
    }


def _most_grown(before: dict[int, float], after: dict[int, float]) -> float:
    """Return by how much the process that has grown most has grown."""
    return max((after[number] - before[number] for number in before.keys() & after.keys()), default=0.0)
