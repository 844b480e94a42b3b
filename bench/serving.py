"""`python -m bench.serving SITE`: serve one of `bench.sites` as `tongban web` serves the product, on its database."""

import argparse
import os

from granian.constants import Interfaces

from tongban.site.commands.surroundings import require_database
from tongban.site.commands.web import KILL_SECONDS, LISTENING_QUEUE
from tongban.site.draining import DrainingServer

SITES = ("empty", "watched", "profiled")


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", choices=SITES)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    known = require_database()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"bench.sites.{options.site}"
    DrainingServer(
        "tongban.site.wsgi:application",
        address="127.0.0.1",
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=options.threads or known.web_threads,
        backlog=LISTENING_QUEUE,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=KILL_SECONDS,
    ).serve()


if __name__ == "__main__":
    main()
