"""What a subcommand needs around it: the database, and Django set up to use it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import django
import psycopg

from tongban.base.postgres.embedded import EmbeddedPostgres
from tongban.base.postgres.errors import DatabaseNotThere
from tongban.site import configuration
from tongban.site.configuration import Configuration

As = Literal["app", "owner", "nobody"]
NOT_THERE = "The embedded PostgreSQL is not running: start `tongban serve` first, or set DATABASE_URL."


def set_up_django(connect_as: As = "app") -> None:
    """Load settings and rooms. `nobody`: without a database, for commands that only read code."""
    os.environ["TONGBAN_AS"] = connect_as
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.site.settings"
    django.setup()


def set_up_rooms(connect_as: As = "app") -> None:
    """Load settings and rooms for work in them; raises DatabaseNotThere when the tables are not of this release."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    set_up_django(connect_as)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        message = "The database is not of this release: run `tongban migrate` first."
        raise DatabaseNotThere(message)


def answers(known: Configuration) -> bool:
    """Whether the database answers."""
    if known.database is None:
        return False
    try:
        psycopg.connect(known.database.app.address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def require_database() -> Configuration:
    """Return the configuration, or raise DatabaseNotThere in one sentence."""
    known = configuration.read(os.environ)
    if not answers(known):
        message = NOT_THERE if known.embedded else "The database of DATABASE_URL does not answer."
        raise DatabaseNotThere(message)
    return known


@contextmanager
def database(*, filling: bool = False) -> Iterator[Configuration]:
    """Give a command the database: the one that runs, else the embedded one for as long as the command runs.

    `filling`: the embedded one is then started with settings for copying a whole city in.
    """
    known = configuration.read(os.environ)
    if not known.embedded or answers(known):
        yield require_database()
        return
    with EmbeddedPostgres(known.var, roles=known.roles, filling=filling):
        yield configuration.read(os.environ)
