"""Tests run on a real PostgreSQL of their own, started once for a run and thrown away after it."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tongban.base.postgres.embedded import EmbeddedPostgres

_started: dict[str, Any] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL in the first process of the run; workers of xdist inherit its address."""
    if hasattr(config, "workerinput"):
        return
    var = Path(tempfile.mkdtemp(prefix="tongban-var-"))
    server = EmbeddedPostgres(var, purpose="test")
    logins = server.start()
    _started.update(server=server, var=var)
    os.environ.update(
        TONGBAN_VAR=str(var),
        TONGBAN_TESTING="on",
        TONGBAN_AS="owner",
        TONGBAN_ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
        TONGBAN_DEMO="off",
        DATABASE_URL=logins.app.address,
        DATABASE_OWNER_URL=logins.owner.address,
        DJANGO_SETTINGS_MODULE="tongban.site.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    import django

    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw PostgreSQL away."""
    if "server" in _started:
        _started.pop("server").stop()
        shutil.rmtree(_started.pop("var"), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """After the owner has migrated, connect as the app: tests may do what the app may, and no more."""
    from django.conf import settings
    from django.db import connection

    owner = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["USER"] = settings.TONGBAN_ROLES.app
    connection.settings_dict["OPTIONS"] = {**owner["OPTIONS"], "role": settings.TONGBAN_ROLES.app}
    yield
    connection.close()
    connection.settings_dict.update(USER=owner["USER"], OPTIONS=owner["OPTIONS"])


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other machines."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            message = f"a test tried to reach {address[0]}"
            raise AssertionError(message)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_here(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
