"""Tests run on a real PostgreSQL of their own, one for each process that runs tests, thrown away after it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from tests.pristine import Pristine
from tests.quiet_logs import QuietLogs

from tongban.base.postgres.embedded import EmbeddedPostgres
from tongban.base.postgres.login import Login

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST = ("tests/journey/", "tests/crash/", "tests/operate/", "src/tongban/site/tests/test_supervisor.py")
"""Tests that start whole cities and take minutes."""
_started: dict[str, Any] = {}

settings.register_profile("tongban", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("tongban")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL in each process that runs tests, with a folder for files of its own.

    A transaction of one test holds back, in the whole server, what waits for the oldest running one: the ledger's
    sealer. Two workers of xdist on one server would see each other so.
    """
    if config.option.help or config.option.version:
        return
    config.pluginmanager.register(QuietLogs(config), "quiet_logs")
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        messages = [sys.executable, str(ROOT / "tools" / "messages.py"), "compile"]
        subprocess.run(messages, check=True)  # noqa: S603 - our own
    if not is_worker and config.getoption("numprocesses", None):
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
        TONGBAN_EMAIL_URL="",
        TONGBAN_CLAMD="",
        TONGBAN_LIMITS="off",
        TONGBAN_SECOND_FACTOR="off",
        DATABASE_URL=logins.app.address,
        DATABASE_OWNER_URL=logins.owner.address,
        DJANGO_SETTINGS_MODULE="tongban.site.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    import django

    django.setup()


def pytest_unconfigure() -> None:
    """Throw PostgreSQL away."""
    if "server" in _started:
        _started.pop("server").stop()
        shutil.rmtree(_started.pop("var"), ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: one process gets them, with all tests of a city that it has started, the other the rest.

    Left to chance, two processes start the same city, and one ends minutes after the other.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """After the owner has migrated, connect as the app: tests may do what the app may, and no more.

    Behind those with real transactions the owner puts the rows back.
    """
    from django.conf import settings as configured
    from django.db import connection
    from django.test import TransactionTestCase

    owner = dict(connection.settings_dict)
    login = Login(owner["NAME"], owner["USER"], owner["HOST"], str(owner["PORT"]))
    pristine = Pristine(login.address, schema=configured.TONGBAN_SCHEMA)
    connection.close()
    connection.settings_dict["USER"] = configured.TONGBAN_ROLES.app
    connection.settings_dict["OPTIONS"] = {**owner["OPTIONS"], "role": configured.TONGBAN_ROLES.app}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: pristine.restore())
        yield
    pristine.close()
    connection.close()
    connection.settings_dict.update(USER=owner["USER"], OPTIONS=owner["OPTIONS"])


@pytest.fixture(autouse=True)
def language_of_the_city() -> None:
    """Begin each test in the city's own language: a page read in English leaves its thread speaking English."""
    from django.conf import settings as configured
    from django.utils import translation

    translation.activate(configured.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other machines."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            message = f"a test tried to reach {address[0]}"
            raise AssertionError(message)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_here(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


@pytest.fixture
def browser() -> "Iterator[Browser]":
    """Start Chromium for a test, which opens contexts of its own (`browser.new_context(…)`).

    Not once for all: as long as it is driven, an event loop runs in this thread, and other tests cannot start theirs.
    """
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: sh tools/prepare.sh tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), chromium_sandbox=False, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
