"""`tongban worker`: do what was put off, and what is done by the clock."""

import argparse
import asyncio
import logging
import os
import signal
import threading
import time

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import AppNotOpen, ConnectorException

from tongban.site.commands.surroundings import require_database, set_up_django
from tongban.site.configuration import Configuration
from tongban.site.pulse import Pulse, answer_probes
from tongban.site.safety import refuse_unsafe_start

HELP = "do what was put off, and what is done by the clock"
MANUAL = """\
Needs the database: the embedded one of a running `tongban serve`, or DATABASE_URL.
Any number of workers may run. LISTEN needs a connection to PostgreSQL itself: where
DATABASE_URL leads to PgBouncer, give the worker a DATABASE_URL of its own.
"""
CONCURRENCY = 4
GRACE_SECONDS = 15
FAREWELL_SECONDS = 5
"""Given to it after that to write down how they ended, and to sign off; who started it kills it after 25 in all."""
QUEUE_SILENT_SECONDS = 15
BEHIND_PAGES = 10
"""Niceness: where both want the same core, a page that somebody waits for comes before a letter; see `nice(2)`."""
logger = logging.getLogger("tongban.worker")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at once."""
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help=f"jobs at once (default: {CONCURRENCY})")
    parser.add_argument(
        "--health", metavar="ADDRESS:PORT", help="answer /healthz there, for a probe (default: nowhere)"
    )


def run(options: argparse.Namespace) -> int:
    """Work until told to stop."""
    os.nice(BEHIND_PAGES)  # first: every thread has it from the one that starts it
    known = require_database()
    set_up_django()
    refuse_unsafe_start(known)
    stop = threading.Event()
    from tongban.site import beats, preloading

    preloading.preload_worker()
    pulse = Pulse({"the queue": QUEUE_SILENT_SECONDS, **beats.silences()})
    if options.health:
        address, _, port = options.health.rpartition(":")
        answer_probes(pulse, address=address.strip("[]"), port=int(port))
    threads = beats.start(stop, pulse)
    told_at = None
    try:
        told_at = asyncio.run(_work(known, options.concurrency, pulse, stop))
    finally:
        stop.set()
        until = (told_at or time.monotonic()) + GRACE_SECONDS
        for thread in threads:
            thread.join(timeout=max(until - time.monotonic(), 0.0))
    return 0


async def _work(known: Configuration, concurrency: int, pulse: Pulse, stop: threading.Event) -> float | None:
    """Run the queue on connections of its own, of which one listens, until told to stop; `stop` is set then.

    Returns the time of the monotonic clock at which that was.

    Tasks go on deferring through Django's connection, in their own transaction: hence a second app with the same
    tasks, and not `replace_connector`.
    """
    from tongban.site.again import again_when_the_database_is_back
    from tongban.site.tasks import HEARTBEAT_SECONDS, STALLED_SECONDS

    if known.database is None:
        return None
    connector = PsycopgConnector(conninfo=known.database.app.address, min_size=1, max_size=concurrency + 2)
    beating = asyncio.create_task(_beat(pulse))
    async with app.with_connector(connector).open_async() as working:
        logger.info("worker started")
        told = _told_to_stop()
        queue = asyncio.create_task(
            working.run_worker_async(
                concurrency=concurrency,
                worker_middleware=[again_when_the_database_is_back],
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
            )
        )
        await asyncio.wait({queue, told}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        told_at = time.monotonic()
        await (queue if queue.done() else _let_end(queue, connector))
    beating.cancel()
    return told_at


def _told_to_stop() -> asyncio.Task[bool]:
    """Return what is done once SIGTERM or SIGINT has come; a second SIGTERM ends the process at once."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell, number)
    return asyncio.create_task(told.wait())


async def _let_end(queue: asyncio.Task[None], connector: PsycopgConnector) -> None:
    """Let what the queue is at come to its end, which cancelling does; it then signs off in the database.

    Where that takes too long (a job that goes on, a database that is away, for which it waits half a minute) its
    connections are closed before it is cancelled outright: it could only write that its jobs were given up, and what
    stands as being done is taken up by another worker.
    """
    queue.cancel()
    if not (await asyncio.wait({queue}, timeout=GRACE_SECONDS + FAREWELL_SECONDS))[0]:
        await connector.close_async()
        while not queue.done():
            queue.cancel()
            await asyncio.wait({queue}, timeout=1)
    try:
        await queue
    except asyncio.CancelledError:
        return
    except (ConnectorException, AppNotOpen):
        logger.warning("the worker did not sign off; another one takes up what it was at", exc_info=True)


async def _beat(pulse: Pulse) -> None:
    """Show that the loop of the queue goes round."""
    while True:
        pulse.beat("the queue")
        await asyncio.sleep(1)
