"""A REST service as source: real HTTP on loopback, well, half dead, too large, telling more, leading elsewhere."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from tests.standing import nothing_changes

from tongban.exchange import errors
from tongban.exchange.models import LookUpAnswer, SourceWatch
from tongban.exchange.rules.outside import paths
from tongban.exchange.tests.outside import Outside, begin_anew, listening
from tongban.ledger.models import Event

RECORD = {
    "car": {"plates": ["云A·12345"], "registered": "2019-05-01"},
    "price": 12800050,
    "seats": 5,
    "own": True,
}
FIELDS = {
    "plate": "car.plates[0]", "first_day": "$.car['registered']", "price": "price", "seats": "seats", "is_private": "own",
}  # fmt: skip


@dataclass
class Service:
    """A service that answers what a test puts into it, and remembers what it was asked."""

    answer: Any = field(default_factory=lambda: {"data": {"items": [RECORD]}})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return how it is declared."""
        return {
            "url": f"http://127.0.0.1:{self.port}/cars?owner={{number}}&of={{identity_kind}}",
            "header": "X-Key",
            "records": "data.items",
            "fields": FIELDS,
            **changes,
        }


@contextmanager
def serving(service: Service) -> Iterator[int]:
    """Serve it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.asked.append((self.command, self.path, headers, body))
            said = service.answer if isinstance(service.answer, bytes) else json.dumps(service.answer).encode()
            self.send_response(service.status)
            for name, value in {"Content-Length": str(len(said)), **service.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """Return a service at a place that the operator allows."""
    found = Service()
    with serving(found) as port:
        found.port = port
        settings.TONGBAN_SOURCES = frozenset({f"http://127.0.0.1:{port}"})
        yield found


def test_what_is_asked_and_what_is_read(outside: Outside, service: Service) -> None:
    outside.declare("rest", service.settings(), header="a secret")
    assert outside.ask().records == (
        {"plate": "云A·12345", "first_day": "2019-05-01", "price": 12800050, "seats": 5, "is_private": True},
    )
    method, path, headers, body = service.asked[-1]
    number = outside.town.about().number
    assert (method, path, body) == ("GET", f"/cars?owner={number}&of=resident_identity_card", b"")
    assert headers["x-key"] == "a secret"
    assert headers["host"] == f"127.0.0.1:{service.port}"


def test_a_number_in_a_body_is_in_no_address(outside: Outside, service: Service) -> None:
    body = {"who": {"number": "{number}", "day": "{valid_on}"}, "fields": ["{fields}"], "n": 1}
    outside.declare("rest", service.settings(url=f"http://127.0.0.1:{service.port}/cars", method="POST", body=body))
    outside.ask("seats", "price")
    method, path, headers, sent = service.asked[-1]
    number = outside.town.about().number
    assert (method, path, headers["content-type"]) == ("POST", "/cars", "application/json")
    assert json.loads(sent) == {"who": {"number": number, "day": "2026-03-02"}, "fields": ["seats,price"], "n": 1}


def test_numbers_that_it_uses_as_names_are_told_to_nobody(outside: Outside, service: Service) -> None:
    service.answer = {"data": {"items": [{**RECORD, "110101199003071911\0": 1, "half \ud83d": 2}]}}
    outside.declare("rest", service.settings())
    assert outside.ask("seats").values == {"seats": 5}
    assert LookUpAnswer.objects.get().cut == ["#", "half "]
    assert Event.objects.get(kind="exchange.source_answered_more").data["fields"] == ["#", "half "]
    assert outside.tried().inspected.added == ["#", "half "]


def test_what_it_adds_is_cut_and_recorded_unless_it_is_known(outside: Outside, service: Service) -> None:
    service.answer = {"data": {"items": [{**RECORD, "religion": "不该给的", "etag": 7}]}}
    outside.declare("rest", service.settings(known_extras=["etag"]))
    answer = outside.ask("seats")
    assert answer.records == ({"seats": 5},)
    assert LookUpAnswer.objects.get().cut == ["religion"]
    assert Event.objects.get(kind="exchange.source_answered_more").data["fields"] == ["religion"]
    assert outside.tried().inspected.added == ["religion"]


def test_nothing_found_is_an_answer(outside: Outside, service: Service) -> None:
    outside.declare("rest", service.settings())
    for status, answer in ((404, {}), (200, {"data": {"items": []}}), (200, {"data": {"items": None}})):
        service.status, service.answer = status, answer
        assert outside.ask("seats").records == ()
    assert outside.tried().why == "nothing_found"


@pytest.mark.parametrize(
    ("answer", "why", "about"),
    [
        (b"<html>", "not_json", ""),
        (b'{"data": NaN}', "not_json", ""),
        (b'{"data": {"items": ' + b"[" * 100_000, "not_json", ""),
        ("云".encode("gbk"), "not_json", ""),
        ({"error": "no"}, "no_records", "data.items"),
        ({"data": {"items": ["text"]}}, "not_a_record", ""),
        ({"data": {"items": [{**RECORD, "seats": "5"}]}}, "unfit", "seats: not_a_number"),
        ({"data": {"items": [{**RECORD, "seats": 5.5}]}}, "unfit", "seats: not_a_whole_number"),
        ({"data": {"items": [{**RECORD, "seats": True}]}}, "unfit", "seats: not_a_number"),
        ({"data": {"items": [{**RECORD, "own": "yes"}]}}, "unfit", "is_private: not_yes_or_no"),
        ({"data": {"items": [{**RECORD, "car": {"plates": [12345], "registered": "2019-02-30"}}]}}, "unfit", "plate: not_a_text; first_day: not_a_day"),
        ({"data": {"items": [{**RECORD, "car": {}}]}}, "unfit", "plate: not_there; first_day: not_there"),
        ({"data": {"items": [{**RECORD, "car": {"plates": ["x" * 11], "registered": None}}]}}, "unfit", "plate: longer_than_declared"),
        ({"data": {"items": [{**RECORD, "car": {"plates": ["云\ud83d"], "registered": None}}]}}, "unfit", "plate: broken_text"),
        ({"data": {"items": [RECORD] * 101}}, "too_many", ""),
    ],
)  # fmt: skip
def test_answers_that_do_not_fit_are_void(
    outside: Outside, service: Service, answer: Any, why: str, about: str
) -> None:
    service.answer = answer
    outside.declare("rest", service.settings())
    trial = outside.tried()
    assert (trial.why, trial.about) == (why, about)
    with pytest.raises(errors.SourceUnavailable) as caught:
        outside.ask()
    assert caught.value.details["why"] == why
    assert not any(str(value) in str(trial) for value in ("云A·12345", 12800050))


@pytest.mark.parametrize("begins", [b"", b'{"data": '])
def test_a_text_that_never_ends_is_read_once(begins: bytes) -> None:
    """Looked at anew from each quotation mark, a megabyte of them would hold the whole process for half an hour."""
    began = time.process_time()
    assert not paths.is_deeper_than(begins + b'\\"' * 500_000, 64)
    assert not paths.is_deeper_than(begins + b'"' + b"\\" * 1_000_001, 64)
    assert paths.is_deeper_than(b'"\\"[[["' + b"[" * 65, 64)
    assert not paths.is_deeper_than(b'"' + b"[" * 65 + b'"', 64)
    assert time.process_time() - began < 5


def test_what_may_lack_may_lack(outside: Outside, service: Service) -> None:
    service.answer = {"data": {"items": [{"car": {"plates": ["云A"], "registered": "20190501"}}]}}
    outside.declare("rest", service.settings(may_lack=["price", "seats", "is_private"]))
    assert outside.ask().values == {
        "plate": "云A", "first_day": "2019-05-01", "price": None, "seats": None, "is_private": None,
    }  # fmt: skip


def test_redirections_are_not_followed(outside: Outside, service: Service) -> None:
    with serving(Service()) as elsewhere:
        service.status, service.headers = 302, {"Location": f"http://127.0.0.1:{elsewhere}/secret"}
        outside.declare("rest", service.settings(), header="a secret")
        assert (outside.tried().why, outside.tried().about) == ("status", "302")


def test_an_answer_that_is_too_large_is_not_taken(outside: Outside, service: Service) -> None:
    service.answer = {"data": {"items": [RECORD]}, "more": "x" * 20_000}
    outside.declare("rest", service.settings(largest=10_000))
    assert outside.tried().why == "too_large"


def dribble(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        line.sendall(b"a")
        time.sleep(0.05)


def silent(line: socket.socket) -> None:
    line.recv(4096)
    time.sleep(20)


def endless(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"[" * 65536)


@pytest.mark.parametrize(("talk", "why"), [(silent, "deadline"), (dribble, "deadline"), (endless, "too_large")])
def test_a_service_that_is_half_dead_is_cut_off(
    outside: Outside, service: Service, settings: Any, talk: Callable[[socket.socket], None], why: str
) -> None:
    with listening(talk) as port:
        settings.TONGBAN_SOURCES |= {f"http://127.0.0.1:{port}"}
        outside.declare("rest", service.settings(url=f"http://127.0.0.1:{port}/{{number}}", seconds=1))
        began = time.monotonic()
        assert outside.tried().why == why
        assert time.monotonic() - began < 3


def test_it_is_left_alone_and_comes_back_and_both_are_said(outside: Outside, service: Service) -> None:
    outside.declare("rest", service.settings())
    service.status = 500
    for _time in range(6):
        with pytest.raises(errors.SourceUnavailable):
            outside.ask("seats")
    assert len(service.asked) == 5
    assert SourceWatch.objects.get().state == "failing"
    service.status = 200
    begin_anew()  # in place of ten seconds of rest
    assert outside.ask("seats").values == {"seats": 5}
    watch = SourceWatch.objects.get()
    assert (watch.state, watch.failing_since, watch.resting_until) == ("well", None, None)
    kinds = Event.objects.filter(kind__startswith="exchange.source_").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["exchange.source_declared", "exchange.source_went_away", "exchange.source_came_back"]


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://10.0.0.1/{number}"},
        {"url": "http://{number}.evil.example/"},
        {"url": "http://127.0.0.1:{port}@evil.example/{number}"},
        {"url": "http://user@127.0.0.1:{port}/{number}"},
        {"url": "http://127.0.0.1:{port}/a/../b/{number}"},
        {"url": "http://127.0.0.1:{port}/{password}/{number}"},
        {"url": "http://127.0.0.1:{port}/cars"},
        {"url": "file:///etc/passwd?{number}"},
        {"url": "http://127.0.0.1:{port}/{number} HTTP/1.1"},
        {"url": "http://127.0.0.1:99999/{number}"},
        {"header": "Host"},
        {"header": "X-Key\r\nX-Other"},
        {"body": {"number": "{number}"}},
        {"records": "data..items"},
        {"fields": {"plate": "car.*"}},
        {"fields": {"unheard_of": "car"}},
        {"fields": {}},
        {"zone": "Mars/Olympus"},
        {"yuan": ["plate"]},
        {"evil": 1},
        {"seconds": 600},
    ],
)
def test_declarations_that_lead_elsewhere_or_nowhere_are_refused(
    outside: Outside, service: Service, changes: dict[str, Any]
) -> None:
    if "url" in changes:
        changes = {"url": changes["url"].replace("{port}", str(service.port))}
    with nothing_changes(), pytest.raises(errors.NotComplete):
        outside.declare("rest", service.settings(**changes))
    assert service.asked == []


def test_a_trial_needs_a_test_subject(outside: Outside, service: Service) -> None:
    for number in ("", "110101199003071912"):
        with nothing_changes(), pytest.raises(errors.NotComplete) as caught:
            outside.declare("rest", service.settings(), trial_number=number)
        assert "trial_number" in caught.value.fields
