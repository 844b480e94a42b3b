"""`tongban serve`: the whole installation on one machine, under one supervisor."""

import argparse
import contextlib
import errno
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from tongban.base.lifeline import end_with_parent
from tongban.base.postgres.embedded import EmbeddedPostgres
from tongban.base.postgres.errors import DatabaseNotThere
from tongban.site import configuration
from tongban.site.configuration import Configuration, OwnTls
from tongban.site.safety import may_be_unsafe

HELP = "run everything on this machine: database, web, worker"
MANUAL = """\
Starts the embedded PostgreSQL (unless DATABASE_URL names another), brings it to this
release, and runs web and worker; a part that dies is started again. Prints the
address when the site answers there. Ends with SIGTERM or Ctrl-C.

Examples:
  tongban serve --demo
  TONGBAN_PUBLIC_URL=https://banshi.example.gov.cn tongban serve --port 9000
"""
PORTS_TRIED = 50
START_SECONDS = 120
STOP_SECONDS = 25
LOOK_SECONDS = 0.3
BACKOFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
CALM_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to answer, and whether as the demo city."""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="port, or the next free one above (default: 8000)")
    parser.add_argument("--processes", type=int, help="serving processes (default: one for each core, at most 4)")
    parser.add_argument("--demo", action="store_true", help="be the demo city: load it once, list who to sign in as")


class Stopped(Exception):  # noqa: N818 - what happened: we were told to stop
    """SIGTERM or SIGINT came."""


@dataclass
class Part:
    """One process that has to run. Started again when it ends, more slowly each time it ends at once."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    falls: int = field(default=0)

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(_own(*self.arguments), preexec_fn=end_with_parent)  # noqa: S603, PLW1509
        self.started = time.monotonic()

    def look(self) -> None:
        """Start it again if it has ended and has waited long enough."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.not_before:
            self.falls = 0 if now - self.started > CALM_SECONDS else self.falls
            self.not_before = now + BACKOFF_SECONDS[min(self.falls, len(BACKOFF_SECONDS) - 1)]
            self.falls += 1
            _say(f"{self.name} ended (status {self.process.returncode}); starting it again.")
        if now >= self.not_before:
            self.not_before = 0.0
            self.start()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; kill it when the time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Database(Part):
    """The embedded PostgreSQL. Nobody waits for it here: pages say that it is away until it answers."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        """Take over one that runs."""
        super().__init__("postgres", [], process=server.server, started=time.monotonic())
        self.server = server

    def start(self) -> None:
        """Start it again."""
        self.process = self.server.launch_again()
        self.started = time.monotonic()
        _say(f"Its log: {self.server.log}")


def run(options: argparse.Namespace) -> int:
    """Run all parts until told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if options.demo:
        os.environ["TONGBAN_DEMO"] = "on"
    known = configuration.read(os.environ)
    port = _free_port(options.address, options.port)
    server = EmbeddedPostgres(known.var, roles=known.roles) if known.embedded else None
    parts: list[Part] = []
    try:
        if server is not None:
            server.start()
        _prepare(known, options.address)
        parts += _parts(options, port)
        _run_parts(parts, Database(server) if server else None, options.address, port, known.tls)
    except Stopped:
        _say("Stopping.")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(parts)
        if server is not None:
            server.stop()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tongban", *arguments]


def _prepare(known: Configuration, address: str) -> None:
    """Bring the database to this release, load the demo city once, and refuse what is not safe."""
    commands = [["migrate"]]
    if known.demo:
        commands.append(["demo", "--once"])
    if not may_be_unsafe(known, address=address):
        commands.append(["check", "--starting-at", address])
    for command in commands:
        done = subprocess.run(_own(*command), check=False, preexec_fn=end_with_parent)  # noqa: S603
        if done.returncode:
            message = f"`tongban {' '.join(command)}` failed; nothing was started."
            raise DatabaseNotThere(message)


def _parts(options: argparse.Namespace, port: int) -> list[Part]:
    web = ["web", "--address", options.address, "--port", str(port)]
    if options.processes:
        web += ["--processes", str(options.processes)]
    return [Part("web", web), Part("worker", ["worker"])]


def _run_parts(parts: list[Part], database: Database | None, address: str, port: int, tls: OwnTls | None) -> None:
    for part in parts:
        part.start()
    told = False
    give_up = time.monotonic() + START_SECONDS
    while True:
        if not told and _answers(address, port, tls):
            _say(f"Tongban 通办 answers at http{'s' if tls else ''}://{_shown(address)}:{port}/")
            told = True
        if not told and time.monotonic() > give_up:
            _say("The site has not answered yet; see the messages above.")
            told = True
        if database is not None:
            database.look()
        for part in parts:
            part.look()
        time.sleep(LOOK_SECONDS)


def _end(parts: list[Part]) -> None:
    for part in parts:
        part.stop()
    until = time.monotonic() + STOP_SECONDS
    for part in parts:
        part.wait(until)


def _shown(address: str) -> str:
    host = "127.0.0.1" if address in {"0.0.0.0", "::", ""} else address  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host


def _free_port(address: str, wanted: int) -> int:
    """Return the wanted port, or the next one above that is free. Raises DatabaseNotThere when none is."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((address, port))
            except OSError as taken:
                if taken.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    message = f"Cannot listen on {address}: {taken.strerror}."
                    raise DatabaseNotThere(message) from taken
            else:
                return port
    message = f"No free port from {wanted} to {wanted + PORTS_TRIED - 1}."
    raise DatabaseNotThere(message)


def _answers(address: str, port: int, tls: OwnTls | None) -> bool:
    host = "127.0.0.1" if address in {"0.0.0.0", "::", ""} else address  # noqa: S104 - compared, not bound
    if tls is None:
        connection = http.client.HTTPConnection(host, port, timeout=5)
    else:  # it names another host, but it has to be this certificate
        context = ssl.create_default_context(cafile=str(tls.certificate))
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.check_hostname = False
        connection = http.client.HTTPSConnection(host, port, timeout=5, context=context)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
