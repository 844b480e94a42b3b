"""`tongban web` in a process of its own, on the database of the tests."""

import contextlib
import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

from tests.operate.place import Place

PATIENCE_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on."""
    with contextlib.closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Web:
    """A web server that can be asked and stopped."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        """Remember them."""
        self.process, self.port = process, port

    def get(self, path: str, seconds: float = 30, **headers: str) -> tuple[int, bytes]:
        """Ask on a connection of its own; returns status and the whole body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        with contextlib.closing(line):
            line.request(
                "GET",
                path,
                headers={"Connection": "close", **{name.replace("_", "-"): value for name, value in headers.items()}},
            )
            answer = line.getresponse()
            return answer.status, answer.read()

    def stop(self) -> None:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def serving(place: Place, *more: str, wait_for: str = "/healthz") -> Iterator[Web]:
    """Start it and wait until it answers."""
    port = free_port()
    log = place.folder / f"log-web-{port}"
    with log.open("wb") as opened:
        web = Web(place.start("web", "--port", str(port), *more, log=opened), port)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if web.get(wait_for)[0] == http.client.OK:
                    break
            assert web.process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield web
    finally:
        web.process.kill()
        web.process.wait()
