"""The command `tongban`: everything an operator does, one module for each subcommand.

A module has `HELP` (one line), `MANUAL` (what `tongban NAME --help` says), `add_arguments` and `run`.
"""

import argparse
import sys
from types import ModuleType

from django.utils import translation

from tongban.base.errors import Invalid, Refusal
from tongban.base.postgres.errors import DatabaseNotThere
from tongban.site.backup.manifest import Unfit
from tongban.site.commands import (
    backup,
    check,
    compare_books,
    demo,
    door,
    dump_register,
    end_sessions,
    import_divisions,
    import_guides,
    import_organisations,
    keys,
    ledger,
    load_register,
    manage,
    migrate,
    neighbours,
    reset_second_factor,
    restore,
    serve,
    verify_figures,
    web,
    worker,
)
from tongban.site.configuration import NotConfigured
from tongban.site.safety import UnsafeStart

COMMANDS: dict[str, ModuleType] = {
    "serve": serve,
    "web": web,
    "worker": worker,
    "door": door,
    "neighbours": neighbours,
    "migrate": migrate,
    "demo": demo,
    "import-guides": import_guides,
    "import-divisions": import_divisions,
    "import-organisations": import_organisations,
    "load-register": load_register,
    "dump-register": dump_register,
    "end-sessions": end_sessions,
    "reset-second-factor": reset_second_factor,
    "check": check,
    "compare-books": compare_books,
    "verify-figures": verify_figures,
    "ledger": ledger,
    "keys": keys,
    "backup": backup,
    "restore": restore,
    "manage": manage,
}

MANUAL = """\
Tongban 通办: one network for every government service.

Configuration is by environment; see docs/operate/configuration.md. Without any, everything
is kept in ./var, the database included, and the site answers on this machine alone.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="tongban", description=MANUAL, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    subcommands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        part = subcommands.add_parser(
            name,
            help=module.HELP,
            description=f"{module.HELP}\n\n{module.MANUAL}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(part)
        part.set_defaults(run=module.run)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit status. What an operator can mend is said in a sentence."""
    options = parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (NotConfigured, DatabaseNotThere, UnsafeStart, Unfit) as missing:
        return _told(options.command, str(missing))
    except Refusal as refusal:
        with translation.override("en"):
            fields = refusal.fields.items() if isinstance(refusal, Invalid) else ()
            return _told(
                options.command, "\n".join([str(refusal), *(f"  {name}: {' '.join(why)}" for name, why in fields)])
            )
    except KeyboardInterrupt:
        return 130
    return status


def _told(command: str, sentence: str) -> int:
    sys.stderr.write(f"tongban {command}: {sentence}\n")
    return 1
