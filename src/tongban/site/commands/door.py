"""`tongban door`: answer neighbours, and systems of this house that speak X-Road."""

import argparse
import logging
import os

from granian.constants import Interfaces

from tongban.site.commands.surroundings import require_database, set_up_django
from tongban.site.draining import DrainingServer
from tongban.site.safety import refuse_unsafe_start

HELP = "answer neighbours and systems that speak X-Road"
MANUAL = """\
A server beside `tongban web`, at an address of its own: it sees addresses as they were
sent, carries bodies of up to 100 MB and lets no slow line hold a page back. Put a proxy
with mutual TLS in front (deploy/nginx/neighbours.conf) and set TONGBAN_BEHIND_PROXY=on.
On a machine of its own it speaks TLS to that proxy, as web does.

What this installation is among its neighbours is said with `tongban neighbours`.
"""
MOST_PROCESSES = 2
LISTENING_QUEUE = 512
KILL_SECONDS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how wide."""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8444, help="port to listen on (default: 8444)")
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    parser.add_argument("--processes", type=int, default=processes, help=f"serving processes (default: {processes})")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    known = require_database()
    set_up_django()
    refuse_unsafe_start(known, address=options.address, name="door")
    logging.getLogger("granian").setLevel(logging.WARNING)
    DrainingServer(
        "tongban.site.door:application",
        address=options.address,
        port=options.port,
        interface=Interfaces.ASGINL,
        workers=options.processes,
        backlog=LISTENING_QUEUE,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=KILL_SECONDS,
        ssl_cert=known.tls.certificate if known.tls else None,
        ssl_key=known.tls.key if known.tls else None,
    ).serve()
    return 0
