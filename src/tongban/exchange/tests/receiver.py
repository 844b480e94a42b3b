"""A system that receives changes over real HTTP, and says what a test wants it to say."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Receiver:
    """A system that receives; it says what a test wants it to say."""

    status: int = 200
    confirms: bool = True
    location: str = ""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/changes"

    @property
    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """What it received but for challenges: id and content."""
        read = [(headers["webhook-id"], json.loads(body)) for headers, body in self.received]
        return [(name, told) for name, told in read if told["type"] == "exchange.changes"]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve such a system."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            told = json.loads(body)
            challenge = told["data"].get("challenge", "")
            said = json.dumps({"challenge": challenge if found.confirms else "other"}).encode()
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    found.port = server.server_port
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
