"""`tongban web`: answer requests."""

import argparse
import logging
import os
import shutil
from importlib import import_module
from pathlib import Path

from granian.constants import Interfaces

from tongban.site.commands.surroundings import require_database, set_up_django
from tongban.site.draining import DrainingServer
from tongban.site.safety import refuse_unsafe_start
from tongban.site.static_files import collect_if_stale

HELP = "answer requests"
MANUAL = """\
Needs the database: the embedded one of a running `tongban serve`, or DATABASE_URL.
Put a proxy that speaks TLS in front and set TONGBAN_PUBLIC_URL and
TONGBAN_BEHIND_PROXY=on. Where the proxy is on another machine give TONGBAN_TLS_CERTIFICATE
and TONGBAN_TLS_KEY: web then speaks TLS 1.3 to it, and nothing else. A renewed certificate
is read at the next start.
"""
MOST_PROCESSES = 4
LISTENING_QUEUE = 512
KILL_SECONDS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how wide."""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    parser.add_argument("--processes", type=int, default=processes, help=f"serving processes (default: {processes})")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    known = require_database()
    _keep_counts_in(known.var / "counts" / str(options.port))
    set_up_django()
    refuse_unsafe_start(known, address=options.address)
    collect_if_stale(Path(known.var))
    import_module("tongban.site.preloading").preload()
    logging.getLogger("granian").setLevel(logging.WARNING)
    DrainingServer(
        "tongban.site.wsgi:application",
        address=options.address,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=known.web_threads,
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


def _keep_counts_in(folder: Path) -> None:
    """Let all serving processes count into one place: prometheus_client looks for its name when it is imported."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
