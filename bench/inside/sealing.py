"""Events by the ten thousand for the sealer, and a tree of ten million for proofs."""

import resource
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.base.ids import new_id
from tongban.ledger import actions, kinds, log_of_ours, queries
from tongban.ledger.events import EventData
from tongban.ledger.rules.notes import Checkpoint
from tongban.ledger.rules.tree import leaf_hash, root_from_inclusion
from tongban.site import beats

PORTION = 5000


@dataclass(frozen=True)
class LookedUp(EventData):
    """As large as a look-up will be, and a link of the chain of the person whom it concerns."""

    kind: ClassVar[str] = "bench.looked_up"
    subject_kind: ClassVar[str] = "bench_look_up"

    person_id: UUID
    grant_id: UUID
    fields: tuple[str, ...] = ("name", "birth_date", "address")
    outcome: str = "answered"


@dataclass(frozen=True)
class Happened(EventData):
    """An ordinary event, of no chain."""

    kind: ClassVar[str] = "bench.happened"
    subject_kind: ClassVar[str] = "bench_case"

    revision: int
    organisation_id: UUID


@kinds.chained(LookedUp)
def _chain_of(event: LookedUp) -> UUID:
    return event.person_id


def write(number: int, persons: int) -> None:
    """Record events as rooms do, every second one a link of the chain of one of so many persons."""
    people, office = [new_id() for _person in range(persons)], new_id()
    instant = now()
    for begin in range(0, number, PORTION):
        entries = [
            actions.Entry(
                event=LookedUp(new_id(), person_id=people[place % persons], grant_id=office)
                if place % 2
                else Happened(new_id(), revision=place, organisation_id=office),
                actor=SYSTEM,
            )
            for place in range(begin, min(begin + PORTION, number))
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            change = actions.recorded(*entries, now=instant)
            cursor.execute(change.statement, change.parameters)


def seal(limit: int, batch: int) -> dict[str, float]:
    """Give positions to what waits, and grow the tree over it; returns events, seconds and processor time of each."""
    connection.ensure_connection()
    began, spent = time.monotonic(), _spent()
    sealed = grown = 0
    while grown < limit:
        sealed += actions.seal_once(limit=batch)
        grown += actions.grow_once(now=now(), limit=batch).leaves
        if not sealed and not grown:
            break
    return {"events": grown, "seconds": time.monotonic() - began, "processor": _spent() - spent, "backend": _backend()}


def under_load(seconds: float, rate: int, persons: int) -> dict[str, float]:
    """Write at a rate from a thread while the sealer's beat of the worker goes on; look when each write is provable."""
    stop = threading.Event()
    beat = next(one for one in beats.BEATS if one.name == "the sealer")
    sealer = threading.Thread(target=_beat, args=(beat, stop))
    sealer.start()
    writer = _Writer(rate, [new_id() for _person in range(persons)], seconds)
    thread = threading.Thread(target=writer.run)
    thread.start()
    behind: list[float] = []
    waiting: list[tuple[float, int]] = []
    while thread.is_alive() or waiting:
        while writer.written:
            waiting.append(writer.written.popleft())
        proven = _proven()
        seen = time.monotonic()
        behind += [seen - began for began, event_id in waiting if event_id <= proven]
        waiting = [one for one in waiting if one[1] > proven]
        time.sleep(0.02)
    stop.set()
    sealer.join()
    behind.sort()
    return {
        "events": writer.number, "seconds": seconds, "middle": behind[len(behind) // 2], "worst": behind[-1],
        "writer": writer.longest * 1000,
    }  # fmt: skip


def _beat(beat: beats.Beat, stop: threading.Event) -> None:
    while not stop.is_set():
        if not beat.work():
            stop.wait(beat.seconds)
    connection.close()


def _proven() -> int:
    """Return the id of the last event that a signed tree holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id FROM ledger_leaf WHERE position = (SELECT COALESCE(max(size), 0) FROM ledger_checkpoint)"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class _Writer:
    """Writes ten events in a transaction, as often as makes the rate."""

    TOGETHER = 10

    def __init__(self, rate: int, people: list[UUID], seconds: float) -> None:
        self.written: deque[tuple[float, int]] = deque()
        self.number, self.longest = 0, 0.0
        self._rate, self._people, self._until = rate, people, time.monotonic() + seconds

    def run(self) -> None:
        """Write until the time is over."""
        next_at = time.monotonic()
        while time.monotonic() < self._until:
            began = time.monotonic()
            entries = [
                actions.Entry(event=LookedUp(new_id(), person_id=person, grant_id=person), actor=SYSTEM)
                for person in self._people[: self.TOGETHER]
            ]
            with transaction.atomic(), connection.cursor() as cursor:
                change = actions.recorded(*entries, now=now())
                cursor.execute(change.statement, change.parameters)
                cursor.execute("SELECT currval(pg_get_serial_sequence('ledger_event', 'id'))")
                event_id = int(cursor.fetchone()[0])
            ended = time.monotonic()
            self.longest = max(self.longest, ended - began)
            self.written.append((ended, event_id))
            self.number += self.TOGETHER
            next_at += self.TOGETHER / self._rate
            time.sleep(max(next_at - time.monotonic(), 0))
        connection.close()


def crown(size: int, root: str) -> None:
    """Sign a tree whose tiles were written from outside, once it is what they make."""
    made = queries.root_at(size)
    if made.hex() != root:
        message = f"the tiles make {made.hex()}"
        raise ValueError(message)
    note = Checkpoint(log_of_ours.origin(), size, made).signed(log_of_ours.signer())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_checkpoint (size, root, key, note, made_at) VALUES (%s, %s, %s, %s, %s)",
            [size, made, str(log_of_ours.key()), note, now()],
        )


def prove(positions: list[int]) -> dict[str, float]:
    """Make the bundle of each event, as for a person; returns milliseconds. Raises ValueError when one is wrong."""
    took = []
    for position in positions:
        began = time.perf_counter()
        proof = queries.proof_of(position)
        bundle = proof.bundle()
        took.append((time.perf_counter() - began) * 1000)
        leaf = leaf_hash(bytes.fromhex(bundle["commitment"]))
        if root_from_inclusion(leaf, position - 1, proof.tree.size, proof.path) != proof.tree.root:
            raise ValueError(position)
    took.sort()
    return {"middle": took[len(took) // 2], "worst": took[-1]}


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _backend() -> int:
    """Return the process of PostgreSQL that serves this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
