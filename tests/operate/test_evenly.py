"""Kept connections do not make one serving process busy while another has time: tried on a real server."""

import contextlib
import http.client
from pathlib import Path

import pytest

from tests.operate.place import present
from tests.operate.web import Web, serving

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = 80
"""Of so many answers one at least ends its connection, but once in ten thousand million times (0.75 to the power 80)."""


def _ended(web: Web) -> int:
    """Ask on a connection that is kept as long as the server keeps it; tell how often it was ended."""
    ended = 0
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)) as line:
        for _asked in range(ASKED):
            line.request("GET", "/healthz")
            answer = line.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
            ended += answer.will_close
    return ended


def test_a_full_process_gives_connections_back_while_another_has_time(tmp_path: Path) -> None:
    place = present(tmp_path)
    place.environment["TONGBAN_WEB_THREADS"] = "1"
    with serving(place, "--processes", "2") as web:
        assert 0 < _ended(web) < ASKED


def test_it_keeps_them_while_it_has_time_itself(tmp_path: Path) -> None:
    place = present(tmp_path)
    with serving(place, "--processes", "2") as web:
        assert _ended(web) == 0
