"""`tongban check`: is this installation sound, and fit to face the world?"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.checks import ERROR, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tongban.site import configuration, safety
from tongban.site.commands.surroundings import answers, set_up_django
from tongban.site.configuration import Configuration
from tongban.site.names import NAMES

HELP = "look whether configuration, database, migrations and assets are in order"
MANUAL = """\
Prints one line for each thing that is wrong and what to do; exit status 1 then.
With --deploy it first prints every setting (secrets masked), and also refuses what is
unsafe outside a demonstration: the same for which web, worker and serve do not start.
"""
ROOT = Path(__file__).parents[2]
TRIAL = ".trial-of-tongban-check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How strict."""
    parser.add_argument("--deploy", action="store_true", help="also refuse what is unsafe for real use")
    parser.add_argument("--starting-at", metavar="ADDRESS", help="only say what keeps web from starting at an address")


def run(options: argparse.Namespace) -> int:
    """Print what is wrong."""
    known = configuration.read(os.environ)
    there = answers(known)
    set_up_django("app" if there else "nobody")
    if options.starting_at is not None:
        safety.refuse_unsafe_start(known, address=options.starting_at)
        return 0
    if options.deploy:
        _print_settings()
    wrong = [*_unsound(known, there=there), *(_unsafe(known) if options.deploy else ())]
    for sentence in wrong:
        sys.stdout.write(f"✗ {sentence}\n")
    if not wrong:
        sys.stdout.write("✓ Everything is in order.\n")
    return 1 if wrong else 0


def _unsafe(known: Configuration) -> Iterator[str]:
    from tongban.site.keys_needed import index_keys_left_out, keys_left_out

    yield from index_keys_left_out(known)
    yield from safety.reasons(known)
    yield from safety.untrusted_certificate(known.public_url)
    yield from keys_left_out(known)


def _print_settings() -> None:
    width = max(len(name.name) for name in NAMES)
    for name in NAMES:
        sys.stdout.write(f"{name.name.ljust(width)}  {name.shown(os.environ)}\n")
    sys.stdout.write("\n")


def _unsound(known: Configuration, *, there: bool) -> Iterator[str]:
    """Say what keeps the installation from working."""
    for found in run_checks():
        if found.level >= ERROR:
            yield f"{found.id}: {found.msg}"
    if finders.find("built/tongban.css") is None:
        yield "Style and script are not built: run `make build`."
    for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/django.po")):
        if not source.with_suffix(".mo").exists():
            yield f"Messages of {source.parents[3].name} are not compiled: run `make messages`."
    if there:
        yield from _database_wants()
    elif known.embedded:
        yield "The embedded PostgreSQL is not running: start `tongban serve`."
    else:
        yield "The database of DATABASE_URL does not answer."
    yield from _files_want(known)


def _files_want(known: Configuration) -> Iterator[str]:
    """Write something where uploads will be kept, and take it away again."""
    storage = storages["files"]
    try:
        storage.save(TRIAL, ContentFile(b"tongban"))
        storage.delete(TRIAL)
    except OSError as refused:
        place = known.files.folder if known.files.is_folder else "the object storage of TONGBAN_FILES_URL"
        yield f"Files cannot be kept in {place}: {refused.strerror or refused}."


def _database_wants() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is not of this release: run `tongban migrate`."
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    if row and int(row[0]) < 150000:  # noqa: PLR2004 - PostgreSQL 15
        yield "PostgreSQL is older than 15: it is not supported."
