"""Processes that fill portions side by side; one line to the database copies what they hand over.

They are forked, so that nothing need be told them: moulds and people lie in their memory already. Each fills every
so-manyth portion and hands it over through a pipe, whose narrowness holds it up until the database has taken it.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import F_SETPIPE_SZ, fcntl
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess

from tongban.base.lifeline import end_with_parent
from tongban.site.demo.bulk.lives import Poured

MOST = 4
"""Hands that one line to the database keeps up with."""
PIECE = 1 << 20
"""Bytes that go through a pipe at once."""
Fill = Callable[[int], Poured]


class HandLost(Exception):  # noqa: N818 - a statement
    """A process that was filling has ended before its time; what it has said stands above."""


class Handed:
    """A portion as it comes: first what there is, then the rows, table by table."""

    def __init__(self, line: Connection) -> None:
        """Read what there is."""
        self._line = line
        try:
            self._lengths, hashes, applied = line.recv()
        except EOFError:
            raise HandLost from None
        self.leaf_hashes: bytes = hashes
        self.applied: Counter[str] = applied

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Go through the tables, each with its rows in pieces. All pieces of one are to be taken before the next."""
        for table, length in self._lengths:
            yield table, self._pieces(length)

    def _pieces(self, left: int) -> Iterator[bytes]:
        while left:
            piece = os.read(self._line.fileno(), min(left, PIECE))
            if not piece:
                raise HandLost
            left -= len(piece)
            yield piece


@contextmanager
def side_by_side(fill: Fill, portions: int) -> Iterator[Iterator[Handed]]:
    """Fill so many portions by several processes; gives them in order. None is left when the context ends."""
    number = max(1, min(os.cpu_count() or 1, MOST, portions))
    forking = multiprocessing.get_context("fork")
    lines: list[Connection] = []
    hands: list[ForkProcess] = []
    try:
        for hand in range(number):
            ours, its = forking.Pipe(duplex=False)
            lines.append(ours)
            fcntl(ours.fileno(), F_SETPIPE_SZ, PIECE)
            mine = range(hand, portions, number)
            process = forking.Process(target=_work, args=(fill, mine, its, list(lines)), daemon=True)
            process.start()
            hands.append(process)
            its.close()
        yield (Handed(lines[portion % number]) for portion in range(portions))
    finally:
        for line in lines:
            line.close()
        for process in hands:
            process.terminate()
            process.join()


def _work(fill: Fill, portions: range, line: Connection, others: list[Connection]) -> None:
    end_with_parent()
    for other in others:
        other.close()  # who reads there must see the end when we end
    for portion in portions:
        poured = fill(portion)
        line.send(
            ([(table, len(rows)) for table, rows in poured.rows.items()], b"".join(poured.leaf_hashes), poured.applied)
        )
        for rows in poured.rows.values():
            _write(line.fileno(), memoryview(rows))


def _write(pipe: int, rows: memoryview) -> None:
    while rows:
        rows = rows[os.write(pipe, rows) :]
