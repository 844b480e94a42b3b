"""Who listens on this machine: a place that the operator allows and that answers badly, and one never to be spoken to."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

DRIP_SECONDS = 60
LARGE = 64 * 1024 * 1024


@dataclass
class Listener:
    """What came, and what is said to it."""

    seen: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    forbidden: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def say(self, to: BaseHTTPRequestHandler) -> None:
        """Answer by the path."""
        self.seen.append(f"{to.command} {to.path}")
        self.bodies.append(to.rfile.read(int(to.headers.get("content-length") or 0)))
        way = urlsplit(to.path).path.strip("/").partition("/")[0]
        self._ways().get(way, self._good)(to)

    def _ways(self) -> dict[str, Callable[[BaseHTTPRequestHandler], None]]:
        return {
            "redirect": lambda to: _answer(to, b"", {"Location": self.forbidden + "/stolen"}, status=302),
            "moved": lambda to: _answer(to, b"", {"Location": self.forbidden + "/stolen"}, status=308),
            "refresh": lambda to: _answer(to, b"{}", {"Refresh": f"0;url={self.forbidden}/stolen"}),
            "deep": lambda to: _answer(to, b"[" * 200_000),
            "nan": lambda to: _answer(to, b'{"name": NaN}'),
            "nul": lambda to: _answer(to, b'{"name": "a\\u0000b", "amount": 1, "any": {"\\u0000": 1}, "day": "2026-01-01"}'),
            "half": lambda to: _answer(to, b'{"name": "\\ud800", "amount": 1, "any": "\\ud800", "day": "2026-01-01"}'),
            "huge": lambda to: _answer(to, b'{"name": "x", "amount": ' + b"9" * 5000 + b', "any": 1, "day": "9999-12-31"}'),
            "script": lambda to: _answer(to, json.dumps({"<b data-probe=1>": 1, "name": "</script><b data-probe=1>"}).encode()),
            "large": lambda to: _answer(to, b"x" * LARGE),
            "packed": lambda to: _answer(to, b"\x1f\x8b\x08" + b"\0" * 500, {"Content-Encoding": "gzip"}),
            "liar": lambda to: _answer(to, b"{}", length=LARGE),
            "many": lambda to: _answer(to, b"{}", {f"X-{number}": "x" * 200 for number in range(400)}),
            "empty": lambda to: _answer(to, b""),
            "odd": lambda to: _answer(to, b"{}", status=799),
            "drip": self._drip,
            "cut": lambda to: _plain(to, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
            "junk": lambda to: _plain(to, b"\xff\xfe\r\n\r\n" * 100),
        }  # fmt: skip

    def _good(self, to: BaseHTTPRequestHandler) -> None:
        _answer(to, b'{"name": "x", "amount": 1, "any": {}, "day": "2026-01-01"}')

    def _drip(self, to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        until = time.monotonic() + DRIP_SECONDS
        while time.monotonic() < until and not self.over.wait(0.5):
            to.wfile.write(b" ")
            to.wfile.flush()


def _answer(
    to: BaseHTTPRequestHandler,
    body: bytes,
    more: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    length: int | None = None,
) -> None:
    to.send_response(status)
    for name, value in {"Content-Type": "application/json", **(more or {})}.items():
        to.send_header(name, value)
    to.send_header("Content-Length", str(len(body) if length is None else length))
    to.end_headers()
    to.wfile.write(body)


def _plain(to: BaseHTTPRequestHandler, said: bytes) -> None:
    to.wfile.write(said)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a line that was cut: that is what is wanted of whoever asked."""


@contextmanager
def listening(origin: str, forbidden: str) -> Iterator[tuple[Listener, Listener]]:
    """Listen at both; the second counts whatever is sent there, HTTP or not."""
    allowed, never = Listener(forbidden=forbidden), Listener()
    servers: list[socketserver.TCPServer] = [
        _Server(("127.0.0.1", urlsplit(origin).port or 0), _handler(allowed)),
        _Server(("127.0.0.1", urlsplit(forbidden).port or 0), _counter(never)),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield allowed, never
    finally:
        allowed.over.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers by the path."""

        def _any(self) -> None:
            listener.say(self)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - the library's names

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler


def _counter(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Counts a line as soon as it is there, whatever is said on it."""

        def setup(self) -> None:
            listener.seen.append("somebody came")
            super().setup()

        def do_GET(self) -> None:
            listener.seen.append(self.path)
            _answer(self, b"{}")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler
