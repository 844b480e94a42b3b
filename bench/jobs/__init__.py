"""The jobs of the main job's table. A job prepares, says what is sent, and compares the books afterwards."""

from collections.abc import Iterator

from bench.installation import Installation
from bench.line import Answer
from bench.load import Request
from bench.reckoning import Figures


class Job:
    """One row of the table, measured under load over HTTP."""

    name = ""
    changes = False
    """Whether it writes: those are measured last, so that what is read is the same for all."""

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Make ready whatever does not depend on how long it will be run."""
        raise NotImplementedError

    def requests(self, most: int) -> Iterator[Request]:
        """Return what is sent in the coming run: endless, or at least `most`."""
        raise NotImplementedError

    def heard(self, request: Request, answer: Answer) -> None:
        """Remember a right answer."""

    def details(self) -> Figures:
        """Return what else belongs into the row, such as how far a far page was."""
        return {}

    def faults(self) -> list[str]:
        """Compare what was answered with what the books say; returns what does not agree."""
        return []
