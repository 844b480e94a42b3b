"""`tongban load-register`: read a register from a file."""

import argparse
import sys
from pathlib import Path

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "read the records of a register from a file"
MANUAL = """\
Reads what `tongban dump-register` writes: one line of JSON for each record. All of them go
in, or none: the first that is wrong is named by its line. The register must be there.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which register, and from where."""
    parser.add_argument("register", help="code of the register")
    parser.add_argument("path", type=Path, help="the file to read")


def run(options: argparse.Namespace) -> int:
    """Read it, and say how many records."""
    with database():
        set_up_rooms()
        from tongban.registers import actions, queries

        register = queries.register_by_code(options.register)
        with options.path.open(encoding="utf-8") as file:
            records = actions.read_lines(file)
            number = actions.load(actor=SYSTEM, register_id=register.id, records=records, now=clock.now())
        sys.stdout.write(f"{number} records of {register.code} were read.\n")
    return 0
