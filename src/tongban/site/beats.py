"""What the worker does again and again beside the queue: seal, hand on, carry letters. Any number of workers may.

Each beat is a thread of its own, so that none waits for another: a mail server that hangs does not keep up the ledger.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from tongban.base.clock import now
from tongban.cases import actions as cases
from tongban.exchange import actions as exchange
from tongban.ledger import actions as ledger
from tongban.ledger import queries as events
from tongban.notifications import actions as notifications
from tongban.notifications import queries as letters
from tongban.site.pulse import Pulse

SEALED_AT_ONCE = 1000
LETTERS_SILENT_SECONDS = 600.0
"""A round with a mail server that only just answers lasts about five minutes; that is no reason for a new worker."""
WITNESSES_SILENT_SECONDS = 600.0
"""Several witnesses that only just answer take a minute or two; proofs wait for them, and nothing else."""
WEBHOOKS_SILENT_SECONDS = 300.0
"""Ten receivers that only just answer take two minutes; others go by the second beat meanwhile."""
logger = logging.getLogger("tongban.worker")


@dataclass(frozen=True, slots=True)
class Beat:
    """Work that is done every so many seconds, and at once again while it says that there is more.

    Those that come once or twice a second, day and night, ask first, in one message, whether there is anything to do:
    mostly there is not.
    """

    name: str
    seconds: float
    work: Callable[[], bool]
    silent_seconds: float = 60.0
    """How long it may do one piece of work, until the probe of the worker says that it stands still."""


def _seal() -> bool:
    if not events.is_anything_to_seal():
        return False
    positions = ledger.seal_once(limit=SEALED_AT_ONCE)
    grown = ledger.grow_once(now=now())
    return positions == SEALED_AT_ONCE or grown.more


def _ask_witnesses() -> bool:
    ledger.ask_witnesses(now=now())
    return False


def _hand_on() -> bool:
    return events.is_anything_owed(now=now()) and ledger.hand_on(now=now()).more


def _carry() -> bool:
    return letters.is_anything_due(now=now()) and notifications.carry_due(now=now()) == notifications.AT_ONCE


def _feed() -> bool:
    return exchange.read_on(now=now())


def _deliver() -> bool:
    return exchange.deliver_due(now=now())


def _let_happen() -> bool:
    return _timer.go_on(now=now())


_timer = cases.Timer()
BEATS = (
    Beat("the sealer", 0.5, _seal),
    Beat("witnesses", 10.0, _ask_witnesses, WITNESSES_SILENT_SECONDS),
    Beat("the timer", 20.0, _let_happen),
    Beat("handing on", 0.5, _hand_on),
    Beat("letters", 0.5, _carry, LETTERS_SILENT_SECONDS),
    Beat("letters, second", 0.5, _carry, LETTERS_SILENT_SECONDS),
    Beat("the feed", 1.0, _feed),
    Beat("webhooks", 1.0, _deliver, WEBHOOKS_SILENT_SECONDS),
    Beat("webhooks, second", 1.0, _deliver, WEBHOOKS_SILENT_SECONDS),
)


def silences() -> dict[str, float]:
    """Return how long each beat may be silent, by its name."""
    return {beat.name: beat.silent_seconds for beat in BEATS}


def start(stop: threading.Event, pulse: Pulse) -> list[threading.Thread]:
    """Start all beats; they end when `stop` is set."""
    threads = [threading.Thread(target=_go_on, args=(beat, stop, pulse), name=beat.name, daemon=True) for beat in BEATS]
    for thread in threads:
        thread.start()
    return threads


def _go_on(beat: Beat, stop: threading.Event, pulse: Pulse) -> None:
    while not stop.is_set():
        pulse.beat(beat.name)
        more = False
        try:
            more = beat.work()
        except Exception:
            # The worker's loop: the database is away for a moment, or a round failed; the next one begins afresh.
            logger.warning("%s failed, trying again", beat.name, exc_info=True)
            more = False
        if not more:
            connection.close()
            stop.wait(beat.seconds)
