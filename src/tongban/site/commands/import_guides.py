"""`tongban import-guides`: read service guides 办事指南 and publish them."""

import argparse
import sys
from pathlib import Path

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.site.commands.surroundings import database, set_up_django

HELP = "read service guides 办事指南 and publish them"
MANUAL = """\
Reads JSON, CSV and XLSX files, or folders of them: the field names of the exchange with
the national platform without further ado, other sources by a mapping (docs/import-guides.md).
Without --mapping, the shipped mapping is taken that fits the fields.

Prints what is added, changed and absent. Running it again with the same files changes
nothing. A broken row is reported with file, row, field and reason, and the rest goes in;
the exit status is then 2.

Examples:
  tongban import-guides guides/ --dry-run
  tongban import-guides items.xlsx --organisation 11430000006000000A --region 430100
  tongban import-guides export.json --mapping our-system.yaml --withdraw
"""
BROKEN_ROWS = 2
REFUSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, how to read them, on whose behalf."""
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="file or folder: JSON, CSV, XLSX")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="mapping (YAML, TOML), or a shipped one's name")
    parser.add_argument("--region", default="", metavar="CODE", help="region of items that do not say theirs")
    parser.add_argument(
        "--organisation",
        default="",
        metavar="CODE",
        help="organisation that handles the items (credit code, slug or name); else the intake post takes them in",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")
    parser.add_argument("--withdraw", action="store_true", help="cancel items that their source no longer holds")


def run(options: argparse.Namespace) -> int:
    """Import, and print what was done."""
    with database():
        set_up_django()
        from tongban.base.errors import Refusal
        from tongban.catalogue import actions

        try:
            report = actions.import_guides(
                actor=SYSTEM,
                paths=options.paths,
                mapping=options.mapping,
                region=options.region,
                organisation=options.organisation,
                dry_run=options.dry_run,
                withdraw=options.withdraw,
                now=clock.now(),
            )
        except Refusal as refusal:
            sys.stderr.write(f"tongban import-guides: {refusal}\n")
            return REFUSED
        sys.stdout.write(f"{report}\n")
    return BROKEN_ROWS if report.broken else 0
