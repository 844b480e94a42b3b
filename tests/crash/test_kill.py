"""The web process is killed again and again while 200 applications come in: every receipt shown exists exactly once."""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import requests

HERE = Path(__file__).parent
KILLS = 6
PATIENCE_SECONDS = 150
GIVE_UP_SECONDS = 180
"""Six kills in a row keep the supervisor waiting for 18 seconds, and nothing answers in between: 45 s, or 60 on a busy
machine."""
WORKER_SECONDS = 60


class Installation:
    """A `tongban serve` with a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait for its address."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE"))}
        self.environment = kept | {
            "TONGBAN_VAR": str(folder / "var"),
            "CRASH_ANSWER": str(folder / "answer.json"),
            "TONGBAN_LIMITS": "factor=1000",
        }
        self.answer = folder / "answer.json"
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = psutil.Popen(
                [sys.executable, "-m", "tongban", "serve", "--port", "8760"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.address = self._address()

    def _address(self) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            found = re.search(r"answers at (http://127\.0\.0\.1:\d+)/", self.log.read_text())
            if found:
                return found[1]
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def inside(self, script: str) -> Any:
        """Run a script within the installation and return what it wrote."""
        code = f"exec(compile(open({str(HERE / script)!r}).read(), {script!r}, 'exec'))"
        command = [sys.executable, "-m", "tongban", "manage", "shell", "-c", code]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(self.answer.read_text())

    def disagreements(self, *, apart: Collection[str] = ()) -> dict[str, list[str]]:
        """Return what in the whole installation disagrees, once its worker has had time for what was put off.

        `apart` are comparisons that are not asked for: nobody waits until they agree.
        """
        until = time.monotonic() + WORKER_SECONDS
        while (found := self._compared(apart)) and time.monotonic() < until:
            time.sleep(1)
        return found

    def _compared(self, apart: Collection[str]) -> dict[str, list[str]]:
        command = [sys.executable, "-m", "tongban", "compare-books", "--json", "--files", "--grace", "0"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        compared = json.loads(done.stdout)
        assert compared["agrees"] is (done.returncode == 0)
        return {
            one["name"]: one["named"]
            for one in compared["comparisons"]
            if one["disagreements"] and one["name"] not in apart
        }

    def web_processes(self) -> list[psutil.Process]:
        """Return the web process and those it has started."""
        found: list[psutil.Process] = []
        for one in self.process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.cmdline()[1:4] == ["-m", "tongban", "web"]:
                    found += [one, *one.children(recursive=True)]
        return found

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(60)


class Resident:
    """Somebody who submits, and does not give up when the line goes dead."""

    def __init__(self, address: str, who: dict[str, Any]) -> None:
        """Remember who it is; nothing is sent yet."""
        self.address, self.who = address, who
        self.session = requests.Session()
        self.shown: dict[str, str] = {}
        self.tries = 0

    def submit_all(self) -> None:
        """Sign in, then submit every draft until its receipt is shown."""
        self._until_it_works(self._sign_in)
        for draft in self.who["drafts"]:
            self.shown[draft["key"]] = self._until_it_works(lambda draft=draft: self._submit(draft))

    def _until_it_works(self, act: Any) -> Any:
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            self.tries += 1
            with contextlib.suppress(requests.RequestException):
                done = act()
                if done:
                    return done
            time.sleep(0.2)
        raise TimeoutError

    def _cookie(self, name: str) -> str:
        """Return a cookie by its name over plain HTTP; over HTTPS each begins with `__Host-`."""
        return self.session.cookies.get(name) or self.session.cookies.get(f"__Host-{name}") or ""

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self._cookie("csrftoken")}

    def _sign_in(self) -> bool:
        self.session.get(f"{self.address}/sign-in", timeout=20)
        sent = {"name": self.who["username"], "password": self.who["password"], **self._token()}
        self.session.post(f"{self.address}/sign-in", data=sent, timeout=20)
        return bool(self._cookie("sessionid"))

    def _submit(self, draft: dict[str, str]) -> str:
        sent = {"key": draft["key"], "declared": "on", **self._token()}
        address = f"{self.address}/drafts/{draft['id']}/review/"
        answer = self.session.post(address, data=sent, timeout=20, allow_redirects=False)
        found = re.fullmatch(r"/cases/([^/]+)/receipt/", urlsplit(answer.headers.get("Location", "")).path)
        return found[1] if found else ""


def test_every_receipt_that_was_shown_exists_exactly_once(tmp_path: Path) -> None:
    place = Installation(tmp_path)
    try:
        residents = [Resident(place.address, who) for who in place.inside("prepare.py")]
        done = threading.Event()
        killed = 0

        def kill() -> None:
            nonlocal killed
            dice = random.Random(9)  # noqa: S311 - moments, not secrets
            while not done.wait(dice.uniform(1.0, 2.5)) and killed < KILLS:
                victims = place.web_processes()
                for victim in victims:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        victim.kill()
                killed += bool(victims)

        killer = threading.Thread(target=kill)
        killer.start()
        with ThreadPoolExecutor(len(residents)) as all_at_once:
            for outcome in [all_at_once.submit(one.submit_all) for one in residents]:
                outcome.result()
        done.set()
        killer.join()
        books = place.inside("compare.py")
        disagreeing = place.disagreements()
    finally:
        place.stop()
    shown = {key: number for one in residents for key, number in one.shown.items()}
    assert len(shown) == 200
    assert killed > 0, "nothing was killed while they submitted"
    assert books["by_key"] == shown, "a receipt that was shown is missing, or another one stands for its key"
    assert len(set(shown.values())) == 200
    assert disagreeing == {}, "the books of the installation disagree"
    assert books["drafts"] == 0
