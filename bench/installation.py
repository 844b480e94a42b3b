"""An installation under test: a folder, a database and processes of its own, with the settings of production."""

import argparse
import contextlib
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench import processes
from bench.inside.calling import Inside
from tongban.site.commands import demo

START_SECONDS = 120
GONE_SECONDS = 10
WEB_PROCESSES = 2
MOST_PLAYED = 400
PARTS = ("web", "postgres", "worker")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much data the city is filled with."""

    items: int
    cases: int
    open_cases: int


class Installation:
    """`tongban serve` with two web processes and a worker, on loopback."""

    def __init__(self, folder: Path, *, port: int | None = None, **environment: str) -> None:
        """Remember where; nothing is started yet. `folder` may be one that was filled before.

        Without a port it is one that the system names: of two benches at once, neither takes the other's.
        """
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the account of the database has to reach its data
        self.folder = folder
        self.var = folder / "var"
        self.port = processes.free_port() if port is None else port
        self.environment = processes.environment(self.var, **environment)
        self._serve: subprocess.Popen[bytes] | None = None
        self._inside: Inside | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def fill(self, size: Size) -> None:
        """Load the demo city at a size, unless this folder has one. Before the start, or beside it."""
        note, wanted = self.folder / "filled", f"{size}\n"
        if note.exists():
            if note.read_text(encoding="utf-8") != wanted:
                message = f"{self.folder} holds {note.read_text(encoding='utf-8').strip()}: take another folder"
                raise processes.NotStarted(message)
            return
        processes.run(["tongban", "migrate"], self.environment)
        processes.run(["tongban", "demo", "--once", *_filling(size)], self.environment)
        note.write_text(wanted, encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it answers. Raises NotStarted."""
        log = self.folder / "serve.log"
        log.write_bytes(b"")
        arguments = ["tongban", "serve", "--port", str(self.port), "--processes", str(WEB_PROCESSES)]
        self._serve = processes.start(arguments, self.environment, log)
        self.port = int(
            processes.wait_for_words(self._serve, log, r"answers at http://127\.0\.0\.1:(\d+)/", START_SECONDS)
        )

    def stop(self) -> None:
        """End everything that was started."""
        self.renew_inside()
        processes.end(self._serve)
        self._serve = None

    def kill(self) -> None:
        """Kill everything without a word, the supervisor first; `start` takes it up again, as after a power cut."""
        if self._serve is None:
            return
        supervisor = psutil.Process(self._serve.pid)
        everything = [supervisor, *supervisor.children(recursive=True)]
        for one in everything:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self._serve.wait()
        psutil.wait_procs(everything, timeout=GONE_SECONDS)
        self._serve = None

    def kill_worker(self) -> None:
        """Kill the worker without a word; the supervisor starts another."""
        for one in self.parts()["worker"]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()

    def renew_inside(self) -> None:
        """Let the next call from within take a process of its own: the old one's line to the database may be cut."""
        if self._inside is not None:
            self._inside.close()
        self._inside = None

    @property
    def inside(self) -> Inside:
        """Who prepares and compares from within, through the actions of the rooms."""
        if self._inside is None:
            self._inside = Inside(self.environment, self.folder / "inside.log")
        return self._inside

    def logins(self) -> tuple[str, str]:
        """Return the addresses of the database: as owner, as app."""
        owner, app = (self.var / "postgres" / "address").read_text(encoding="utf-8").split()
        return owner, app

    def parts(self) -> dict[str, list[psutil.Process]]:
        """Return the processes by part: web, worker, postgres. The serving ones are those below the first of web."""
        found: dict[str, list[psutil.Process]] = {part: [] for part in PARTS}
        if self._serve is None:
            return found
        for one in psutil.Process(self._serve.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = one.cmdline()
                part = words[3] if words[1:3] == ["-m", "tongban"] else "postgres"
                if part in found:
                    found[part] += [one, *one.children(recursive=True)]
        return found

    def serving(self) -> list[psutil.Process]:
        """Return the processes that answer requests."""
        return [one for one in self.parts()["web"][1:] if _serves(one)]

    def memory_mb(self) -> dict[int, float]:
        """Return what each serving process holds, by number: its own pages, its share of the common ones (PSS)."""
        return {one.pid: one.memory_full_info().pss / MEGABYTE for one in self.serving()}

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time that each part has spent since it began, its ended children included."""
        return {part: sum(spent(one) for one in found) for part, found in self.parts().items()}


def _serves(process: psutil.Process) -> bool:
    """Whether a process below the first of web answers requests: one that was killed may still stand in the table."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return not any("resource_tracker" in word for word in process.cmdline())
    return False


def spent(process: psutil.Process) -> float:
    """Return the processor time of a process and of its children that have ended, in seconds; 0 when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _filling(size: Size) -> list[str]:
    if not _fills_fast():
        return ["--cases", str(min(size.cases, MOST_PLAYED))]
    return ["--items", str(size.items), "--cases", str(size.cases), "--open", str(size.open_cases)]


def _fills_fast() -> bool:
    """Whether this release fills a city of any size by COPY; if not, a small one is played."""
    known = argparse.ArgumentParser()
    demo.add_arguments(known)
    return "--open" in known.format_help()
