"""`tongban demo`: load the demo city."""

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

if TYPE_CHECKING:
    from tongban.site.configuration import Configuration
    from tongban.site.demo.people import Town

HELP = "load the demo city: departments, items, people, cases"
MANUAL = """\
An invented city with real kinds of matters. Only for trying things out: its officials
and residents are listed on the sign-in page of an installation with TONGBAN_DEMO=on.

With --items it becomes a large one, for measuring: the lives of the small city are poured
many times over, so that up to 10,000 items can be applied for and up to millions of cases
lie there, most of them old and closed. Stop `tongban serve` before: the tables are locked
while they are filled. Needs the owner's login; never to be done where real people's data
are, and refused where anything but the demo city is.
"""
LIVES = 120
"""Cases that are played for a large city, from which the others are poured."""
CASES, OPEN = 10_000, 16
"""How many cases a large city has unless told otherwise, and of how many one is open."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether it may be there already, and how much is to be going on in it."""
    parser.add_argument("--once", action="store_true", help="say nothing and do nothing when it is loaded already")
    parser.add_argument("--cases", type=int, help="how many cases to play (default: a few hundred), or to have at last")
    parser.add_argument("--items", type=int, help="make it a large city with so many items")
    parser.add_argument("--open", type=int, help="so many cases of a large city are still going on")


def run(options: argparse.Namespace) -> int:
    """Load it, unless it is there."""
    os.environ["TONGBAN_DEMO"] = "on"
    with database(filling=options.items is not None) as known:
        set_up_rooms()
        if options.items is not None:
            return _large(options, known)
        from tongban.site.demo import loading as demo

        if demo.is_loaded():
            if not options.once:
                sys.stdout.write("The demo city is loaded already.\n")
            return 0
        town = _small(demo.CASES if options.cases is None else options.cases)
        demo.look_around(town, now=clock.now(), say=_say)
    return 0


def _small(cases: int) -> "Town":
    from django.db import transaction

    from tongban.site.demo import loading as demo

    began = time.monotonic()
    sys.stdout.write("Loading the demo city …\n")
    with transaction.atomic():  # a city that was loaded in half would pass for a whole one
        town = demo.load(now=clock.now(), say=_say, cases=cases)
    sys.stdout.write(f"The demo city is loaded ({time.monotonic() - began:.0f} s).\n")
    return town


def _large(options: argparse.Namespace, known: "Configuration") -> int:
    """Make it a large city, from the small one that is there or is loaded first."""
    from tongban.site.demo import bulk
    from tongban.site.demo import loading as demo

    if known.database is None:
        return 1
    if bulk.is_loaded():
        if bulk.is_finished():
            sys.stdout.write("The large demo city is loaded already.\n")
            return 0
        sys.stdout.write("The large demo city was filled and not finished; finishing it …\n")
        with bulk.owner_connection(known.database.owner.address, known.schema) as owner:
            bulk.finish(owner, _say)
        return 0
    began = time.monotonic()
    if not demo.is_loaded():
        if not bulk.is_empty():
            sys.stderr.write("tongban demo: this installation holds something else than the demo city.\n")
            return 1
        _small(LIVES)
    cases = CASES if options.cases is None else options.cases
    size = bulk.Size(options.items, cases, cases // OPEN if options.open is None else options.open)
    with bulk.owner_connection(known.database.owner.address, known.schema) as owner:
        bulk.load(owner, size, now=clock.now(), say=_say)
    sys.stdout.write(f"The large demo city is loaded ({time.monotonic() - began:.0f} s).\n")
    return 0


def _say(words: str) -> None:
    sys.stdout.write(f"  {time.strftime('%H:%M:%S')} {words}\n")
    sys.stdout.flush()
