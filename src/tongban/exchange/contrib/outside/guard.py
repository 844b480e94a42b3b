"""Before every outside source stands a guard: a deadline to all that could last, few at once, and a circuit.

The work is done in a thread of its own, for a driver, a resolver of names or a network file system may hang where no
timeout reaches. A thread that is past its deadline is left behind; it keeps its place among the few until it ends, so
that a source that is half dead holds a handful of threads and never all of them.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import close_old_connections, connection

from tongban.exchange.providers import Rest, SourceAway
from tongban.exchange.rules.neighbours.circuit import Circuit
from tongban.exchange.rules.outside.codes import Why

Answer = TypeVar("Answer")
NO_FAULT_OF_THE_LINE = frozenset(
    {
        "busy",
        "too_large",
        "too_many",
        "unfit",
        "only_now",
        "number_unknown",
        "place_not_allowed",
        "settings",
        "not_declared",
    }
)
"""Reasons that are no sign of a source that is down: they leave the circuit as it is, closed."""


def let_go() -> None:
    """Give the connection to our own database back before somebody outside is waited for.

    One within a transaction stays: the gate has none open here, and whoever has one needs it afterwards.
    """
    if not connection.in_atomic_block:
        close_old_connections()


def _nothing() -> None:
    """Cut nothing off."""


@dataclass
class _Done(Generic[Answer]):
    event: threading.Event = field(default_factory=threading.Event)
    answer: list[Answer] = field(default_factory=list)
    fault: BaseException | None = None


@dataclass
class Guard:
    """Guards of one process, one for each key. `clock` only goes forward."""

    clock: Callable[[], float] = time.monotonic
    most_at_once: int = 12
    _busy: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))
    _circuits: dict[Hashable, Circuit] = field(default_factory=lambda: defaultdict(Circuit))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, key: Hashable, work: Callable[[], Answer], *, seconds: float, cut: Callable[[], None] = _nothing
    ) -> Answer:
        """Return what the work returns, at most so many seconds later. Raises SourceAway.

        `cut` ends what a work past its deadline waits for, where that can be done.
        """
        self._begin(key)
        done: _Done[Answer] = _Done()
        threading.Thread(target=self._work, args=(key, work, done), name="outside source", daemon=True).start()
        if not done.event.wait(seconds):
            self._count(key, answered=False)
            cut()
            raise SourceAway(Why.DEADLINE)
        if done.fault is None:
            self._count(key, answered=True)
            return done.answer[0]
        answered = isinstance(done.fault, SourceAway) and done.fault.why in NO_FAULT_OF_THE_LINE
        self._count(key, answered=answered)
        raise done.fault

    def rest(self, key: Hashable) -> Rest:
        """Return the state of a circuit."""
        with self._lock:
            circuit = self._circuits[key]
            return Rest(circuit.failures, max(0.0, circuit.open_until - self.clock()) if circuit.open_until else 0.0)

    def _begin(self, key: Hashable) -> None:
        with self._lock:
            if not self._circuits[key].may_ask(self.clock()):
                raise SourceAway(Why.RESTING)
            if self._busy[key] >= self.most_at_once:
                raise SourceAway(Why.BUSY)
            self._busy[key] += 1
            self._circuits[key] = self._circuits[key].asked(self.clock())

    def _work(self, key: Hashable, work: Callable[[], Answer], done: _Done[Answer]) -> None:
        try:
            done.answer.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised again, by the thread that waits
            done.fault = fault
        finally:
            with self._lock:
                self._busy[key] -= 1
            done.event.set()

    def _count(self, key: Hashable, *, answered: bool) -> None:
        with self._lock:
            circuit = self._circuits[key]
            self._circuits[key] = circuit.answered() if answered else circuit.failed(self.clock())


GUARD = Guard()
"""The guards of this process."""
