"""`tongban migrate`: roles, schema, tables."""

import argparse
import time

import psycopg
from django.core.management import call_command
from django.db import OperationalError
from psycopg import sql

from tongban.base.postgres import roles as preparation
from tongban.base.postgres.errors import GAVE_WAY, DatabaseNotThere
from tongban.base.postgres.migrating import drawing_step_by_step
from tongban.site.commands.surroundings import database, set_up_django
from tongban.site.configuration import Configuration

HELP = "bring the database to this release: roles, schema, tables"
MANUAL = """\
Connects as the owner (DATABASE_OWNER_URL); everything else connects as the app
(DATABASE_URL). Running it again changes nothing. It may run while the previous
release still serves.
"""
PATIENCE_SECONDS, AGAIN_SECONDS = 300, 0.5


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(_options: argparse.Namespace) -> int:
    """Prepare and migrate."""
    with database() as known:
        prepare(known)
        set_up_django("owner")
        migrate()
    return 0


def migrate() -> None:
    """Run what is left of the migrations. One that people who work keep from a table gives way, and is tried again."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with drawing_step_by_step():
                call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as fault:
            if not isinstance(fault.__cause__, GAVE_WAY) or time.monotonic() > until:
                raise
            time.sleep(AGAIN_SECONDS)
        else:
            return


def prepare(known: Configuration) -> None:
    """Make schema and rights, and the roles where the owner may."""
    if known.database is None:
        return
    owner, app = known.database.owner, known.database.app
    with psycopg.connect(owner.address, autocommit=True) as connection:
        _make_missing_roles(connection, known.roles)
        _let_login_act(connection, login=app.user or connection.info.user, role=known.roles.app)
        _let_through_gate(connection, known.roles)
        preparation.prepare(connection, roles=known.roles, schema=known.schema)
        preparation.set_search_path(connection, schema=known.schema)
    with psycopg.connect(app.address, autocommit=True) as connection:
        preparation.set_search_path(connection, schema=known.schema)


def _make_missing_roles(connection: psycopg.Connection, roles: preparation.Roles) -> None:
    """On a database of somebody else's, the roles may have been made by its administrator already."""
    found = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname IN (%s, %s)", [roles.app, roles.gate])
    row = found.fetchone()
    if row is None or row[0] < len((roles.app, roles.gate)):
        preparation.create_roles(connection, roles)


def _let_login_act(connection: psycopg.Connection, *, login: str, role: str) -> None:
    """Let a login of another name act as the app, as each transaction does. Raises DatabaseNotThere if we may not."""
    found = connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [login, role]).fetchone()
    if found is not None and found[0]:
        return
    try:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login)))
    except psycopg.errors.InsufficientPrivilege as refused:
        message = f"The login {login} may not act as {role}: let an administrator say GRANT {role} TO {login}."
        raise DatabaseNotThere(message) from refused


def _let_through_gate(connection: psycopg.Connection, roles: preparation.Roles) -> None:
    """Let the app take the gate's role. Raises DatabaseNotThere if that was not done and we may not do it."""
    try:
        preparation.let_through_gate(connection, roles)
    except psycopg.errors.InsufficientPrivilege as refused:
        message = (
            f"The role {roles.app} may not act as {roles.gate}, which reads registers. Let an administrator say "
            f"ALTER ROLE {roles.app} NOINHERIT; GRANT {roles.gate} TO {roles.app};"
        )
        raise DatabaseNotThere(message) from refused
