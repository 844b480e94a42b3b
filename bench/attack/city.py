"""A demo city of the attack's own: its folder, its processes, and people's browsers that speak HTTP to it."""

import contextlib
import os
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

RESIDENT, OTHER_RESIDENT, OFFICIAL, WINDOW = "demo-limei", "demo-zhaoting", "demo-shouli", "demo-chuangkou"
START_SECONDS = 900
SECONDS = 40
"""For one answer."""
MOST_STEPS = 5
LONGEST_FAULT = 200
LOOPBACK = "127.0.0.1"
UNLIMITED = "factor=100000"
"""Nine of ten parts must reach the rooms; the limits are a part of their own."""


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

    def tree(self, path: str) -> html.HtmlElement | None:
        """Return the tree of a page, or of that to which it leads; None for what is no page."""
        answer = self.get(path)
        for _step in range(MOST_STEPS):
            if not answer.is_redirect:
                break
            answer = self.get(answer.headers["Location"])
        is_page = answer.status_code == HTTPStatus.OK and "html" in answer.headers.get("Content-Type", "")
        return html.fromstring(answer.content) if is_page and answer.content else None


@dataclass
class City:
    """Where it answers, and where it keeps its things."""

    base: str
    var: Path
    log: Path

    def browser(self, username: str = "") -> Browser:
        """Open a browser, signed in if somebody is named."""
        return Browser(self.base, username)

    def faults(self, since: int = 0) -> list[str]:
        """Return the log's tracebacks' last lines after a place in it: what broke that is ours to mend."""
        with self.log.open(encoding="utf-8", errors="replace") as opened:
            opened.seek(since)
            lines = opened.read().splitlines()
        faults, inside = [], False
        for line in lines:
            if line.startswith("Traceback "):
                inside = True
            elif inside and line and not line.startswith((" ", "\t")):
                faults.append(line[:LONGEST_FAULT])
                inside = False
        return faults

    def log_size(self) -> int:
        """Return how long the log is now."""
        return self.log.stat().st_size

    @contextlib.contextmanager
    def another_web(self, port: int, **changes: str) -> Iterator[str]:
        """Serve the same city once more, under another configuration."""
        environment = os.environ | {"TONGBAN_VAR": str(self.var), "TONGBAN_DEMO": "on", **changes}
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
        var, log = Path(folder) / "var", Path(folder) / "log"
        environment = os.environ | {"TONGBAN_VAR": str(var), "TONGBAN_LIMITS": UNLIMITED, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "tongban", "serve", "--demo", "--port", str(port), "--processes", "2"]
        with log.open("wb") as kept:
            server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=kept, text=True)
            guard = threading.Timer(START_SECONDS, server.kill)
            guard.start()
            try:
                base = _address(server)
                guard.cancel()
                threading.Thread(target=lambda: [None for _ in server.stdout or ()], daemon=True).start()
                yield City(base, var, log)
            finally:
                guard.cancel()
                server.terminate()
                server.wait(timeout=60)


def _address(server: "subprocess.Popen[str]") -> str:
    for line in server.stdout or ():
        found = re.search(r"answers at (http://\S+)/", line)
        if found:
            return found[1]
    sys.exit("attack: the demo city did not start; run `tongban serve --demo` to see why.")
