"""`tongban reset-second-factor`: take out the authenticator app of a lost phone."""

import argparse
import sys

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "take out the authenticator app of an account whose phone is lost"
MANUAL = """\
Make sure first who asks. Windows do this for residents and operators for officials on
their pages; this is for the last operator. App and recovery codes are void then, and all
sessions of the account end. An official sets up a new app at the next sign-in.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose."""
    parser.add_argument("username", help="the sign-in name of the account")


def run(options: argparse.Namespace) -> int:
    """Take it out."""
    with database():
        set_up_rooms()
        from tongban.accounts import actions, queries
        from tongban.base.actor import SYSTEM
        from tongban.base.errors import NotFound

        account = queries.account_by_username(options.username)
        if account is None:
            raise NotFound
        actions.reset_second_factor(actor=SYSTEM, account_id=account.id, now=clock.now())
        sys.stdout.write("The authenticator app of the account is taken out.\n")
    return 0
