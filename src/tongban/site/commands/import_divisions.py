"""`tongban import-divisions`: read regions 行政区划 from a list of divisions."""

import argparse
import sys
from pathlib import Path

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "read regions 行政区划 from a list of divisions"
MANUAL = """\
Running it again with the same file changes nothing. A broken row is reported with file,
row, field and reason, and the rest goes in; the exit status is then 2.
"""
BROKEN_ROWS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whether only to look."""
    parser.add_argument("path", type=Path, help="the file to read")
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")


def run(options: argparse.Namespace) -> int:
    """Import, and print what was done."""
    with database():
        set_up_rooms()
        from tongban.organisations import actions

        report = actions.import_divisions(path=options.path, dry_run=options.dry_run, actor=SYSTEM, now=clock.now())
        sys.stdout.write(f"{report}\n")
    return BROKEN_ROWS if report.broken else 0
