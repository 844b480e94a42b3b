"""Let the serving processes be busy alike: whoever is full gives connections back while another has a thread free.

The kernel deals connections out by chance, and a connection that is kept stays with its process: of eight people six
may wait for one process while the other has time. So each process tells the others how many requests it is at work on,
in memory that all share; one that is at work on as many as it can, beside one that is not, answers with `Connection:
close`. Who asked connects anew with the next request, and chance deals again, until all are busy alike.

Only now and then, so that not everybody leaves at once; with all processes full, or all at leisure, nobody is sent.
"""

import mmap
import random
import threading
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SENT_AWAY = 0.25
"""Of the answers that a full process gives beside one with time, so many end their connection."""


class Occupation:
    """How many requests each process is at work on: a byte for each, in memory shared with those that are forked."""

    def __init__(self, processes: int) -> None:
        """Nobody is at work."""
        self._counts = mmap.mmap(-1, max(processes, 1))
        self._lock = threading.Lock()
        self._own = 0
        self._place = 0

    def take(self, place: int) -> None:
        """Take the place of a process, also of one that was killed at its work."""
        self._place, self._own = place, 0
        self._counts[place] = 0

    def begin(self) -> None:
        """Count a request."""
        self._change(1)

    def end(self) -> None:
        """Count it no more."""
        self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            self._own += by
            self._counts[self._place] = min(self._own, 255)

    def is_uneven(self, most: int) -> bool:
        """Whether this process is at work on `most` requests, while another could take one."""
        counts = self._counts[:]
        return counts[self._place] >= most and any(one < most for one in counts)


shared: Occupation | None = None
"""Set by who forks the serving processes; None where they are served otherwise."""


def evenly(
    application: Application, occupation: Occupation, most: int, chance: Callable[[], float] = random.random
) -> Application:
    """Return the application as it is served beside others. `most`: requests at once in each process."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 - as PEP 3333 has it
            if occupation.is_uneven(most) and chance() < SENT_AWAY:
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *more)

        occupation.begin()
        try:
            return application(environ, start)
        finally:
            occupation.end()

    return answer
