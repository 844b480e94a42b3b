"""pg_dump and pg_restore: those of the server's own release where the machine has them, else the embedded ones."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongban.base.postgres.login import Login
from tongban.base.postgres.place import packaged_programs
from tongban.site.backup.manifest import Unfit

KNOWS_TIMEOUT = 17


@dataclass(frozen=True, slots=True)
class Program:
    """A program and the major release of PostgreSQL that it belongs to."""

    path: Path
    major: int


def find(name: str, *, server: int, at_least: int = 0) -> Program:
    """Return the program of the nearest release that is not older than the server (and `at_least`). Raises Unfit.

    Programs from 17 on say `SET transaction_timeout`, which servers before 17 do not know: a restore would fail.
    """
    fitting = [program for program in _known(name) if program.major >= max(server, at_least)]
    fitting = [program for program in fitting if server >= KNOWS_TIMEOUT or program.major < KNOWS_TIMEOUT]
    if not fitting:
        message = f"No {name} fits PostgreSQL {server}: install its client programs (postgresql-client-{server})."
        raise Unfit(message)
    return min(fitting, key=lambda program: program.major)


def _known(name: str) -> Iterator[Program]:
    on_path = shutil.which(name)
    places = [packaged_programs() / "bin" / name, *Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    for path in (*places, *([Path(on_path)] if on_path else [])):
        if path.exists():
            told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
            version = re.search(r"\) (\d+)", told.stdout)
            if version:
                yield Program(path, int(version[1]))


def start(program: Program, login: Login, *arguments: str) -> subprocess.Popen[str]:
    """Start it on a database; the password travels by environment, where no other account sees it."""
    open_address = Login(login.database, login.user, login.host, login.port, options=login.options).address
    environment = {
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        **({"PGPASSWORD": login.password} if login.password else {}),
    }
    return subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, no shell
        [str(program.path), f"--dbname={open_address}", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(running: subprocess.Popen[str], what: str) -> None:
    """Wait for its end; raises Unfit with the end of what it complained of."""
    complaint = running.communicate()[1]
    if running.returncode:
        told = "\n".join(complaint.strip().splitlines()[-5:])
        message = f"{what} failed:\n{told}"
        raise Unfit(message)
