"""`tongban verify-figures`: do the figures say what the cases say?"""

import argparse
import sys
import time

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "recompute the figures from the cases themselves, and name what differs"
MANUAL = """\
Every figure of supervision is counted from one narrow row for each finished case. This
goes through all cases, makes each row anew from the case, its clocks, its decision and
its application, and compares it with the one kept, column by column. Exit status 1 on
any difference.

What has happened and has not been read yet is read first. --rebuild writes all rows anew
before comparing; rows of erased cases stay, for these cases cannot tell any more.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to write them anew, and how many differences to name."""
    parser.add_argument("--rebuild", action="store_true", help="write all rows anew from the cases first")
    parser.add_argument("--most", type=int, default=20, help="how many differences to name (20)")


def run(options: argparse.Namespace) -> int:
    """Read on, compare, and say what differs."""
    with database():
        set_up_rooms()
        return verify(rebuild=options.rebuild, most=options.most)


def verify(*, rebuild: bool, most: int) -> int:
    """Do it; return the exit status."""
    from tongban.insight import actions
    from tongban.insight.queries import finished_count
    from tongban.insight.queries.verifying import differences

    began, now = time.monotonic(), clock.now()
    if rebuild:
        sys.stdout.write(f"  {actions.rebuild(now=now):,} rows written anew.\n")
    while actions.read_on(now=now) or actions.renew_some(now=now):
        pass
    number = 0
    for difference in differences():
        number += 1
        if number <= most:
            sys.stdout.write(f"    case {difference.case_id} {difference.what}\n")
    seconds = time.monotonic() - began
    if number:
        sys.stdout.write(f"✗ {number:,} differences in {finished_count():,} finished cases ({seconds:.0f} s).\n")
        return 1
    sys.stdout.write(f"✓ All figures agree: {finished_count():,} finished cases, recomputed in {seconds:.0f} s.\n")
    return 0
