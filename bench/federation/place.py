"""An installation with its door, and the programs beside it."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench import processes
from bench.installation import Installation

START_SECONDS = 60


class Place:
    """`tongban serve` and `tongban door` of one installation, on loopback."""

    def __init__(self, folder: Path, member: str, *, city: str) -> None:
        """Remember where and who."""
        self.member = member
        self.installation = Installation(folder, TONGBAN_CITY=city)
        self.port = processes.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._door: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start both."""
        self.installation.start()
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both."""
        self.close()
        self.installation.stop()

    def open(self) -> None:
        """Open the door, and wait until it answers."""
        arguments = ["tongban", "door", "--port", str(self.port)]
        log = self.installation.folder / "door.log"
        self._door = processes.start(arguments, self.installation.environment, log)
        for _ in range(START_SECONDS * 5):
            if curl(f"{self.address}/healthz", "--max-time", "1").status == OK:
                return
            if self._door.poll() is not None:
                break
            threading.Event().wait(0.2)
        message = f"the door never answered:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
        raise processes.NotStarted(message)

    def close(self) -> None:
        """Close the door."""
        processes.end(self._door)
        self._door = None

    def call(self, name: str, **arguments: object) -> Any:  # noqa: ANN401 - whatever that function returns
        """Call something within."""
        return self.installation.inside.call(f"neighbours.{name}", **arguments)

    def tongban(self, *arguments: str, said: str = "") -> str:
        """Run `tongban neighbours …`; return what it says. Raises NotStarted."""
        done = subprocess.run(
            [sys.executable, "-m", "tongban", "neighbours", *arguments],
            env=self.installation.environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"tongban neighbours {' '.join(arguments)}: {done.stderr[-1500:]}"
            raise processes.NotStarted(message)
        return done.stdout.strip()


OK = 200


class Said:
    """What curl was answered."""

    def __init__(self, raw: bytes) -> None:
        """Part head and body; of several heads (100 Continue) the last one counts."""
        head, _, self.body = raw.partition(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100"):
            head, _, self.body = self.body.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.status = int(words[1]) if len(words) > 1 else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}

    @property
    def document(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON; empty when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


def curl(*arguments: str) -> Said:
    """Ask with curl, the client that X-Road's users really use."""
    done = subprocess.run(
        ["curl", "-s", "-i", "--path-as-is", "--noproxy", "*", *arguments],  # noqa: S607 - wherever it lies
        capture_output=True,
        check=False,
    )
    return Said(done.stdout)


class Provider:
    """A REST service that knows X-Road's headers and nothing of us: it echoes, sleeps or swallows what it is sent."""

    def __init__(self) -> None:
        """Listen."""
        self.seen: list[str] = []
        self.adds: tuple[str, str] | None = None
        """A header that it says, too."""
        self.waiting = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Answers by the path."""

            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                outer.seen.append(f"{self.command} {self.path}")
                left, taken = int(self.headers.get("content-length", 0)), 0
                while left > taken and (piece := self.rfile.read(min(65536, left - taken))):
                    taken += len(piece)
                if self.path.startswith("/asleep"):
                    outer.waiting.wait(20)
                    return
                said = {"client": self.headers.get("x-road-client"), "issue": self.headers.get("x-road-issue")}
                told = json.dumps(said | {"path": self.path, "bytes": taken}).encode()
                if self.path.startswith("/large/"):
                    told = b"x" * int(self.path.removeprefix("/large/"))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                if outer.adds is not None:
                    self.send_header(*outer.adds)
                self.end_headers()
                self.wfile.write(told)

            do_GET = do_POST = do_DELETE = _any  # noqa: N815 - the library's names

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        """Stop."""
        self.waiting.set()
        self._server.shutdown()
        self._server.server_close()
