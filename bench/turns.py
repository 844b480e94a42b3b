"""Two states of the code beside each other on one city, asked in turns: which of them costs less, on any machine.

`python -m bench.turns CHECKOUT --folder CITY --job submit` serves the city twice, by this checkout and by another (its
own `.venv`, where it has one), and sends to one and the other by turns of a second. A machine that others use too
drifts by half within minutes, so that one measurement after another says nothing about a tenth; neighbouring turns
have the same machine. The mean of 30 ratios is good to one to three hundredths, which are told.

With `--set NAME=VALUE` the other one is given a setting; with `.` for the checkout settings alone are compared. The
city is that of `bench --folder`, its schema must suit both, and the worker is that of this checkout. Status 1 when an
answer was wrong or a turn had none.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import processes
from bench.catalogue import UNDER_LOAD
from bench.installation import WEB_PROCESSES, Installation, spent
from bench.jobs import Job
from bench.load import Load, Request
from bench.reckoning import Ratio, ratio_of
from bench.side_server import wait_until_it_answers

RESIDENTS = 32
WARM_UP = 2
MOST_A_SECOND = 1000
"""So many requests are made ready for each second; of those that change the books, each can be sent once."""
MOST_CHANGES_A_SECOND = 400
FIGURES = ("rate", "web ms", "db ms", "web + db ms")


@dataclass(frozen=True, slots=True)
class Served:
    """A checkout that answers on a port of its own."""

    name: str
    port: int
    process: psutil.Process

    def seconds_spent(self) -> float:
        """Return the processor time of it and of all that it has started."""
        return sum(spent(one) for one in (self.process, *self.process.children(recursive=True)))


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn came to: answers a second, and the processor time of each in milliseconds."""

    rate: float
    web_ms: float
    database_ms: float

    @property
    def figures(self) -> tuple[float, ...]:
        """Return them in the order of FIGURES."""
        return self.rate, self.web_ms, self.database_ms, self.web_ms + self.database_ms


@contextmanager
def served(place: Installation, checkout: Path, name: str, settings: Mapping[str, str]) -> Iterator[Served]:
    """Serve the city by a checkout for a while."""
    log, port = place.folder / f"turns-{name}.log", processes.free_port()
    log.write_bytes(b"")
    own = checkout / ".venv" / "bin" / "python"
    process = processes.start(
        ["tongban", "web", "--port", str(port), "--processes", str(WEB_PROCESSES)],
        {**place.environment, "PYTHONPATH": str(checkout / "src"), **settings},
        log,
        python=str(own) if own.exists() else sys.executable,
    )
    try:
        wait_until_it_answers(port, process_log=log)
        yield Served(name, port, psutil.Process(process.pid))
    finally:
        processes.end(process)


class Turns:
    """A job, sent to two servers by turns."""

    def __init__(self, place: Installation, job: Job, requests: Iterator[Request]) -> None:
        """Remember what is sent."""
        self._place, self._job, self._requests = place, job, requests
        self.faults: list[str] = []

    def turn(self, server: Served, seconds: float) -> Turn | None:
        """Send to one of them; None when nothing came back."""
        before = server.seconds_spent(), self._place.cpu_seconds()["postgres"]
        run = Load(server.port, heard=self._job.heard).run(self._requests, seconds=seconds)
        web = server.seconds_spent() - before[0]
        database = self._place.cpu_seconds()["postgres"] - before[1]
        self.faults += run.faults
        answers = len(run.took)
        return Turn(run.rate, 1000 * web / answers, 1000 * database / answers) if answers else None

    def pairs(self, one: Served, other: Served, *, turns: int, seconds: float) -> list[tuple[Turn, Turn]]:
        """Give each so many turns; who comes first changes, since the second finds more in the caches."""
        found = []
        for number in range(-WARM_UP, turns):
            order = (one, other) if number % 2 == 0 else (other, one)
            by_name = {server.name: self.turn(server, seconds) for server in order}
            first, second = by_name[one.name], by_name[other.name]
            if number >= 0 and first is not None and second is not None:
                found.append((first, second))
        return found


def compared(pairs: Sequence[tuple[Turn, Turn]]) -> dict[str, Ratio]:
    """Return, for each figure that was above nothing in all turns, the other one's as a share of this one's."""
    by_pair = [zip(one.figures, other.figures, strict=True) for one, other in pairs]
    columns = zip(FIGURES, zip(*by_pair, strict=True), strict=True)
    return {name: ratio_of(column) for name, column in columns if all(map(all, column))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; 1 when an answer was wrong or a turn had none."""
    options = _options(arguments)
    job = UNDER_LOAD[options.job]()
    with Installation(options.folder.resolve()) as place, ExitStack() as stack:
        job.prepare(place, residents=RESIDENTS)
        most = MOST_CHANGES_A_SECOND if job.changes else MOST_A_SECOND
        requests = job.requests(int((options.turns + WARM_UP) * 2 * options.seconds * most))
        one = stack.enter_context(served(place, processes.ROOT, "this", {}))
        other = stack.enter_context(served(place, options.checkout.resolve(), "other", dict(options.set)))
        turns = Turns(place, job, requests)
        pairs = turns.pairs(one, other, turns=options.turns, seconds=options.seconds)
        faults = [*turns.faults, *job.faults()]
    if len(pairs) < options.turns:
        faults.append(f"only {len(pairs)} of {options.turns} turns had answers: what was made ready ran out")
    if len(pairs) > 1:
        print(f"{options.job}, {len(pairs)} pairs of {options.seconds:g} s: the other as a share of this one")
        for name, ratio in compared(pairs).items():
            print(f"  {name:12} {ratio.mean:.3f} ± {ratio.error:.3f}, in the middle {ratio.middle:.3f}")
    for fault in faults[:5]:
        print(f"✗ {fault}")
    return 1 if faults else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.turns", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path, help="the other checkout, its assets built; `.` is this one")
    parser.add_argument("--folder", type=Path, required=True, help="a city that was filled by `bench --folder`")
    parser.add_argument("--job", choices=list(UNDER_LOAD), default="submit", metavar="JOB", help="what is asked for")
    parser.add_argument("--turns", type=int, default=30, help="of each, two or more (30)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a turn (1)")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="for the other")
    return parser.parse_args(arguments)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        message = f"{text!r} is not NAME=VALUE"
        raise argparse.ArgumentTypeError(message)
    return name, value


if __name__ == "__main__":
    sys.exit(main())
