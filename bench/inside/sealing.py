"""Events by the ten thousand for the sealer, and a tree of ten million for proofs."""

import resource
import time
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.base.ids import new_id
from tongban.ledger import actions, kinds
from tongban.ledger.events import EventData

PORTION = 5000
MICROSECONDS = 1e6


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


def positions(limit: int, batch: int) -> dict[str, float]:
    """Give positions alone, to tell the two parts apart."""
    began, spent, sealed = time.monotonic(), _spent(), 0
    while sealed < limit and (more := actions.seal_once(limit=batch)):
        sealed += more
    return {"events": sealed, "seconds": time.monotonic() - began, "processor": _spent() - spent, "backend": _backend()}


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _backend() -> int:
    """Return the process of PostgreSQL that serves this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
