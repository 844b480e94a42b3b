"""`tongban serve` on a machine where anything may be killed at any moment."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tongban.base.postgres.place import find_place
from tongban.site.commands.serve import STOP_SECONDS
from tongban.site.commands.worker import BEHIND_PAGES

PATIENCE_SECONDS = 90


class Installation:
    """One `tongban serve` with a folder of its own."""

    def __init__(self, var: Path) -> None:
        """Start it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE"))}
        self.var, self.log = var, var.parent / "log"
        with self.log.open("ab") as log:
            self.process = psutil.Popen(
                [sys.executable, "-m", "tongban", "serve", "--port", "8700", "--processes", "1"],
                env=kept | {"TONGBAN_VAR": str(var)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.port = 0

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)

    def told_its_address(self) -> bool:
        """Whether the address has been printed."""
        found = re.search(r"answers at http://127\.0\.0\.1:(\d+)/", self.log.read_text())
        self.port = int(found[1]) if found else 0
        return bool(found)

    def is_ready(self) -> bool:
        """Whether the site answers, with its database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == http.client.OK
            except OSError:
                return False

    def ask(self, path: str) -> tuple[http.client.HTTPResponse, str]:
        """Ask as somebody with a session; returns the answer and what it says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Cookie": "sessionid=somebodys"})
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def part(self, name: str) -> psutil.Process | None:
        """Return the process of a part: web, worker or postgres."""
        for one in self.process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = [Path(word).name for word in one.cmdline()]
                if words[:1] == [name] or words[1:4] == ["-m", "tongban", name]:
                    return one
        return None


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    var = tmp_path / "var"
    var.mkdir()
    yield var
    for note in (var / "postgres" / "elsewhere", var / "postgres" / "sockets"):
        if note.exists():
            shutil.rmtree(note.read_text().strip(), ignore_errors=True)


def test_whatever_is_killed_comes_back_and_all_end_together(folder: Path) -> None:
    site = Installation(folder)
    try:
        site.wait_for(site.told_its_address)
        site.wait_for(site.is_ready)
        _pages_come_before_letters(site)
        for name in ("web", "worker", "postgres"):
            _kill(site, name)
            site.wait_for(site.is_ready)
        _pages_say_kindly_that_the_database_is_away(site)
        _a_database_that_does_not_start_is_tried_again(site)
    finally:
        everybody = site.process.children(recursive=True)
        site.process.kill()
        alive = psutil.wait_procs(everybody, timeout=STOP_SECONDS + 5)[1]
    assert not alive


def _pages_come_before_letters(site: Installation) -> None:
    """Where both want one core, it is the web process's: a page is waited for."""

    def _worker_is_behind() -> bool:
        web, worker = site.part("web"), site.part("worker")
        return web is not None and worker is not None and worker.nice() == web.nice() + BEHIND_PAGES

    site.wait_for(_worker_is_behind)


def _pages_say_kindly_that_the_database_is_away(site: Installation) -> None:
    """Kill PostgreSQL while nobody looks who would start it again."""
    site.wait_for(lambda: _ends_when_told(site.part("worker")))
    server, worker = site.part("postgres"), site.part("worker")
    assert server is not None
    assert worker is not None
    site.process.suspend()
    server.kill()
    site.wait_for(lambda: server.status() == psutil.STATUS_ZOMBIE)  # its parent, who stands still, would bury it
    worker.terminate()
    told_to_end = time.monotonic()
    for path, words in (
        ("/", "马上就好"),
        ("/my/cases", "马上就好"),
        ("/api/v1/items", "database_away"),
        ("/", "马上就好"),
    ):
        began = time.monotonic()
        answer, told = site.ask(path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5"), told
        assert words in told
    assert time.monotonic() - began < 2, "nobody waits long once the database is known to be away"
    assert site.ask("/healthz")[0].status == http.client.OK
    site.wait_for(lambda: worker.status() == psutil.STATUS_ZOMBIE)
    assert time.monotonic() - told_to_end < STOP_SECONDS, "it signs off in the database, but not at any price"
    site.process.resume()
    site.wait_for(site.is_ready)
    assert site.ask("/")[0].status == http.client.OK


def _ends_when_told(process: psutil.Process | None) -> bool:
    """Whether it is so far that it does something of its own when SIGTERM comes; before that the signal kills it."""
    caught = 0
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process.pid if process else 0}/status").read_text()
        caught = int(re.findall(r"^SigCgt:\s*(\w+)$", status, re.MULTILINE)[0], 16)
    return bool(caught & 1 << signal.SIGTERM - 1)


def _a_database_that_does_not_start_is_tried_again(site: Installation) -> None:
    """As on a disk that is full for a while: the installation stays, and comes back by itself."""
    server, needed = site.part("postgres"), find_place(site.var, "run").data / "PG_VERSION"
    assert server is not None
    before = site.log.read_text().count("postgres ended")
    aside = needed.rename(needed.with_name("PG_VERSION.aside"))
    server.kill()
    site.wait_for(lambda: site.log.read_text().count("postgres ended") >= before + 3)
    assert site.ask("/healthz")[0].status == http.client.OK
    aside.rename(needed)
    site.wait_for(site.is_ready)


def _kill(site: Installation, name: str) -> None:
    """Kill a part and wait until there is a new one."""
    killed = site.part(name)
    assert killed is not None, site.log.read_text()
    killed.kill()

    def is_back() -> bool:
        found = site.part(name)
        return found is not None and found.pid != killed.pid

    site.wait_for(is_back)


def test_it_ends_cleanly_when_asked_and_starts_again(folder: Path) -> None:
    for _ in range(2):
        site = Installation(folder)
        site.wait_for(site.told_its_address)
        everybody = site.process.children(recursive=True)
        site.process.terminate()
        assert site.process.wait(timeout=40) == 0
        assert not psutil.wait_procs(everybody, timeout=10)[1]
        assert not (folder / "postgres" / "address").exists()
        site.log.unlink()
