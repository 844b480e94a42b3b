"""Stopping cuts nobody off: what has been taken is answered, by the web server and by the worker."""

import http.client
import re
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.operate.place import present
from tests.operate.web import Web, serving

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
AT_ONCE, VISITORS = 6, 24
TOKEN = "of-this-test-only"


def _until(question: str, reader: psycopg.Connection, expected: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        row = reader.execute(question).fetchone()
        if row and row[0] >= expected:
            return
        time.sleep(0.05)
    raise AssertionError(question)


def test_requests_that_take_long_are_answered_after_the_signal(tmp_path: Path) -> None:
    place = present(tmp_path)
    place.environment["TONGBAN_WEB_THREADS"] = str(AT_ONCE)  # one process may be given all of them
    with (
        serving(place, "--processes", "2") as web,
        ThreadPoolExecutor(AT_ONCE) as people,
        psycopg.connect(place.owner.address) as holder,
        psycopg.connect(place.owner.address, autocommit=True) as reader,
    ):
        holder.execute("LOCK TABLE city.catalogue_serviceitem IN ACCESS EXCLUSIVE MODE")
        asked = [people.submit(web.get, "/") for _ in range(AT_ONCE)]
        _until(WAITING, reader, AT_ONCE)
        web.stop()
        time.sleep(1)
        assert web.process.poll() is None
        holder.rollback()
        answers = [one.result() for one in asked]
        assert web.process.wait(20) == 0
    assert [status for status, _body in answers] == [200] * AT_ONCE
    assert all(body.rstrip().endswith(b"</html>") for _status, body in answers)


def test_a_newcomer_is_neither_taken_nor_turned_away_while_the_others_are_answered(tmp_path: Path) -> None:
    """Their system tries again after a second, and meets the next release: so a restart is not seen."""
    place = present(tmp_path)
    with (
        serving(place, "--processes", "2") as web,
        ThreadPoolExecutor(1) as people,
        psycopg.connect(place.owner.address) as holder,
        psycopg.connect(place.owner.address, autocommit=True) as reader,
    ):
        holder.execute("LOCK TABLE city.catalogue_serviceitem IN ACCESS EXCLUSIVE MODE")
        asked = people.submit(web.get, "/")
        _until(WAITING, reader, 1)
        assert [_knock(web) for _each in range(8)] == ["taken"] * 8
        web.stop()
        _until_it_heard(web)
        newcomers = [_knock(web) for _each in range(5)]
        holder.rollback()
        assert asked.result()[0] == 200
        assert web.process.wait(20) == 0
    assert newcomers == ["nothing"] * 5


def _until_it_heard(web: Web) -> None:
    """Knock until the signal has come through: on a busy machine twenty are taken before that."""
    until = time.monotonic() + 30
    while (heard := _knock(web)) != "nothing":
        assert heard == "taken"
        assert time.monotonic() < until


def _knock(web: Web) -> str:
    """Try to connect once, for less time than a system waits before it tries again."""
    try:
        socket.create_connection(("127.0.0.1", web.port), timeout=0.1).close()
    except TimeoutError:
        return "nothing"
    except ConnectionRefusedError:
        return "turned away"
    return "taken"


def _all_processes_count_together(web: Web, visitors: "Visitors") -> None:
    """Any process tells for all: at least what was answered before it was asked."""
    answered = visitors.outcomes["answered"]
    status, told = web.get("/metrics", Authorization=f"Bearer {TOKEN}")
    counted = re.search(rb'tongban_requests_total{method="GET",route="portal:privacy",status="2xx"} ([0-9.]+)', told)
    assert status == 200
    assert counted, told
    assert float(counted[1]) >= answered > 0


class Visitors:
    """People who ask again and again, each time on a new connection, until nobody listens any more."""

    def __init__(self, web: Web) -> None:
        """Begin."""
        self.outcomes: Counter[str] = Counter()
        self._web, self._lock = web, threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(VISITORS)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        outcome = ""
        while outcome != "refused":
            outcome = self._outcome()
            with self._lock:
                self.outcomes[outcome] += 1

    def _outcome(self) -> str:
        try:
            status, body = self._web.get("/privacy")
        except ConnectionRefusedError:
            return "refused"
        except (OSError, http.client.HTTPException) as cut:
            return f"cut: {cut!r}"
        return "answered" if (status, body.rstrip()[-7:]) == (200, b"</html>") else f"wrong: {status}"

    def end(self) -> None:
        """Wait until nobody listens."""
        for thread in self._threads:
            thread.join(30)


def test_under_load_every_request_that_was_taken_is_answered(tmp_path: Path) -> None:
    place = present(tmp_path)
    place.environment["TONGBAN_METRICS_TOKEN"] = TOKEN
    with serving(place, "--processes", "2") as web:
        visitors = Visitors(web)
        time.sleep(1.5)
        _all_processes_count_together(web, visitors)
        web.stop()
        assert web.process.wait(25) == 0
        visitors.end()
    assert visitors.outcomes["answered"] > VISITORS
    assert set(visitors.outcomes) == {"answered", "refused"}, visitors.outcomes
    connection.close()
