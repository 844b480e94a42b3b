"""A real nginx and a real PgBouncer, from the files of deploy/ with ports and paths of the test's own."""

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.operate.web import free_port
from tongban.base.postgres.login import Login
from tongban.base.postgres.place import find_place
from tongban.exchange.tests.test_mutual_tls import Authority

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PASSWORD = "of-this-test-only"
PATIENCE_SECONDS = 30


def program(name: str) -> str:
    """Return where a program is; without it the test fails, and says how to get it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.fail(f"{name} is missing: sh tools/prepare.sh tests")
    return found


def _account() -> str | None:
    """Return the account that PostgreSQL of the tests runs as: PgBouncer will not run as root either."""
    return (
        next((name for name in ("tongban", "postgres", "nobody") if _known(name)), None) if os.getuid() == 0 else None
    )


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _let_in(account: str | None) -> None:
    """Let that account come in to the server of the tests as the app."""
    known = connection.settings_dict
    administrator = Login("postgres", "postgres", known["HOST"], str(known["PORT"]))
    with psycopg.connect(administrator.address, autocommit=True) as server:
        folder = server.execute("SHOW data_directory").fetchone()
        assert folder
        rules = Path(folder[0]) / "pg_ident.conf"
        with rules.open("a", encoding="utf-8") as file:
            file.write(f'tongban "{account or pwd.getpwuid(os.getuid()).pw_name}" "{settings.TONGBAN_ROLES.app}"\n')
        server.execute("SELECT pg_reload_conf()")


@contextlib.contextmanager
def pgbouncer(log_file: Path, database: str, *, by_certificate: bool = False) -> Iterator[Login]:
    """Start PgBouncer with few connections to the database; yields how the app gets in through it."""
    account, port, known = _account(), free_port(), connection.settings_dict
    folder = Path(tempfile.mkdtemp(prefix="tongban-pgbouncer-", dir="/tmp"))  # its account cannot reach ours
    _let_in(account)
    told = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    changes = {
        r"^tongban = .*$": f"tongban = host={known['HOST']} port={known['PORT']} dbname={database}",
        r"^listen_addr = .*$": "listen_addr = 127.0.0.1",
        r"^listen_port = .*$": f"listen_port = {port}",
        r"^auth_file = .*$": f"auth_file = {folder}/userlist.txt",
        r"^default_pool_size = .*$": "default_pool_size = 3",
        r"^log_connections = .*$": f"stats_users = {settings.TONGBAN_ROLES.app}",
    }
    for pattern, line in changes.items():
        told, count = re.subn(pattern, line, told, flags=re.MULTILINE)
        assert count == 1, pattern
    folder.chmod(0o755)
    login = Login("tongban", settings.TONGBAN_ROLES.app, "127.0.0.1", str(port), PASSWORD)
    if by_certificate:
        told, login = _by_certificate(folder, told), replace(login, password="", options=_shown(folder, login.user))
    (folder / "pgbouncer.ini").write_text(told, encoding="utf-8")
    (folder / "userlist.txt").write_text(f'"{settings.TONGBAN_ROLES.app}" "{PASSWORD}"\n', encoding="utf-8")
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [program("pgbouncer"), str(folder / "pgbouncer.ini")], stdout=log, stderr=log, user=account, cwd="/"
        )
    try:
        _until_answers(login, process, log_file)
        yield login
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _by_certificate(folder: Path, told: str) -> str:
    """Put the lines of deploy/pgbouncer/certificates.ini in, and lay down what they name."""
    (folder / "certificates").mkdir(mode=0o755)
    authority = Authority("house")
    authority.write(folder / "certificates" / "ca.crt")
    for name in (settings.TONGBAN_ROLES.app, "somebody", "app", "tls"):
        authority.issue(folder / "certificates" / f"{name}.pem")
    for name in ("app", "tls"):
        both = (folder / "certificates" / f"{name}.pem").read_bytes()
        for ending in ("crt", "key"):
            (folder / "certificates" / f"{name}.{ending}").write_bytes(both)
    for path in (folder / "certificates").iterdir():
        path.chmod(0o600 if path.suffix == ".pem" else 0o644)
    lines = (DEPLOY / "pgbouncer" / "certificates.ini").read_text(encoding="utf-8")
    assert "auth_type = scram-sha-256" in told
    told = told.replace("auth_type = scram-sha-256", lines)
    return told.replace("/etc/pgbouncer/certificates", str(folder / "certificates"))


def _shown(folder: Path, user: str) -> dict[str, str]:
    own, house = str(folder / "certificates" / f"{user}.pem"), str(folder / "certificates" / "ca.crt")
    return {"sslmode": "verify-full", "sslrootcert": house, "sslcert": own, "sslkey": own}


def _until_answers(login: Login, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(login.address, connect_timeout=5).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        else:
            return


def transactions(login: Login) -> int:
    """Return how many transactions PgBouncer has passed on; its console speaks the simple protocol only."""
    place = find_place(Path("/nonexistent"), "test")
    command = [
        str(place.binaries / "bin" / "psql"),
        "-h",
        login.host,
        "-p",
        login.port,
        "-U",
        login.user,
        "-At",
        "-F,",
        "-c",
        "SHOW STATS",
        "pgbouncer",
    ]
    try:  # its programs may lie in that place, as copies that the account of the database can reach
        told = subprocess.run(
            command, env={"PGPASSWORD": login.password}, capture_output=True, text=True, check=True
        ).stdout
    finally:
        shutil.rmtree(place.home, ignore_errors=True)
    return sum(int(line.split(",")[1]) for line in told.splitlines() if line.startswith("tongban,"))


class Nginx:
    """A running nginx: its ports for TLS and without, and the certificate that it shows."""

    def __init__(self, folder: Path, web: int, var: Path, *, internal_authority: Path | None = None) -> None:
        """Write its files; nothing is started. With an authority, web is spoken to over TLS and compared with it."""
        self.folder, self.tls, self.plain = folder, free_port(), free_port()
        self.certificate = folder / "certificates" / "fullchain.pem"
        self.certificate.parent.mkdir(parents=True)
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(self.certificate.with_name("privkey.pem"))]
        whose = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
        command = ["openssl", "req", "-x509", *key, "-out", str(self.certificate), *whose]
        subprocess.run(command, check=True, capture_output=True)
        whole = (DEPLOY / "nginx" / "nginx.conf").read_text(encoding="utf-8")
        site = (DEPLOY / "nginx" / "tongban.conf").read_text(encoding="utf-8")
        self._write(
            "nginx.conf",
            whole,
            {
                "/tmp/": f"{folder}/",  # noqa: S108 - nginx's own; first: what is put in later lies there too
                "/etc/nginx/tongban.conf": f"{folder}/tongban.conf",
                "/dev/stdout": f"{folder}/log-access",
                "error_log stderr": f"error_log {folder}/log-nginx",
            },
            first=f"user {pwd.getpwuid(os.getuid()).pw_name};\ndaemon off;\n",
        )
        if internal_authority is not None:
            site = site.replace("proxy_pass http://tongban;", "").replace("#tls ", "")
            site = site.replace("/etc/nginx/certificates/internal-ca.pem", str(internal_authority))
        self._write(
            "tongban.conf",
            site,
            {
                "server web:8000": f"server 127.0.0.1:{web}",
                "listen 8080": f"listen 127.0.0.1:{self.plain}",
                "listen 8443": f"listen 127.0.0.1:{self.tls}",
                "/etc/nginx/certificates": str(self.certificate.parent),
                "root /var/lib/tongban": f"root {var}",
                "server_name banshi.example.gov.cn": "server_name localhost",
            },
        )

    def _write(self, name: str, text: str, changes: dict[str, str], first: str = "") -> None:
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / name).write_text(first + text, encoding="utf-8")

    def command(self, *more: str) -> list[str]:
        """Return nginx with this configuration."""
        return [program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *more]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Look at the configuration, start, and stop at the end."""
        looked = subprocess.run(self.command("-t"), capture_output=True, text=True, check=False)
        assert looked.returncode == 0, looked.stderr
        assert "warn" not in looked.stderr, looked.stderr
        process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
        try:
            self._until_listening()
            yield
        finally:
            process.terminate()
            process.wait(20)

    def _until_listening(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.tls), timeout=5):
                return
            assert time.monotonic() < until, (self.folder / "log-nginx").read_text()
            time.sleep(0.05)
