"""`tongban check`: is this installation sound, and fit to face the world?"""

import argparse
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.contrib.staticfiles import finders
from django.core.checks import ERROR, run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tongban.site import configuration
from tongban.site.commands.surroundings import answers, set_up_django
from tongban.site.configuration import Configuration

HELP = "look whether configuration, database, migrations and assets are in order"
MANUAL = """\
Prints one line for each thing that is wrong and what to do; exit status 1 then.
With --deploy it also refuses what is unsafe outside a demonstration.
"""
FOLLOW_FROM_ADDRESS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""Django's words for an address without https, which is said once."""
ROOT = Path(__file__).parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How strict."""
    parser.add_argument("--deploy", action="store_true", help="also refuse what is unsafe for real use")


def run(options: argparse.Namespace) -> int:
    """Print what is wrong."""
    known = configuration.read(os.environ)
    there = answers(known)
    set_up_django("app" if there else "nobody")
    wrong = [*_unsound(known, there=there), *(_unsafe(known) if options.deploy else ())]
    for sentence in wrong:
        sys.stdout.write(f"✗ {sentence}\n")
    if not wrong:
        sys.stdout.write("✓ Everything is in order.\n")
    return 1 if wrong else 0


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


def _database_wants() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is not of this release: run `tongban migrate`."
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    if row and int(row[0]) < 150000:  # noqa: PLR2004 - PostgreSQL 15
        yield "PostgreSQL is older than 15: it is not supported."


def _unsafe(known: Configuration) -> Iterator[str]:
    """Say what must not be so where real people's data are."""
    if known.debug:
        yield "TONGBAN_DEBUG is on: it shows the inside of the program to everybody."
    if known.demo:
        yield "TONGBAN_DEMO is on: anybody may sign in as an official of the demo city."
    if not known.public_url.startswith("https://"):
        yield "TONGBAN_PUBLIC_URL does not begin with https://: passwords would travel in the open."
    if not known.email_url:
        yield "TONGBAN_EMAIL_URL is not set: messages to residents wait for a mail server."
    if not known.clamd:
        yield "TONGBAN_CLAMD is not set: uploads are not scanned for viruses."
    yield from _keys_lie_open(known.var / "secrets")
    yield from _rights_too_wide(known)
    for found in run_checks(include_deployment_checks=True):
        told = not found.is_silenced() and found.id not in FOLLOW_FROM_ADDRESS
        if told and found.id and found.id.startswith("security."):
            yield f"{found.id}: {found.msg}"


def _keys_lie_open(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*")):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path} can be read by others: chmod 600 {path}"


def _rights_too_wide(known: Configuration) -> Iterator[str]:
    """The app's login may be neither owner nor superuser nor pass by row security."""
    if known.database is None:
        return
    if known.database.app.user == known.database.owner.user:
        yield "DATABASE_OWNER_URL is not set, so the site runs as the owner of its tables: give it a login of its own."
    try:
        with psycopg.connect(known.database.app.address, connect_timeout=5) as login:
            row = login.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError:
        return
    if row and row[0]:
        yield f"The login {known.database.app.user} may do more than read and write rows."
