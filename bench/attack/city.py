"""A demo city of the attack's own: its folder, its processes, and people's browsers that speak HTTP to it."""

import contextlib
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

from bench import processes
from bench.attack.people import Player
from bench.inside.calling import Inside

START_SECONDS = 900
SECONDS = 40
"""For one answer."""
MOST_STEPS = 5
ENDING = ("/sign-out", "/demo/sign-in", "/metrics", "/healthz", "/readyz", "/language", "/type")
"""Not pages, or such as end the session."""
LONGEST_FAULT = 200
LOOPBACK = "127.0.0.1"
UNLIMITED = "factor=100000"
"""All parts but one must reach the rooms; the limits are a part of their own."""
ALLOWED_ABOVE, FORBIDDEN_ABOVE = 50, 51
"""Ports above the city's: where sources and receivers may be (the operator of this city has said so), and where not."""
_ERROR = re.compile(r" level=(?:error|critical) ")


class NotOurs(Exception):  # noqa: N818 - what was about to happen
    """An address beyond this machine: the attack never leaves it."""


@dataclass
class Browser:
    """Somebody's browser: cookies, and the CSRF token of the last page."""

    base: str
    username: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        if self.username:
            self.sign_in()

    def sign_in(self) -> None:
        """Sign in as one of the invented people."""
        self.get("/sign-in")
        answer = self.post("/demo/sign-in", {"username": self.username, "next": "/about"})
        if answer.status_code != HTTPStatus.FOUND:
            message = f"{self.username} cannot sign in: {answer.status_code}"
            raise RuntimeError(message)

    @property
    def token(self) -> str:
        """The CSRF token."""
        return self.session.cookies.get("csrftoken") or ""

    def address(self, path: str) -> str:
        """Return the whole address; raises NotOurs."""
        whole = urljoin(f"{self.base}/", path)
        if urlsplit(whole).netloc != urlsplit(self.base).netloc:
            raise NotOurs(whole)
        return whole

    def get(self, path: str, **more: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
        """Open a page; redirects are not followed."""
        return self.session.get(self.address(path), timeout=SECONDS, allow_redirects=False, **more)

    def post(
        self,
        path: str,
        data: Any = None,  # noqa: ANN401 - as above
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - as above
    ) -> requests.Response:
        """Post with the token; redirects are not followed."""
        sent = {"X-CSRFToken": self.token, "Referer": self.base + "/", **(headers or {})}
        address = self.address(path)
        return self.session.post(address, data=data, headers=sent, timeout=SECONDS, allow_redirects=False, **more)

    def opened(self, path: str) -> tuple[requests.Response, html.HtmlElement | None]:
        """Return the answer of a page, or of that to which it leads, and its tree; None for what is no page."""
        answer = self.get(path)
        for _step in range(MOST_STEPS):
            if not answer.is_redirect:
                break
            answer = self.get(answer.headers["Location"])
        is_page = answer.status_code == HTTPStatus.OK and "html" in answer.headers.get("Content-Type", "")
        return answer, html.fromstring(answer.content) if is_page and answer.content else None


@dataclass
class City:
    """Where it answers, and where it keeps its things."""

    base: str
    var: Path
    log: Path
    environment: Mapping[str, str]
    inside: Inside

    @property
    def port(self) -> int:
        """The port of its pages."""
        return int(self.base.rsplit(":", 1)[1])

    @property
    def allowed(self) -> str:
        """The one origin at which outside sources and receivers of changes may be."""
        return f"http://{LOOPBACK}:{self.port + ALLOWED_ABOVE}"

    @property
    def forbidden(self) -> str:
        """An origin at which somebody listens, and to which this city must never speak."""
        return f"http://{LOOPBACK}:{self.port + FORBIDDEN_ABOVE}"

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Every page of the house (`bench.inside.addresses`)."""
        return list(self.inside.call("addresses.all_of_them"))

    def plain_pages(self) -> tuple[str, ...]:
        """Return the addresses of pages that need no argument: everybody begins at each of them."""
        return tuple(one["path"] for one in self.pages if one["plain"] and not one["path"].startswith(ENDING))

    def begin(self, player: Player) -> tuple[str, ...]:
        """Return where somebody begins to walk."""
        return tuple(dict.fromkeys((*player.begin, *self.plain_pages())))

    def browser(self, username: str = "") -> Browser:
        """Open a browser, signed in if somebody is named."""
        return Browser(self.base, username)

    def faults(self, since: int = 0, log: Path | None = None) -> list[str]:
        """Return what broke in the log after a place in it: errors that the house has told, and raw tracebacks.

        Of an error the lines after its frames say what led to it and, the last of them, what it was (`base.logging`).
        """
        with (log or self.log).open(encoding="utf-8", errors="replace") as opened:
            opened.seek(since)
            lines = opened.read().splitlines()
        faults: list[str] = []
        inside = False
        for line in lines:
            if _ERROR.search(line) or line.startswith("Traceback "):
                inside = True
                faults.append(line[:LONGEST_FAULT])
            elif inside and line.startswith("time="):
                inside = False
            elif inside and line and not line.startswith((" ", "\t")):
                faults[-1] = line[:LONGEST_FAULT]
        return faults

    def log_size(self) -> int:
        """Return how long the log is now."""
        return self.log.stat().st_size

    @contextlib.contextmanager
    def another_web(self, port: int, **changes: str) -> Iterator[str]:
        """Serve the same city once more, under another configuration."""
        environment = {**self.environment, **changes}
        command = [sys.executable, "-m", "tongban", "web", "--port", str(port), "--processes", "2"]
        with self.log.open("ab") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        base = f"http://{LOOPBACK}:{port}"
        try:
            _wait(base, server)
            yield base
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(base: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{base}/healthz", timeout=2).ok:
                return
        time.sleep(0.3)
    message = f"nothing answers at {base}"
    raise RuntimeError(message)


@contextlib.contextmanager
def started(port: int) -> Iterator[City]:
    """Run a demo city with a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="tongban-attack-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the account of the database has to reach its data
        var, log = Path(folder) / "var", Path(folder) / "log"
        allowed = f"http://{LOOPBACK}:{port + ALLOWED_ABOVE}"
        places = {"TONGBAN_SOURCES": f"{allowed},file://{folder}/drops", "TONGBAN_WEBHOOKS": allowed}
        environment = processes.environment(var, TONGBAN_LIMITS=UNLIMITED, **places)
        command = [sys.executable, "-m", "tongban", "serve", "--demo", "--port", str(port), "--processes", "2"]
        with log.open("wb") as kept:
            server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=kept, text=True)
            guard = threading.Timer(START_SECONDS, server.kill)
            guard.start()
            try:
                base = _address(server, port)
                guard.cancel()
                threading.Thread(target=lambda: [None for _ in server.stdout or ()], daemon=True).start()
                with contextlib.closing(Inside(environment, Path(folder) / "inside.log")) as inside:
                    yield City(base, var, log, environment, inside)
            finally:
                guard.cancel()
                server.terminate()
                server.wait(timeout=60)


def _address(server: "subprocess.Popen[str]", port: int) -> str:
    for line in server.stdout or ():
        found = re.search(r"answers at (http://\S+)/", line)
        if found and found[1].endswith(f":{port}"):
            return found[1]
        if found:
            sys.exit(f"attack: port {port} is taken; choose another with --port.")
    sys.exit("attack: the demo city did not start; run `tongban serve --demo` to see why.")
