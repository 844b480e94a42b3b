"""The embedded PostgreSQL: our own small supervisor around the programs of a pip package.

It lives under `var/`, listens on a private Unix socket only, knows its clients by who they are on this machine (peer
authentication), and dies with the process that started it.
"""

import contextlib
import fcntl
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import psutil
import psycopg

from tongban.base.lifeline import end_with_parent
from tongban.base.postgres import roles as preparation
from tongban.base.postgres.errors import AlreadyRunning, DatabaseNotThere
from tongban.base.postgres.login import Login, Logins
from tongban.base.postgres.place import Place, Purpose, find_place, give
from tongban.base.postgres.settings import server_settings

Part = TypeVar("Part")
DATABASE = "tongban"
SUPERUSER = "postgres"
PORT = "5432"
START_SECONDS = 60
RECOVERY_SECONDS = 3600
"""One that says it is starting up is let be for so long: after a fall of the power it may have much to go through."""
STARTING_UP = "the database system is"
STOP_SECONDS = 30


class EmbeddedPostgres:
    """One server for one `var/` folder (purpose "run"), or a throw-away one (purpose "test")."""

    def __init__(
        self, var: Path, purpose: Purpose = "run", roles: preparation.Roles | None = None, *, filling: bool = False
    ) -> None:
        """Remember what is asked for; nothing is started yet. `filling`: see `settings`."""
        self._filling = filling
        self._var = var
        self._purpose: Purpose = purpose
        self._roles = roles or preparation.Roles()
        self._lock: IO[str] | None = None
        self._place: Place | None = None
        self._sockets: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> Logins:
        """Start the server, make roles and database if they are missing, and return how to get in.

        Raises AlreadyRunning when another process holds this `var/`, DatabaseNotThere when it cannot be started.
        """
        self._place = place = find_place(self._var, self._purpose)
        self._lock = _hold(place.home / "lock")
        end_leftovers(place.data)
        _remove_old_sockets(place.home)
        if not (place.data / "PG_VERSION").exists():
            _initialise(place, self._purpose)
        _write_access_rules(place, self._roles)
        self._sockets = _make_sockets(place)
        self._launch()
        self._wait_until_ready()
        self._make_roles_and_database()
        logins = self.logins()
        write_address(place.home, logins)
        return logins

    def logins(self) -> Logins:
        """Return how to get in as owner and as app."""
        return Logins(owner=self._login(self._roles.owner), app=self._login(self._roles.app))

    @property
    def server(self) -> subprocess.Popen[bytes]:
        """The server's own process; it may have ended."""
        return _known(self._server)

    @property
    def log(self) -> Path:
        """What the server says."""
        return _log_file(_known(self._place))

    def launch_again(self) -> subprocess.Popen[bytes]:
        """Start a server that has ended again, at the same address; it answers as soon as it has recovered."""
        end_leftovers(_known(self._place).data)
        self._launch()
        return self.server

    def stop(self) -> None:
        """Stop the server (clients are cut, what is committed is on disk) and take its traces away."""
        if self._server is not None:
            _end(self._server)
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._place is not None:
            with contextlib.suppress(FileNotFoundError):
                (self._place.home / "address").unlink()
            if self._purpose == "test":
                shutil.rmtree(self._place.home, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
        self._server = self._lock = self._sockets = self._place = None

    def _login(self, user: str, database: str = DATABASE) -> Login:
        return Login(database=database, user=user, host=str(self._sockets), port=PORT)

    def _launch(self) -> None:
        place = _known(self._place)
        arguments = [str(place.binaries / "bin" / "postgres"), "-D", str(place.data), "-p", PORT]
        for name, value in self._settings().items():
            arguments += ["-c", f"{name}={value}"]
        with _log_file(place).open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603 - our own program, no shell
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
                user=place.user,
                group=_group(place.user),
                extra_groups=None if place.user is None else [],
                umask=0o077,
                start_new_session=True,
                preexec_fn=_stop_with_supervisor,  # noqa: PLW1509 - the supervisor has no threads
            )

    def _settings(self) -> dict[str, str]:
        return server_settings(self._purpose, _known(self._sockets), filling=self._filling)

    def _wait_until_ready(self) -> None:
        began, patience = time.monotonic(), START_SECONDS
        server = _known(self._server)
        while server.poll() is None and time.monotonic() - began < patience:
            try:
                psycopg.connect(self._login(SUPERUSER, SUPERUSER).address, connect_timeout=5).close()
            except psycopg.OperationalError as refused:
                recovers = STARTING_UP in str(refused)
                patience = RECOVERY_SECONDS if recovers else patience
                time.sleep(0.3 if recovers else 0.05)  # each try is a line of its log
            else:
                return
        log = _log_file(_known(self._place))
        message = f"The embedded PostgreSQL did not start. The end of {log}:\n{_tail(log)}"
        _end(server)
        raise DatabaseNotThere(message)

    def _make_roles_and_database(self) -> None:
        address = self._login(SUPERUSER, SUPERUSER).address
        with psycopg.connect(address, autocommit=True) as connection:
            preparation.create_roles(connection, self._roles)
            preparation.create_database(connection, DATABASE, self._roles)
            if self._purpose == "test":
                owner = self._roles.owner  # makes databases for tests, and puts their rows back after each
                connection.execute(f'ALTER ROLE "{owner}" CREATEDB')
                connection.execute(f'GRANT SET ON PARAMETER session_replication_role TO "{owner}"')


def write_address(home: Path, logins: Logins) -> None:
    """Leave a note for the other processes of this installation: owner, then app."""
    fresh = home / "address.new"
    fresh.write_text(f"{logins.owner.address}\n{logins.app.address}\n", encoding="utf-8")
    fresh.replace(home / "address")


def read_address(var: Path) -> Logins | None:
    """Return how to reach the embedded server of this `var/`, or None when none has been started."""
    try:
        owner, app = (var / "postgres" / "address").read_text(encoding="utf-8").split()
    except (FileNotFoundError, ValueError):
        return None
    return Logins(owner=Login.parse(owner), app=Login.parse(app))


def end_leftovers(data: Path) -> None:
    """End the server that a killed supervisor left on this data, and its lock file if nobody is behind it.

    We hold the lock of the installation, so a process that works in the data folder has no master.
    """
    ours = [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(data)]
    for process in ours:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)
    _gone, alive = psutil.wait_procs(ours, timeout=STOP_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _hold(path: Path) -> IO[str]:
    lock = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        message = f"The embedded PostgreSQL of {path.parent} is in use by another process (`tongban serve`?)."
        raise AlreadyRunning(message) from None
    return lock


def _initialise(place: Place, purpose: Purpose) -> None:
    """Make the cluster: complete or not at all, so that a start that was cut short does no harm."""
    shutil.rmtree(place.data, ignore_errors=True)
    fresh = place.data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    give(fresh, place.user)
    options = ["--username", SUPERUSER, "--auth=peer", "--encoding=UTF8", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    options += ["--no-sync"] if purpose == "test" else []
    made = subprocess.run(  # noqa: S603 - our own program, no shell
        [str(place.binaries / "bin" / "initdb"), "-D", str(fresh), *options],
        capture_output=True,
        check=False,
        cwd="/",
        env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
        user=place.user,
        group=_group(place.user),
        extra_groups=None if place.user is None else [],
    )
    if made.returncode != 0:
        message = f"The embedded PostgreSQL could not be made: {made.stderr.decode(errors='replace').strip()}"
        raise DatabaseNotThere(message)
    fresh.rename(place.data)


def _write_access_rules(place: Place, roles: preparation.Roles) -> None:
    """Let in our own account on this machine, as any of our roles, by Unix socket, and nobody else."""
    names = (SUPERUSER, *roles.all())
    idents = "".join(f'tongban "{place.client_name}" "{name}"\n' for name in names)
    for name, text in (("pg_hba.conf", "local all all peer map=tongban\n"), ("pg_ident.conf", idents)):
        path = place.data / name
        path.write_text(text, encoding="utf-8")
        give(path, place.user)


def _make_sockets(place: Place) -> Path:
    """Make a private folder with a short path: a socket's path may have 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-", dir="/tmp"))
    give(folder, place.user)
    (place.home / "sockets").write_text(f"{folder}\n", encoding="utf-8")
    return folder


def _remove_old_sockets(home: Path) -> None:
    note = home / "sockets"
    if note.exists():
        shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
        note.unlink()


def _log_file(place: Place) -> Path:
    return place.home / "postgres.log"


def _tail(path: Path, lines: int = 10) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


def _stop_with_supervisor() -> None:
    """SIGINT stops PostgreSQL fast and cleanly."""
    end_with_parent(signal.SIGINT)


def _end(server: subprocess.Popen[bytes]) -> None:
    for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=STOP_SECONDS)


def _known(value: Part | None) -> Part:
    if value is None:
        message = "The embedded PostgreSQL has not been started."
        raise DatabaseNotThere(message)
    return value
