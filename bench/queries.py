"""How many queries each page takes, and that a far page of an inbox takes no more than the first."""

from statistics import median

from bench.installation import Installation
from bench.jobs.reading import READING, far_page
from bench.line import get
from bench.load import ask
from bench.plan import Plan
from bench.processes import NotStarted
from bench.reckoning import Figures
from bench.side_server import site
from bench.sites.addresses import QUERIES

SAMPLES = 7
INBOXES = 5


def queries(place: Installation, plan: Plan) -> Figures:
    """Return the median number of queries for each page that is read, and the differences between pages of inboxes."""
    found: Figures = {}
    with site(place, "watched", workers=1) as port:
        for kind in READING:
            job = kind()
            job.prepare(place, residents=plan.residents)
            found[job.name] = median(_counted(port, request.content) for request in job.asked[:SAMPLES])
        found["more_on_50th"] = _more_on_far_pages(place, port)
    return found


def _counted(port: int, content: bytes) -> int:
    """Return the queries of the second answer: what is read once in the life of a process does not count."""
    ask(port, content)
    counted = ask(port, content).header(QUERIES)
    if not counted:
        message = f"{content.split(b' HTTP')[0].decode()}: no count of queries"
        raise NotStarted(message)
    return int(counted)


def _more_on_far_pages(place: Installation, port: int) -> float:
    """Return the largest difference in queries between the first, second, and 50th (or last) page of an inbox."""
    differences = [0]
    for one in place.inside.call("samples.inboxes")[:INBOXES]:
        pages = {1, 2, far_page(one["tasks"])} if one["tasks"] else set()
        counts = [_counted(port, get(f"/office/?page={page}", one["cookies"])) for page in pages]
        differences.append(max(counts, default=0) - min(counts, default=0))
    return max(differences)
