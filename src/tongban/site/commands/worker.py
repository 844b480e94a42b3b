"""`tongban worker`: do what was put off, and what is done by the clock."""

import argparse
import asyncio
import logging
import os
import threading

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app

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
    try:
        asyncio.run(_work(known, options.concurrency, pulse))
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=GRACE_SECONDS)
    return 0


async def _work(known: Configuration, concurrency: int, pulse: Pulse) -> None:
    """Run the queue on connections of its own, of which one listens.

    Tasks go on deferring through Django's connection, in their own transaction: hence a second app with the same
    tasks, and not `replace_connector`.
    """
    from tongban.site.again import again_when_the_database_is_back
    from tongban.site.tasks import HEARTBEAT_SECONDS, STALLED_SECONDS

    if known.database is None:
        return
    connector = PsycopgConnector(conninfo=known.database.app.address, min_size=1, max_size=concurrency + 2)
    beating = asyncio.create_task(_beat(pulse))
    async with app.with_connector(connector).open_async() as working:
        logger.info("worker started")
        await working.run_worker_async(
            concurrency=concurrency,
            worker_middleware=[again_when_the_database_is_back],
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
    beating.cancel()


async def _beat(pulse: Pulse) -> None:
    """Show that the loop of the queue goes round."""
    while True:
        pulse.beat("the queue")
        await asyncio.sleep(1)
