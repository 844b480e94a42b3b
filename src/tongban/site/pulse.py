"""Whether a process without pages of its own is alive: its parts say so again and again, and a probe may ask."""

import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pulse:
    """Remembers when each part last showed itself, and how long it may be silent (seconds)."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        """Count from now: a part has its limit of time to begin."""
        self._limits = dict(limits)
        self._last = dict.fromkeys(limits, time.monotonic())

    def beat(self, part: str) -> None:
        """Say that a part is at work."""
        self._last[part] = time.monotonic()

    def silent(self) -> list[str]:
        """Return the parts that have been silent for too long."""
        now = time.monotonic()
        return [part for part, limit in self._limits.items() if now - self._last[part] > limit]


def answer_probes(pulse: Pulse, *, address: str, port: int) -> ThreadingHTTPServer:
    """Answer `/healthz` in a thread of its own until the process ends: 200, or 503 naming what is silent."""
    server = ThreadingHTTPServer((address, port), _asked(pulse))
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    return server


def _asked(pulse: Pulse) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        """Knows one address."""

        def do_GET(self) -> None:
            """Answer."""
            silent = pulse.silent()
            status = 404 if self.path != "/healthz" else 503 if silent else 200
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write("".join(f"{part} is silent\n" for part in silent).encode() or b"ok\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
            """Write nothing: a probe comes every few seconds."""

    return Asked
