"""`tongban end-sessions`: sign somebody out everywhere, or everybody."""

import argparse
import sys

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "sign an account, or all accounts, out everywhere"
MANUAL = """\
For a lost telephone, a dismissed clerk or a stolen copy of the database. Takes effect
with the next request of each session.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose sessions."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("username", nargs="?", help="the sign-in name of the account")
    whose.add_argument("--all", action="store_true", help="the sessions of all accounts")


def run(options: argparse.Namespace) -> int:
    """End them."""
    with database():
        set_up_rooms()
        from tongban.accounts import actions
        from tongban.base.actor import SYSTEM

        if options.all:
            sys.stdout.write(f"{actions.end_all_sessions(now=clock.now())} sessions ended.\n")
        else:
            actions.end_sessions(actor=SYSTEM, username=options.username, now=clock.now())
            sys.stdout.write("All sessions of the account are ended.\n")
    return 0
