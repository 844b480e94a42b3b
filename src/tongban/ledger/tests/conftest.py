"""Handlers that live only as long as a test."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from tongban.ledger import kinds

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def own_handlers(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Only the handlers that the test registers, and no jobs of earlier tests: Django does not empty that table."""
    request.getfixturevalue("_django_db_helper")
    connection.cursor().execute("DELETE FROM procrastinate_jobs")
    monkeypatch.setattr(kinds.HANDLERS, "_entries", {})
    monkeypatch.setattr(kinds, "_HANDLERS_OF_KIND", {})


Run = Callable[..., threading.Thread]


@pytest.fixture
def in_thread() -> Iterator[Run]:
    """Run something in a thread with a database connection of its own; its exceptions fail the test."""
    threads: list[threading.Thread] = []
    faults: list[BaseException] = []

    def run(work: Callable[..., Any], *args: Any) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*args)
            except BaseException as fault:  # noqa: BLE001 - told below
                faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        threads.append(thread)
        thread.start()
        return thread

    yield run
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    assert not faults
