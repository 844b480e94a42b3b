"""A second server beside the product, on the same database, for what only a bench wants."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import processes
from bench.installation import Installation
from bench.line import get
from bench.load import ask


@contextmanager
def site(place: Installation, name: str, *, workers: int = 2, threads: int | None = None) -> Iterator[int]:
    """Serve one of `bench.sites` on the installation's database for a while; gives the port."""
    log, port = place.folder / f"{name}.log", processes.free_port()
    arguments = ["bench.serving", name, "--port", str(port), "--processes", str(workers)]
    arguments += ["--threads", str(threads)] if threads else []
    process = processes.start(arguments, place.environment, log)
    try:
        wait_until_it_answers(port, process_log=log)
        yield port
    finally:
        processes.end(process)


def wait_until_it_answers(port: int, *, process_log: Path) -> None:
    """Ask until somebody answers. Raises NotStarted."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            ask(port, get("/"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise processes.NotStarted(process_log.read_text(encoding="utf-8", errors="replace")[-3000:])
