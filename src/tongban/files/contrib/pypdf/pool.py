"""Keeps processes that read PDF documents: begun when needed, kept while idle, killed when they take too long."""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from tongban.files.errors import Damaged, Locked

SECONDS = 15.0
"""For one document; ordinary ones take some milliseconds."""
KEPT = 2
"""Idle processes kept (about 30 MB each)."""
_CHILD = str(Path(__file__).with_name("child.py"))


class _Reader:
    """One process."""

    def __init__(self) -> None:
        environment = {"PATH": os.environ.get("PATH", "")}
        self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell
            [sys.executable, "-I", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def ask(self, content: bytes, seconds: float) -> dict[str, object]:
        """Return the answer; raises TimeoutError or OSError when there is none."""
        guard = threading.Timer(seconds, self._process.kill)
        guard.start()
        try:
            return self._talk(content)
        finally:
            guard.cancel()

    def _talk(self, content: bytes) -> dict[str, object]:
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise TimeoutError
        asked.write(len(content).to_bytes(8, "big"))
        asked.write(content)
        asked.flush()
        line = answered.readline()
        if not line:
            raise TimeoutError
        answer: dict[str, object] = json.loads(line)
        return answer

    def end(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class PdfReaders:
    """All reading processes of this process."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Begin none; `seconds` bounds one document."""
        self._seconds = seconds
        self._idle: list[_Reader] = []
        self._lock = threading.Lock()
        atexit.register(self.end)

    def pages(self, content: bytes) -> int:
        """Return the number of pages; raises Damaged (also for what takes too long) and Locked."""
        answer = self._ask(content)
        pages = answer.get("pages")
        if isinstance(pages, int):
            return pages
        if answer.get("refused") == "locked":
            raise Locked
        raise Damaged(reason=str(answer.get("why", "")))

    def _ask(self, content: bytes) -> dict[str, object]:
        reader = self._take()
        try:
            answer = reader.ask(content, self._seconds)
        except (OSError, ValueError) as silent:
            reader.end()
            raise Damaged(reason="no answer in time") from silent
        self._give_back(reader)
        return answer

    def _take(self) -> _Reader:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Reader()

    def _give_back(self, reader: _Reader) -> None:
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append(reader)
                return
        reader.end()

    def end(self) -> None:
        """End all idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.end()
