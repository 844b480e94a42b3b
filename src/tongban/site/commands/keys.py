"""`tongban keys`: under which keys data lie, and sealing them anew under the newest."""

import argparse
import sys
import time

from tongban.base.postgres.errors import DatabaseNotThere
from tongban.site.commands.surroundings import database, set_up_django

HELP = "say under which keys data lie, seal them anew, turn over the index key"
MANUAL = """\
status        Says how many values lie under each key, and which keys nothing needs any more.
seal-anew     Seals what is under older data keys under the newest one, in small batches,
              beside a running city. Cut short, run it again: what is done is not done twice.
              Give the new key to all processes first: one that does not know it cannot
              read what is sealed under it.

Needs the owner of the tables (DATABASE_OWNER_URL): the app may not read registers.
Exit status 1 while something is left. The order of things: docs/security/keys.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word for each thing to do."""
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("status", help="how many values lie under each key")
    anew = parts.add_parser("seal-anew", help="seal what is under older data keys under the newest")
    anew.add_argument("--pause", type=float, default=0.01, metavar="SECONDS", help="rest between two batches (0.01)")


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    with database():
        _set_up_as_owner()
        if options.part == "seal-anew":
            return _seal_anew(options.pause)
        return _status()


def _set_up_as_owner() -> None:
    """Load the rooms with the owner's rights; raises DatabaseNotThere when the tables are not of this release."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    set_up_django("owner")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        message = "The database is not of this release: run `tongban migrate` first."
        raise DatabaseNotThere(message)


def _seal_anew(pause: float) -> int:
    from tongban.base import sealing

    broken = 0
    for place in sealing.places():
        sealed = wrong = 0
        began = time.monotonic()
        for done in place.seal_anew():
            sealed, wrong = sealed + done.sealed, wrong + done.broken
            time.sleep(pause)
        broken += wrong
        if sealed or wrong:
            told = f", {wrong} do not open: changed, or their key is missing" if wrong else ""
            sys.stdout.write(f"{place.name:<44} {sealed:>10,} in {time.monotonic() - began:.1f} s{told}\n")
            sys.stdout.flush()
    return _status() or int(broken > 0)


def _status() -> int:
    from django.conf import settings
    from django.db import connection

    from tongban.base import sealing

    newest = max(settings.TONGBAN_DATA_KEYS)
    with connection.cursor() as cursor:
        found = sealing.sealed_under(cursor)
    totals = sealing.totals(found)
    for number in sorted({*totals, *settings.TONGBAN_DATA_KEYS}):
        missing = "" if number in settings.TONGBAN_DATA_KEYS else "  ✗ the key is not given: these do not open"
        needless = "  nothing needs it here" if number != newest and not totals.get(number) else ""
        sys.stdout.write(f"data key {number:<3} {totals.get(number, 0):>12,} values{missing}{needless}\n")
    left = 0
    for name, numbers in found.items():
        older = sum(count for number, count in numbers.items() if number != newest)
        if older:
            sys.stdout.write(f"  left: {name:<40} {older:>10,}\n")
        left += older
    if not left:
        sys.stdout.write(f"All is sealed under data key {newest}.\n")
    return int(left > 0)
