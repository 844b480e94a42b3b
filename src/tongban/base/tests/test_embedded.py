"""The embedded PostgreSQL: private, and up again after whatever happened."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tongban.base.postgres import embedded
from tongban.base.postgres.embedded import EmbeddedPostgres, read_address
from tongban.base.postgres.errors import AlreadyRunning
from tongban.base.postgres.login import Login


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that is closed to others, as pytest's are: root's server has to live elsewhere then."""
    yield tmp_path / "var"
    for note in (tmp_path / "var" / "postgres" / "elsewhere", tmp_path / "var" / "postgres" / "sockets"):
        if note.exists():
            shutil.rmtree(note.read_text().strip(), ignore_errors=True)


@pytest.fixture
def server(var: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(var) as started:
        yield started


def _ask(login: Login, question: str) -> object:
    with psycopg.connect(login.address) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def _wait_until_it_answers(login: Login) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(login.address).close()
        time.sleep(0.05)
    pytest.fail("it does not answer")


def test_it_lives_in_a_folder_that_only_we_can_enter(server: EmbeddedPostgres, var: Path) -> None:
    assert _ask(server.logins().app, "SELECT current_user") == "tongban_app"
    assert read_address(var) == server.logins()
    assert _ask(server.logins().app, "SHOW listen_addresses") == ""
    assert Path(server.logins().app.host).stat().st_mode & 0o077 == 0


def test_it_does_not_run_as_root(server: EmbeddedPostgres) -> None:
    assert server._server is not None
    assert psutil.Process(server._server.pid).uids().effective != 0


def test_another_cannot_start_on_the_same_data(server: EmbeddedPostgres, var: Path) -> None:
    with pytest.raises(AlreadyRunning, match="in use"):
        EmbeddedPostgres(var).start()
    assert _ask(server.logins().app, "SELECT 1") == 1


def test_what_was_committed_is_there_after_it_was_killed(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.logins().owner.address) as connection:
        connection.execute("CREATE SCHEMA kept")
        connection.execute("CREATE TABLE kept.receipt (number int)")
        connection.execute("INSERT INTO kept.receipt VALUES (7)")
    before = server.logins()
    server.server.send_signal(signal.SIGKILL)
    server.server.wait()
    assert server.launch_again().poll() is None
    _wait_until_it_answers(before.owner)
    assert server.logins() == before
    assert _ask(before.owner, "SELECT number FROM kept.receipt") == 7


def test_one_that_still_recovers_is_let_be(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the middle of it, it would begin again at each try, and never come up."""
    with EmbeddedPostgres(var) as server:
        assert server._place is not None
        data = server._place.data
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 3; false'\n")  # asked for several files, one after the other
    (data / "recovery.signal").touch()
    for path in (data / "postgresql.auto.conf", data / "recovery.signal"):
        shutil.chown(path, data.owner(), data.group())
    monkeypatch.setattr(embedded, "START_SECONDS", 2.5)
    began = time.monotonic()
    with EmbeddedPostgres(var) as server:
        assert time.monotonic() - began > embedded.START_SECONDS
        assert _ask(server.logins().app, "SELECT 1") == 1


KILLED = """
import sys, time
from pathlib import Path
from tongban.base.postgres.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server._server.pid, flush=True)
time.sleep(600)
"""


def test_it_ends_with_its_supervisor_and_starts_again(var: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(var)], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        postgres = psutil.Process(int(supervisor.stdout.readline()))
        supervisor.kill()
    with contextlib.suppress(psutil.NoSuchProcess):
        postgres.wait(timeout=30)
    with EmbeddedPostgres(var) as server:
        assert _ask(server.logins().app, "SELECT 1") == 1


def test_a_stale_lock_file_does_not_keep_it_down(var: Path) -> None:
    with EmbeddedPostgres(var) as server:
        assert server._place is not None
        data = server._place.data
    # The number of a process that lives and is not PostgreSQL: ours.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n{int(time.time())}\n5432\n\n\n\nready\n")
    with EmbeddedPostgres(var) as server:
        assert _ask(server.logins().app, "SELECT 1") == 1


def test_a_filling_that_dies_leaves_what_was_there_and_one_that_ends_stays(var: Path) -> None:
    """Nothing is logged of rows that are copied in so: what was committed is on disk, the rest as if never begun."""
    with EmbeddedPostgres(var, filling=True) as server:
        owner = server.logins().owner
        assert (_ask(owner, "SHOW wal_level"), _ask(owner, "SHOW fsync")) == ("minimal", "on")
        with psycopg.connect(owner.address) as connection:
            connection.execute("CREATE SCHEMA poured CREATE TABLE one (n bigint)")
            connection.commit()
            _empty_and_fill(connection, 200_000)
        cut = psycopg.connect(owner.address)
        _empty_and_fill(cut, 5)
        _kill(server)
        with pytest.raises(psycopg.OperationalError):
            cut.commit()
        server.launch_again()
        _wait_until_it_answers(owner)
        assert _ask(owner, "SELECT count(*) FROM poured.one") == 200_000
    with EmbeddedPostgres(var) as server:
        assert _ask(server.logins().owner, "SHOW wal_level") == "replica"
        assert _ask(server.logins().owner, "SELECT sum(n) FROM poured.one") == 20_000_100_000


def _empty_and_fill(connection: psycopg.Connection, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE poured.one")
        with cursor.copy("COPY poured.one FROM STDIN (FREEZE)") as copy:
            copy.write("".join(f"{one}\n" for one in range(1, number + 1)))


def _kill(server: EmbeddedPostgres) -> None:
    """Kill all of it at once: a part that lives on would commit what it was told to."""
    assert server._server is not None
    postgres = psutil.Process(server._server.pid)
    everything = [postgres, *postgres.children(recursive=True)]
    for process in everything:
        process.kill()
    server._server.wait()
    psutil.wait_procs(everything, timeout=30)
