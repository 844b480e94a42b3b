"""`tongban backup`: database and files, together, while the city goes on serving."""

import argparse
import sys
from pathlib import Path

from tongban.site.commands.surroundings import database, set_up_django

HELP = "write database and files, as they are at one moment, into a folder"
MANUAL = """\
The city goes on serving. Database and files fit together, and every byte is compared with
its digest. Connects as the owner (DATABASE_OWNER_URL, to PostgreSQL itself and not to
PgBouncer). The keys are not in the backup, unless a passphrase is given to seal them with.

Examples:
  tongban backup /backups/2026-11-26
  tongban backup /backups/2026-11-27 --previous /backups/2026-11-26 \\
      --keys-passphrase-file /root/passphrase
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and from what."""
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument(
        "--previous", type=Path, help="an earlier backup on the same disk: bytes it holds are linked, not copied"
    )
    parser.add_argument("--keys-passphrase-file", type=Path, help="seal the keys into the backup with the words in it")


def run(options: argparse.Namespace) -> int:
    """Take it, and say what there is."""
    with database() as known:
        set_up_django("owner")
        from tongban.base.clock import now
        from tongban.site.backup import keys, taking

        passphrase = keys.passphrase_in(options.keys_passphrase_file) if options.keys_passphrase_file else ""
        manifest = taking.take(known, options.folder, now=now(), previous=options.previous, passphrase=passphrase)
    sys.stdout.write(
        f"{options.folder}: {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, "
        f"{manifest.files} files of {manifest.bytes} bytes.\n"
    )
    if not passphrase:
        sys.stdout.write("The keys are not in it: keep a copy of them elsewhere, or it cannot be read.\n")
    for digest in manifest.missing:
        sys.stderr.write(f"A file is recorded but its bytes are not there: {digest}\n")
    return 1 if manifest.missing else 0
