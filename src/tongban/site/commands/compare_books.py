"""`tongban compare-books`: does everything in this installation agree?"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

if TYPE_CHECKING:
    from tongban.base.books import Comparison, Look

HELP = "compare the books: does everything in this installation agree?"
MANUAL = """\
Compares cases with the ledger, tasks, clocks, papers and processes; numbers with their
counters; events with their handlers; letters, items and the queue. All is read in one
snapshot, beside a running site, and nothing is changed. What disagrees is named.
Exit status 1 when something does.

What happened less than --grace seconds ago may still be on its way to its handlers and
is left out. --files goes through the stored bytes as well. --sizes shows how large each
table is instead, and how much of it falls on 1,000 cases.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one comparison. `seconds`: how long it took."""

    name: str
    holds: str
    disagreements: int
    named: tuple[str, ...]
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How closely to look, and how to say it."""
    parser.add_argument("--files", action="store_true", help="go through the stored bytes of files as well")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--most", type=int, default=20, help="how many disagreements to name of each kind (20)")
    parser.add_argument("--grace", type=int, default=120, help="seconds that something may be on its way (120)")
    parser.add_argument("--only", default="", metavar="BEGINNING", help="only comparisons whose names begin so")
    parser.add_argument("--sizes", action="store_true", help="show how large the tables are instead")


def run(options: argparse.Namespace) -> int:
    """Compare, and say what disagrees."""
    with database():
        set_up_rooms()
        if options.sizes:
            from tongban.site.sizes import show

            show(as_json=options.json)
            return 0
        from tongban.base.books import Look

        look = Look(now=clock.now(), grace=timedelta(seconds=options.grace), most=options.most, files=options.files)
        answers = list(_say_each(compare(look, beginning=options.only), quiet=options.json))
    return told(look, answers, as_json=options.json)


def told(look: "Look", answers: list[Answer], *, as_json: bool) -> int:
    """Say what came of it; return the exit status."""
    wrong = [answer for answer in answers if answer.disagreements]
    if as_json:
        _say_json(look, answers)
    elif wrong:
        sys.stdout.write(f"✗ {len(wrong)} of {len(answers)} comparisons found something that disagrees.\n")
    else:
        sys.stdout.write(f"✓ All {len(answers)} comparisons agree.\n")
    return 1 if wrong else 0


def compare(look: "Look", *, beginning: str = "") -> Iterator[Answer]:
    """Ask every comparison of every room, one after the other, in one snapshot of the database."""
    from tongban.base.books import COMPARISONS
    from tongban.site import books  # noqa: F401 - registers

    with _snapshot():
        for one in COMPARISONS.values():
            if one.name.startswith(beginning) and (look.files or not one.of_files):
                yield _answer(one, look)


def _answer(one: "Comparison", look: "Look") -> Answer:
    began = time.monotonic()
    found = one.compare(look)
    return Answer(one.name, one.holds, found.number, found.named, round(time.monotonic() - began, 2))


@contextmanager
def _snapshot() -> Iterator[None]:
    """See one state of all tables throughout, and memory enough for joining them whole."""
    from django.db import connection, transaction

    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL work_mem = '192MB'")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 2")
        yield


def _say_each(answers: Iterator[Answer], *, quiet: bool) -> Iterator[Answer]:
    for answer in answers:
        if not quiet:
            mark = "✗" if answer.disagreements else "✓"
            sys.stdout.write(f"{mark} {answer.name:<28} {answer.seconds:7.2f} s  {answer.holds}\n")
            for what in answer.named:
                sys.stdout.write(f"    {what}\n")
            if answer.disagreements > len(answer.named):
                sys.stdout.write(f"    … {answer.disagreements:,} in all\n")
            sys.stdout.flush()
        yield answer


def _say_json(look: "Look", answers: list[Answer]) -> None:
    whole = {
        "compared_at": look.now.isoformat(),
        "agrees": not any(answer.disagreements for answer in answers),
        "comparisons": [asdict(answer) for answer in answers],
    }
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
