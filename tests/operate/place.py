"""A second place on the server of the tests: an empty database, a folder, and `tongban` run in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from psycopg import sql

from tongban.base.postgres.login import Login
from tongban.site.commands import main

QUIET_SECONDS = 120


class Place:
    """One installation: its folder and its database, with the keys of the tests' own."""

    def __init__(self, folder: Path, database: str) -> None:
        """Say where; nothing is made."""
        self.files = folder / "files"
        self.folder, self.database = folder, database
        keys = ",".join(f"{number}:{key.hex()}" for number, key in settings.TONGBAN_DATA_KEYS.items())
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE"))}
        self.environment = kept | {
            "TONGBAN_VAR": str(folder / "var"),
            "TONGBAN_LIMITS": "factor=1000",
            "TONGBAN_FILES_URL": str(self.files),
            "TONGBAN_DATA_KEYS": keys,
            "TONGBAN_INDEX_KEY": settings.TONGBAN_INDEX_KEYS[1].hex(),
            "TONGBAN_LEDGER_KEY": settings.TONGBAN_LEDGER_KEY.hex(),
            "DATABASE_URL": self._login(settings.TONGBAN_ROLES.app).address,
            "DATABASE_OWNER_URL": self.owner.address,
        }

    @property
    def owner(self) -> Login:
        """Return how the owner gets in."""
        return self._login(settings.TONGBAN_ROLES.owner)

    def _login(self, role: str) -> Login:
        known = connection.settings_dict
        return Login(database=self.database, user=role, host=known["HOST"], port=str(known["PORT"]))

    def start(self, *arguments: str, log: IO[bytes] | int = subprocess.PIPE) -> "subprocess.Popen[str]":
        """Start a subcommand of `tongban`. What goes on for long needs a log: nobody empties its pipe."""
        return subprocess.Popen(
            [sys.executable, "-m", "tongban", *arguments],
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run_here(self, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
        """Run a subcommand in this process, which spares the start of another; returns what it said."""
        backend = "tongban.files.storage.DurableFileSystemStorage"
        storage = {"BACKEND": backend, "OPTIONS": {"location": self.files}}
        environment = {
            **os.environ,
            **dict.fromkeys(("TONGBAN_DATA_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_LEDGER_KEY"), ""),
            **self.environment,
        }
        with (
            mock.patch.dict(os.environ, environment),
            override_settings(STORAGES={**settings.STORAGES, "files": storage}),
        ):
            ended = main(list(arguments))
        said = "".join(capsys.readouterr())
        assert ended == status, said
        return said

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a subcommand to its end; returns what it said."""
        running = self.start(*arguments)
        said = running.communicate(timeout=QUIET_SECONDS)[0]
        assert running.returncode == status, said
        return said


def present(folder: Path) -> Place:
    """Return the place that the tests themselves work in."""
    return Place(folder, connection.settings_dict["NAME"])


@contextmanager
def empty(folder: Path, database: str) -> Iterator[Place]:
    """Give an empty database and folder; the database is taken away at the end."""
    place = Place(folder, database)
    folder.mkdir()
    administrator = Login("postgres", "postgres", place.owner.host, place.owner.port)
    with psycopg.connect(administrator.address, autocommit=True) as server:
        names = {"database": sql.Identifier(database), "owner": sql.Identifier(place.owner.user)}
        server.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner} TEMPLATE template0").format(**names))
        try:
            yield place
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
