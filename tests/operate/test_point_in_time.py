"""What docs/operate/backup.md says of going back to a moment, tried on a PostgreSQL of the test's own."""

import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tongban.base.postgres.place import Place, find_place, give

PATIENCE_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",
    "wal_level": "replica",
    "archive_mode": "on",
    "fsync": "off",
    "shared_buffers": "32MB",
    "log_min_messages": "log",
}
RECOVERY = """
restore_command = 'cp "{archive}/%f" "%p"'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""


class Server:
    """A PostgreSQL on a folder, as the account that the embedded one runs as."""

    def __init__(self, place: Place, data: Path, sockets: Path, archive: Path) -> None:
        """Remember where."""
        self.place, self.data, self.sockets, self.archive = place, data, sockets, archive
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return a program of PostgreSQL with its arguments."""
        return [str(self.place.binaries / "bin" / name), *arguments]

    def run(self, name: str, *arguments: str) -> None:
        """Run a program to its end."""
        done = subprocess.run(self.command(name, *arguments), capture_output=True, text=True, check=False, **self._as())
        assert done.returncode == 0, done.stderr

    def _as(self) -> dict[str, Any]:
        user = self.place.user
        group = None if user is None else pwd.getpwnam(user).pw_gid
        return {"user": user, "group": group, "extra_groups": None if user is None else [], "cwd": "/", "umask": 0o077}

    def start(self) -> None:
        """Start it and wait until it answers and may be written to."""
        archiving = f'test ! -f "{self.archive}/%f" && cp "%p" "{self.archive}/%f"'
        known = SETTINGS | {"unix_socket_directories": str(self.sockets), "archive_command": archiving}
        given = [word for name, value in known.items() for word in ("-c", f"{name}={value}")]
        with (self.sockets / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("postgres", "-D", str(self.data), *given), stdout=log, stderr=log, **self._as()
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with self.connect() as connection:
                    row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                    if row and not row[0]:
                        return
            except psycopg.OperationalError:
                pass
            time.sleep(0.1)
        raise AssertionError((self.sockets / "log").read_text())

    def connect(self) -> psycopg.Connection:
        """Return a connection on which each statement stands by itself."""
        return psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True)

    def stop(self) -> None:
        """End it at once, as a fall of the power would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            time.sleep(0.5)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = find_place(tmp_path, "test")
    yield found
    shutil.rmtree(found.home, ignore_errors=True)


def test_a_mistake_is_undone_by_going_back_to_the_moment_before(place: Place) -> None:
    folders = {name: place.home / name for name in ("sockets", "archive", "base", "again")}
    for name, folder in folders.items():
        if name not in {"base", "again"}:
            folder.mkdir(mode=0o700)
            give(folder, place.user)
    place.home.chmod(0o711)
    give(place.home, place.user)
    server = Server(place, folders["base"], folders["sockets"], folders["archive"])
    server.run("initdb", "-D", str(folders["base"]), "--username=postgres", "--auth=trust", "--no-sync")
    server.start()
    try:
        with server.connect() as city:
            city.execute("CREATE TABLE cases (number int PRIMARY KEY)")
            city.execute("INSERT INTO cases SELECT generate_series(1, 100)")
            again = str(folders["again"])
            server.run(
                "pg_basebackup",
                "-h",
                str(folders["sockets"]),
                "-U",
                "postgres",
                "-D",
                again,
                "--checkpoint=fast",
                "-X",
                "none",
            )
            city.execute("INSERT INTO cases SELECT generate_series(101, 150)")
            row = city.execute("SELECT clock_timestamp()::text").fetchone()
            assert row
            moment = str(row[0])
            time.sleep(0.2)
            city.execute("DELETE FROM cases")
            city.execute("SELECT pg_switch_wal()")
            _until_archived(city)
    finally:
        server.stop()
    with (folders["again"] / "postgresql.auto.conf").open("a") as settings:
        settings.write(RECOVERY.format(archive=folders["archive"], moment=moment))
    (folders["again"] / "recovery.signal").touch()
    give(folders["again"] / "recovery.signal", place.user)
    restored = Server(place, folders["again"], folders["sockets"], folders["archive"])
    restored.start()
    try:
        with restored.connect() as city:
            assert city.execute("SELECT count(*), max(number) FROM cases").fetchone() == (150, 150)
            city.execute("INSERT INTO cases VALUES (151)")
    finally:
        restored.stop()


def _until_archived(city: psycopg.Connection) -> None:
    """Wait until every finished piece of the log is in the archive."""
    until = time.monotonic() + PATIENCE_SECONDS
    row = city.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row
    while time.monotonic() < until:
        done = city.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
        if done and done[0] and done[0][:24] >= _before(str(row[0])):
            return
        time.sleep(0.1)
    raise AssertionError(done)


def _before(name: str) -> str:
    """Return the name of the piece before (16 MB pieces)."""
    number = (int(name[8:16], 16) << 8) + int(name[16:24], 16) - 1
    return f"{name[:8]}{number >> 8:08X}{number & 0xFF:08X}"
