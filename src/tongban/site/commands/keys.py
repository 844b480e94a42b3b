"""`tongban keys`: under which keys data lie, and sealing them anew under the newest."""

import argparse
import os
import sys
import time

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms
from tongban.site.configuration import Configuration, keep_key

HELP = "say under which keys data lie, seal them anew, turn over the index key"
MANUAL = """\
status        Says how many values lie under each key, and which keys nothing needs any more.
seal-anew     Seals what is plain or under older data keys under the newest one, in small batches,
              beside a running city. Cut short, run it again: what is done is not done twice.
              Give the new key to all processes first: one that does not know it cannot
              read what is sealed under it. Files are written anew: run it as who serves.
              --look first looks at each file for the key that it truly lies under.

turn-index    Turns over the index key, beside a running city: give the old and the new one to all
              processes first (TONGBAN_INDEX_KEY=1:…,2:…). Both are asked from then on, and this
              indexes all persons by the new one as well. Cut short, run it again.
retire-index  Lets go of the old index key, unless something still needs it; then take it out of
              the configuration, restart all processes, and run this once more: it takes away
              what is left of it. --leave-unnamed gives up numbers that were looked up once
              and that nobody here holds: whoever they belong to will not find these look-ups.
feed-key      Prints what TONGBAN_FEED_KEY has to be once index key 1 is gone.

Needs the owner of the tables (DATABASE_OWNER_URL): the app may not read registers.
Exit status not 0 while something is left. The order of things: docs/security/keys.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word for each thing to do."""
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("turn-index", help="index all persons by the new index key as well")
    retire = parts.add_parser("retire-index", help="let go of the old index key")
    retire.add_argument("--leave-unnamed", action="store_true", help="give up numbers that nobody here holds")
    parts.add_parser("feed-key", help="print the key of feeds, to be kept when index key 1 goes")
    parts.add_parser("status", help="how many values lie under each key")
    anew = parts.add_parser("seal-anew", help="seal what is under older data keys under the newest")
    anew.add_argument("--look", action="store_true", help="look first at each file for the key it truly lies under")
    anew.add_argument("--pause", type=float, default=0.01, metavar="SECONDS", help="rest between two batches (0.01)")


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    with database() as known:
        set_up_rooms("owner")
        if options.part == "seal-anew":
            return _seal_anew(options.pause, look=options.look)
        if options.part == "turn-index":
            return _turn_index(known)
        if options.part == "retire-index":
            return _retire_index(leave_unnamed=options.leave_unnamed)
        if options.part == "feed-key":
            sys.stdout.write(f"{known.feed_key.hex()}\n")
            return 0
        return _status() + _index_status()


def _seal_anew(pause: float, *, look: bool) -> int:
    from tongban.base import sealing
    from tongban.files import actions as files

    if look:
        sys.stdout.write(f"{sum(files.look_at_keys()):,} contents of files lie under an older key than was recorded.\n")
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
    plain = totals.pop(sealing.PLAIN, 0)
    if plain:
        sys.stdout.write(f"plain        {plain:>12,} values, kept so by a release before\n")
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


def _turn_index(known: Configuration) -> int:
    from tongban.accounts import actions

    began = time.monotonic()
    if actions.begin_turn(now=clock.now()):
        sys.stdout.write("From now on no person is taken in without the index of both keys.\n")
    _keep_feed_key(known)
    number = sum(actions.index_anew())
    actions.end_filling(now=clock.now())
    sys.stdout.write(f"{number:,} numbers were gone through in {time.monotonic() - began:.1f} s.\n")
    return _index_status()


def _keep_feed_key(known: Configuration) -> None:
    """Keep it where index keys are kept in files. Where a store of secrets lays them down, it has to be laid down."""
    if os.environ.get("TONGBAN_INDEX_KEY") or os.environ.get("TONGBAN_INDEX_KEY_FILE"):
        if not (os.environ.get("TONGBAN_FEED_KEY") or os.environ.get("TONGBAN_FEED_KEY_FILE")):
            sys.stdout.write("Give TONGBAN_FEED_KEY to all processes: `tongban keys feed-key` prints it.\n")
    else:
        keep_key(known.var, "feed-key", known.feed_key.hex())


def _retire_index(*, leave_unnamed: bool) -> int:
    from django.conf import settings

    from tongban.accounts import actions, queries

    if len(queries.wanted_index_keys()) > 1:
        unnamed = queries.unnamed()
        if unnamed and not leave_unnamed:
            sys.stdout.write(f"{unnamed:,} numbers were looked up or came in a file, and nobody here holds them.\n")
        old = actions.retire_index_key(leave_unnamed=leave_unnamed)
        sys.stdout.write(f"Nothing needs index key {old} any more: take it out and restart all processes.\n")
    if set(settings.TONGBAN_INDEX_KEYS) == queries.wanted_index_keys():
        sys.stdout.write(f"{sum(actions.clear_retired()):,} indexes of retired keys were taken away.\n")
    return _index_status()


def _index_status() -> int:
    """Say which index keys are wanted and what is left to do; returns 1 while something is."""
    from django.conf import settings

    from tongban.accounts import queries

    given, wanted = set(settings.TONGBAN_INDEX_KEYS), queries.wanted_index_keys()
    for number in sorted(given | wanted):
        is_wanted = "wanted" if number in wanted else "not wanted"
        missing = "" if number in given else "  ✗ the key is not given"
        sys.stdout.write(
            f"index key {number:<3} {is_wanted}, persons without: {queries.persons_without(number):,}{missing}\n"
        )
    left = queries.left_of_retired()
    if left:
        sys.stdout.write(f"  left of retired index keys: {left:,}\n")
    if len(wanted) > 1:
        sys.stdout.write(f"  numbers that nobody here holds: {queries.unnamed():,}\n")
    return int(given != wanted or len(wanted) > 1 or bool(left))
