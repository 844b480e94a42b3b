"""Calls from the bench into the installation: one line of JSON there, one back. No Django on this side."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import processes
from tongban.base.lifeline import end_with_parent


class Inside:
    """One process that has the rooms loaded; `call("drafts.prepare", count=8)` runs `bench.inside.drafts.prepare`."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        """Start it."""
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.inside"],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - nothing else runs while a program is started
            )
        self._log = log

    def call(self, name: str, **arguments: object) -> Any:  # noqa: ANN401 - whatever that function returns
        """Call a function by module and name; raises NotStarted with what went wrong."""
        sent, received = self._process.stdin, self._process.stdout
        if sent is None or received is None:
            raise processes.NotStarted
        try:
            sent.write(json.dumps([name, arguments]) + "\n")
            sent.flush()
            line = received.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            message = f"{name} failed:\n{self._log.read_text(encoding='utf-8')[-4000:]}"
            raise processes.NotStarted(message)
        return json.loads(line)

    def close(self) -> None:
        """End it: it reads until its input ends."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
