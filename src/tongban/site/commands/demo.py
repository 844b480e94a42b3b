"""`tongban demo`: load the demo city."""

import argparse
import os
import sys
import time

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "load the demo city: departments, items, people, cases"
MANUAL = """\
An invented city with real kinds of matters. Only for trying things out: its officials
and residents are listed on the sign-in page of an installation with TONGBAN_DEMO=on.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether it may be there already, and how much is to be going on in it."""
    parser.add_argument("--once", action="store_true", help="say nothing and do nothing when it is loaded already")
    parser.add_argument("--cases", type=int, help="how many cases to play (default: a few hundred)")


def run(options: argparse.Namespace) -> int:
    """Load it, unless it is there."""
    os.environ["TONGBAN_DEMO"] = "on"
    with database():
        set_up_rooms()
        from django.db import transaction

        from tongban.site.demo import loading as demo

        if demo.is_loaded():
            if not options.once:
                sys.stdout.write("The demo city is loaded already.\n")
            return 0
        began = time.monotonic()
        sys.stdout.write("Loading the demo city …\n")
        with transaction.atomic():  # a city that was loaded in half would pass for a whole one
            demo.load(now=clock.now(), say=_say, cases=demo.CASES if options.cases is None else options.cases)
        sys.stdout.write(f"The demo city is loaded ({time.monotonic() - began:.0f} s).\n")
    return 0


def _say(words: str) -> None:
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()
