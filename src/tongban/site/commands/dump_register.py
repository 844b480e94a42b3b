"""`tongban dump-register`: write a register to a file."""

import argparse
import os
import sys
from pathlib import Path

import psycopg

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "write a whole register to a file, to move it"
MANUAL = """\
One line of JSON for each record that is known now, in the form that `tongban load-register`
reads. The file holds personal data in the clear; only its owner may read it. Needs the
owner's login (DATABASE_OWNER_URL): the site itself cannot read a register as a whole.
That it was written stands in the ledger.
"""
_PRIVATE = 0o600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which register, and where to."""
    parser.add_argument("register", help="code of the register")
    parser.add_argument("path", type=Path, help="the file to write; it must not be there yet")


def run(options: argparse.Namespace) -> int:
    """Write it, and say how many records."""
    with database() as known:
        set_up_rooms()
        from tongban.registers import actions, queries

        if known.database is None:
            return 1
        register = queries.register_by_code(options.register)
        handle = os.open(options.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(handle, "w", encoding="utf-8") as file, psycopg.connect(known.database.owner.address) as owner:
            number = actions.dump(actor=SYSTEM, register=register, owner=owner, into=file, now=clock.now())
        sys.stdout.write(f"{number} records of {register.code} were written.\n")
    return 0
