"""Officials who look people up at the gate; and the witness of the ledger, which may be away: nobody waits for it."""

import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from bench import processes
from bench.installation import Installation
from bench.torture.line import Line
from bench.torture.people import OK, Gate, Memory, Person

WITNESS_SECONDS = 30.0
NAME = "torture.witness"


class Asker(Person):
    """Looks people up for open cases, and remembers each look-up that was answered.

    One that is cut off may stand in the log or not: nobody was told anything. It is not asked again under its id.
    """

    def __init__(self, name: str, gate: Gate, memory: Memory, dice: Random) -> None:
        """There is nobody to be asked about yet."""
        super().__init__(name, gate, memory, dice)
        self.calls: deque[tuple[Line, Mapping[str, Any]]] = deque()

    def act(self) -> bool:
        """Look the next one up."""
        if not self.calls:
            return False
        line, call = self.calls[0]
        self.calls.rotate(-1)
        status, told = line.ask("POST", "/exchange/look-ups", json=call["body"])
        if status == OK:
            self.memory.look_ups.append(told["look_up_id"])
            if told["records"] != [call["expected"]]:
                self.memory.strange.append(f"look-up {told['look_up_id']} answered something else than what is so")
        elif told.get("code") == "case_not_open":  # the clerks have done it meanwhile
            self.calls.pop()
        else:
            self.memory.strange.append(f"look-up: {status} {told}")
        return True

    def give(self, calls: Iterable[tuple[Line, Mapping[str, Any]]]) -> None:
        """Have these people looked up from now on."""
        self.calls = deque(calls)


class Witness:
    """`tongban ledger witness` beside the installation, with a folder and a key of its own."""

    def __init__(self, place: Installation) -> None:
        """Nothing runs yet; `place` has been filled."""
        self._place, self._port = place, processes.free_port()
        self._folder, self._log = place.folder / "witness", place.folder / "witness.log"
        self._folder.mkdir(exist_ok=True)
        self._key = self._tongban("ledger", "key")
        self._process: subprocess.Popen[bytes] | None = None

    def _tongban(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "tongban", *arguments]
        done = subprocess.run(command, env=self._place.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise processes.NotStarted(done.stderr[-1500:])
        return done.stdout.strip()

    def start(self) -> str:
        """Start it; returns its key and address, as an installation is told of it."""
        self._log.write_bytes(b"")
        arguments = ["tongban", "ledger", "witness", "--folder", str(self._folder), "--name", NAME]
        arguments += ["--log", self._key, "--listen", f"127.0.0.1:{self._port}"]
        self._process = processes.start(arguments, self._place.environment, self._log)
        return processes.wait_for_words(self._process, Path(self._log), r"(\S+ http://\S+)", WITNESS_SECONDS)

    def kill(self) -> None:
        """Kill it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def close(self) -> None:
        """End it."""
        processes.end(self._process)
