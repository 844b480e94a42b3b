"""`tongban restore`: put a backup back into an empty place."""

import argparse
import os
import sys
from collections.abc import Collection
from pathlib import Path

from tongban.site.commands.migrate import migrate, prepare
from tongban.site.commands.surroundings import database, set_up_django

HELP = "put a backup back into an empty place"
MANUAL = """\
Refuses a place where tables or other files are, keys that are not those of the backup, and
a backup of a newer release. Files come first, then the database in one transaction; then
the database is brought to this release. An attempt that was cut short can be made again.

Examples:
  tongban restore /backups/2026-11-26
  tongban restore /backups/2026-11-26 --keys-passphrase-file /root/passphrase
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("folder", type=Path, help="the backup")
    parser.add_argument("--keys-passphrase-file", type=Path, help="put the sealed keys of the backup back too")


def run(options: argparse.Namespace) -> int:
    """Look whether it fits, put it back, bring it to this release."""
    from tongban.site.backup import keys, manifest

    backup = manifest.read(options.folder)
    var = Path(os.environ.get("TONGBAN_VAR", "var")).resolve()
    if options.keys_passphrase_file:
        keys.put_back(options.folder, var, keys.passphrase_in(options.keys_passphrase_file))
    elif not _keys_are_here(var, backup.keys):
        message = f"The keys are not here: put yours into {var / 'secrets'}, or give --keys-passphrase-file."
        raise manifest.Unfit(message)
    with database() as known:
        set_up_django("owner")
        from tongban.site.backup import restoring

        restoring.refuse_unfit(known, backup)
        for words in restoring.put_back(known, options.folder, backup):
            sys.stdout.write(f"{words}\n")
        prepare(known)
        migrate()
    sys.stdout.write(f"Restored as it was at {backup.made_at}.\n")
    return 0


def _keys_are_here(var: Path, needed: Collection[str]) -> bool:
    """Whether reading the configuration would not make new ones. Backups of old releases need none for the ledger."""
    names = {"TONGBAN_DATA_KEYS": "data-key", "TONGBAN_INDEX_KEY": "index-key"}
    names |= {"TONGBAN_LEDGER_KEY": "ledger-key"} if "ledger" in needed else {}
    return all(os.environ.get(name) or (var / "secrets" / file).exists() for name, file in names.items())
