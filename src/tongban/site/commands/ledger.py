"""`tongban ledger`: whether what was recorded is still what it was; its key; a witness for the ledgers of others."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tongban.site.commands.surroundings import database, set_up_rooms

if TYPE_CHECKING:
    from tongban.ledger.queries import Verification

HELP = "verify the ledger, show its key, or be a witness of another one"
MANUAL = """\
verify     Reckons every commitment, hash, root, signature, chain and statement anew from
           the events, in one snapshot beside a running site, and names each event that was
           changed, removed, inserted or put elsewhere. Exit status 1 when something is.
           --against FILE: a checkpoint that somebody else has kept must fit as well.
           --key KEY: a former key of this ledger, or the key of FILE's signature.
key        Prints the key that checkpoints are checked with. Publish it elsewhere, too.
witness    A process of its own, without the database, best on a machine of somebody else:
           it signs checkpoints of the ledgers that it is told to watch, only if they hold
           all that it has seen before. Its key and what it has seen are kept in --folder.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word for each thing to do."""
    parts = parser.add_subparsers(dest="part", required=True)
    verify = parts.add_parser("verify", help="reckon everything anew")
    verify.add_argument(
        "--against", type=Path, action="append", default=[], metavar="FILE", help="a checkpoint kept elsewhere"
    )
    verify.add_argument("--key", action="append", default=[], metavar="KEY", help="a further key to trust")
    verify.add_argument("--most", type=int, default=50, help="how many findings to name (50)")
    parts.add_parser("key", help="print the key")
    witness = parts.add_parser("witness", help="sign the checkpoints of others")
    witness.add_argument("--folder", type=Path, required=True, help="where its key and what it has seen are kept")
    witness.add_argument("--name", default="", help="its name on its signatures; needed at the first start")
    witness.add_argument("--log", action="append", default=[], metavar="KEY", help="key of a ledger to watch")
    witness.add_argument("--listen", default="127.0.0.1:8090", metavar="ADDRESS:PORT", help="where it is asked")


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    if options.part == "witness":
        from tongban.site.witness import serve

        return serve(options.folder, name=options.name, logs=options.log, listen=options.listen)
    with database():
        set_up_rooms()
        return _show_key() if options.part == "key" else _verify(options)


def _show_key() -> int:
    from tongban.ledger import queries

    sys.stdout.write(f"{queries.log_key()}\n")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from django.conf import settings

    from tongban.ledger import queries
    from tongban.ledger.rules.notes import Key

    began = time.monotonic()
    verification = queries.Verification(
        keys=[queries.log_key(), *map(Key.parse, (*settings.TONGBAN_LEDGER_FORMER_KEYS, *options.key))],
        others=[path.read_text(encoding="utf-8") for path in options.against],
    )
    wrong = _name_findings(verification, options.most)
    done = verification.done
    seen = f"{done.events:,} events, {done.checkpoints:,} checkpoints, {done.others} kept elsewhere"
    chains = f"{done.chains:,} chains, {done.statements} statements"
    sys.stdout.write(f"{seen}; {chains}; {done.erased} salts erased; {done.waiting} events not in the tree yet\n")
    seconds = time.monotonic() - began
    if wrong:
        sys.stdout.write(f"✗ {wrong:,} findings: this is not what was sealed ({seconds:.0f} s).\n")
        return 1
    sys.stdout.write(f"✓ All is as it was sealed ({seconds:.0f} s).\n")
    return 0


def _name_findings(verification: "Verification", most: int) -> int:
    from django.db import connection, transaction

    wrong = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for finding in verification.findings():
            wrong += 1
            if wrong <= most:
                sys.stdout.write(f"  {finding.code:<10} {finding.what}\n")
    return wrong
