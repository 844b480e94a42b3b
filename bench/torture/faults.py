"""The faults: each is done to a running installation and undone again."""

import contextlib
import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import psutil

from bench.installation import Installation
from bench.torture.asking import Witness
from bench.torture.mail import MailServer, Mood

FILES_MEGABYTES, ROUND_MEGABYTES = 32, 4
"""Room for uploads at first, and for what is uploaded in a round, which is half of it: only the fault fills it."""
BALLAST = "ballast"
PIECE = 64 * 1024
WITNESS_AWAY = "witness away"
WITNESS_ROUND_SECONDS = 12.0
"""Longer than the time from one question to the witness to the next."""


def kill(processes: list[psutil.Process]) -> int:
    """Kill without a word; returns how many were there to be killed."""
    killed = 0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
            killed += 1
    return killed


class SmallDisk:
    """The disk for uploads: a small tmpfs where the machine allows one, else a bound on what web may write."""

    def __init__(self, place: Installation, rounds: int) -> None:
        """Mount it over the folder of the files, before anything is in it."""
        self._place = place
        self._folder = place.var / "files"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = f"size={FILES_MEGABYTES + ROUND_MEGABYTES * rounds}m,mode=0700"
        mount = ["mount", "-t", "tmpfs", "-o", size, "tongban-torture", str(self._folder)]
        try:
            done = subprocess.run(mount, check=False, capture_output=True)
        except FileNotFoundError:
            self.mounted = False
        else:
            self.mounted = done.returncode == 0

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Let nothing more be written for as long as this lasts."""
        if self.mounted:
            ballast = self._folder / BALLAST
            try:
                _fill(ballast)
                yield
            finally:
                ballast.unlink(missing_ok=True)
        else:
            with _bounded(self._place.serving()):
                yield

    def close(self) -> None:
        """Unmount it."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self._folder)], check=False)  # noqa: S607 - from the system


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        for size in (PIECE, 512, 1):
            piece = os.urandom(size)
            with contextlib.suppress(OSError):
                while ballast.write(piece):
                    continue


@contextlib.contextmanager
def _bounded(processes: list[psutil.Process]) -> Iterator[None]:
    """Bound the size of any file that these processes write to nothing; a killed one takes its bound with it."""
    nothing, anything = (0, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    for one in processes:
        one.rlimit(psutil.RLIMIT_FSIZE, nothing)
    try:
        yield
    finally:
        for one in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.rlimit(psutil.RLIMIT_FSIZE, anything)


class Faults:
    """All that can go wrong here, by name."""

    def __init__(self, place: Installation, disk: SmallDisk, mail: MailServer, witness: Witness, dice: Random) -> None:
        """Remember what can be harmed."""
        self._place, self._disk, self._mail, self._witness, self._dice = place, disk, mail, witness, dice
        self.kinds: dict[str, Callable[[], None]] = {
            "kill web": lambda: self._kill("web"),
            "kill one web process": self._kill_one,
            "kill worker": lambda: self._kill("worker"),
            "kill PostgreSQL": lambda: self._kill("postgres"),
            "kill everything": self._kill_all,
            "disk full": self._fill_disk,
            "mail hangs": lambda: self._spoil_mail("hangs"),
            "mail refuses": lambda: self._spoil_mail("refuses"),
            "mail drops": lambda: self._spoil_mail("drops"),
            WITNESS_AWAY: self._send_witness_away,
        }

    def one(self, kind: str) -> None:
        """Do one kind of harm and undo what does not undo itself. The supervisor brings back what was killed."""
        self.kinds[kind]()

    def _kill(self, part: str) -> None:
        if not kill(self._place.parts()[part]):
            message = f"nothing of {part} was running"
            raise LookupError(message)

    def _kill_one(self) -> None:
        kill([self._dice.choice(self._place.serving())])

    def _kill_all(self) -> None:
        """The supervisor too; as after a power cut, somebody starts it again."""
        self._place.kill()
        time.sleep(self._dice.uniform(0, 1))
        self._place.start()

    def _fill_disk(self) -> None:
        with self._disk.full():
            time.sleep(self._dice.uniform(2, 4))

    def _spoil_mail(self, mood: Mood) -> None:
        self._mail.mood = mood
        time.sleep(self._dice.uniform(2, 5))
        self._mail.mood = "takes"

    def _send_witness_away(self) -> None:
        self._witness.kill()
        time.sleep(WITNESS_ROUND_SECONDS)
        self._witness.start()
