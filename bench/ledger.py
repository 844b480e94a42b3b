"""What the proofs of the ledger cost, and whether they keep up.

`python -m bench.ledger` makes a database of its own under a temporary folder and measures three things: how many events
a second are sealed (position, leaf, tree, links, checkpoint) and the processor time of each; how far the sealer is
behind while others write; how long the proof of one in ten million events takes. Status 1 when one is missed.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
import psycopg

from bench import processes
from bench.inside.calling import Inside
from bench.installation import spent
from tongban.base.postgres.embedded import EmbeddedPostgres
from tongban.ledger.rules.tiles import Edge
from tongban.ledger.rules.tree import leaf_hash

LEAST_A_SECOND = 5000
MOST_MICROSECONDS = 60
MOST_BEHIND = 1.0
MOST_MILLISECONDS = 20
PERSONS = 2000
PROOFS = 200
LOAD_SECONDS = 20
LOAD_A_SECOND = 1000


class Sealing:
    """A database of its own, and a process that has the rooms loaded."""

    def __init__(self, folder: Path) -> None:
        """Make both."""
        folder.chmod(0o711)
        environment = processes.environment(folder / "var")
        self._server = EmbeddedPostgres(folder / "var")
        self.owner = self._server.start().owner.address
        processes.run(["tongban", "migrate"], environment)
        self.inside = Inside(environment, folder / "inside.log")

    def close(self) -> None:
        """End both."""
        self.inside.close()
        self._server.stop()

    def throughput(self, events: int) -> list[str]:
        """Seal many events that wait, every second one a link of a chain."""
        self.inside.call("sealing.write", number=2000, persons=PERSONS)
        backend = psutil.Process(self.inside.call("sealing.seal", limit=2000, batch=1000)["backend"])
        self.inside.call("sealing.write", number=events, persons=PERSONS)
        before = spent(backend)
        sealed = self.inside.call("sealing.seal", limit=events, batch=1000)
        database = (spent(backend) - before) / events * 1e6
        python = sealed["processor"] / events * 1e6
        rate = sealed["events"] / sealed["seconds"]
        print(f"sealed: {sealed['events']:,} events, {rate:,.0f} a second, links of {PERSONS:,} chains among them")
        print(f"  {python:.0f} µs of Python and {database:.0f} µs of the database for each")
        print(
            f"  kept of each: {self._kept(sealed['events'] + 2000):.0f} bytes of leaf, salt, tiles; links come on top"
        )
        return [
            *_missed("events sealed a second", rate >= LEAST_A_SECOND),
            *_missed("processor time of sealing", python + database <= MOST_MICROSECONDS),
        ]

    def _kept(self, events: int) -> float:
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(
                "SELECT pg_total_relation_size('ledger_leaf') + pg_total_relation_size('ledger_tile')"
            ).fetchone()
        return float(row[0]) / events if row else 0.0

    def behind(self) -> list[str]:
        """Write at a steady rate beside the beat of the worker."""
        found = self.inside.call("sealing.under_load", seconds=LOAD_SECONDS, rate=LOAD_A_SECOND, persons=PERSONS)
        print(
            f"behind: {found['events']:,} events in {found['seconds']:.0f} s, each provable after"
            f" {found['middle']:.2f} s in the middle, {found['worst']:.2f} s at worst"
        )
        print(f"  a writer was held up for {found['writer']:.0f} ms at worst")
        return _missed("the sealer within a second", found["worst"] <= MOST_BEHIND)

    def proofs(self, size: int) -> list[str]:
        """Prove events of a tree of ten million, its tiles written at once."""
        self.inside.call("sealing.write", number=1, persons=1)
        positions = sorted({random.randrange(1, size + 1) for _proof in range(PROOFS)} | {1, size})
        with psycopg.connect(self.owner) as connection:
            root = _bulk(connection, size, positions)
        self.inside.call("sealing.crown", size=size, root=root.hex())
        found = self.inside.call("sealing.prove", positions=random.sample(positions, len(positions)))
        print(
            f"proof of one in {size:,}: {found['middle']:.1f} ms in the middle, {found['worst']:.1f} ms at worst of"
            f" {PROOFS}; all lead to the root that is signed"
        )
        return _missed("proof in ten million", found["worst"] <= MOST_MILLISECONDS)


def _bulk(connection: psycopg.Connection, size: int, positions: Sequence[int]) -> bytes:
    """Write the tiles of so large a tree, and the leaves that are asked for or at its edge; returns its root."""
    connection.execute(
        "TRUNCATE ledger_leaf, ledger_tile, ledger_checkpoint, ledger_cosignature, ledger_chainlink, ledger_chain"
    )
    edge = Edge()
    leaves = (leaf_hash(_commitment(place)) for place in range(1, size + 1))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY ledger_tile (level, number, hashes, root) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int2", "int8", "bytea", "bytea"])
        for (level, number), hashes, root in edge.grow(leaves):
            copy.write_row([level, number, hashes, root])
    last = range(size - size % 256 + 1, size + 1)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_leaf (position, event_id, commitment, salt)"
            " SELECT %s, (SELECT min(id) FROM ledger_event), %s, %s",
            [(place, _commitment(place), bytes(16)) for place in sorted({*positions, *last})],
        )
    connection.execute("ANALYZE ledger_tile")
    return edge.root()


def _commitment(place: int) -> bytes:
    return place.to_bytes(32, "big")


def _missed(name: str, holds: object) -> list[str]:
    return [] if holds else [name]


def main() -> int:
    """Measure; 1 when something was missed."""
    parser = argparse.ArgumentParser(prog="bench.ledger", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="events to seal (100,000)")
    parser.add_argument(
        "--size", type=int, default=10_000_000, help="leaves of the tree that proofs are of (10,000,000)"
    )
    parser.add_argument("--only", choices=("throughput", "behind", "proofs"), action="append", help="one of the three")
    options = parser.parse_args()
    wanted = options.only or ["throughput", "behind", "proofs"]
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tongban-ledger-") as temporary:
        sealing = Sealing(Path(temporary))
        try:
            missed += sealing.throughput(options.events) if "throughput" in wanted else []
            missed += sealing.behind() if "behind" in wanted else []
            missed += sealing.proofs(options.size) if "proofs" in wanted else []
        finally:
            sealing.close()
    print("missed: " + ", ".join(missed) if missed else "nothing missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
