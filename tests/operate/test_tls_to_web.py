"""nginx and web on two machines: web speaks TLS itself, and nginx passes nothing on to whom it does not know."""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import requests
from django.conf import settings

from tests.operate.in_front import Nginx, pgbouncer
from tests.operate.place import Place, present
from tests.operate.web import free_port
from tongban.exchange.tests.test_mutual_tls import Authority
from tongban.site.configuration import NotConfigured, read

PATIENCE_SECONDS = 60


@contextlib.contextmanager
def _web(place: Place, certificate: Path) -> Iterator[int]:
    """Start web with a certificate; yields its port once it listens."""
    port = free_port()
    place.environment |= {"TONGBAN_TLS_CERTIFICATE": str(certificate), "TONGBAN_TLS_KEY": str(certificate)}
    log = place.folder / "log-web"
    with log.open("wb") as opened:
        process = place.start("web", "--port", str(port), "--processes", "1", log=opened)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                break
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def _asked(nginx: Nginx) -> int:
    """Ask for web's health through nginx."""
    with nginx.running():
        address = f"https://localhost:{nginx.tls}/healthz"
        return requests.get(address, verify=str(nginx.certificate), timeout=20).status_code


def _asked_until_there(nginx: Nginx) -> int:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        with contextlib.suppress(requests.Timeout):
            status = _asked(nginx)
            if status == 200 or time.monotonic() > until:
                return status


@pytest.mark.django_db(transaction=True)
def test_web_speaks_tls_and_is_compared(tmp_path: Path) -> None:
    house, strangers = Authority("house"), Authority("strangers")
    for name, authority in (("house", house), ("strangers", strangers)):
        authority.write(tmp_path / f"{name}-ca.pem")
    house.issue(tmp_path / "web.pem", host="web")
    (tmp_path / "web.pem").chmod(0o600)
    place = present(tmp_path)
    with _web(place, tmp_path / "web.pem") as port:
        nginx = Nginx(tmp_path / "well", port, tmp_path / "var", internal_authority=tmp_path / "house-ca.pem")
        assert _asked_until_there(nginx) == 200
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        plain.request("GET", "/healthz")
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.getresponse()
        other = Nginx(tmp_path / "other", port, tmp_path / "var", internal_authority=tmp_path / "strangers-ca.pem")
        assert _asked(other) == 503, "nobody looked who web is"
        told = (tmp_path / "other" / "tongban.conf").read_text()
        again = Nginx(tmp_path / "named", port, tmp_path / "var", internal_authority=tmp_path / "house-ca.pem")
        conf = again.folder / "tongban.conf"
        assert "proxy_ssl_name web;" in told
        conf.write_text(conf.read_text().replace("proxy_ssl_name web;", "proxy_ssl_name elsewhere;"))
        assert _asked(again) == 503, "a certificate of another name was taken"
        old = ssl.create_default_context(cafile=str(tmp_path / "house-ca.pem"))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line, pytest.raises(ssl.SSLError):
            old.wrap_socket(line, server_hostname="web")


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    Authority("house").issue(tmp_path / "web.pem")
    told = {"TONGBAN_VAR": str(tmp_path), "TONGBAN_TLS_CERTIFICATE": str(tmp_path / "web.pem")}
    with pytest.raises(NotConfigured, match="give both, or neither"):
        read(told)
    with pytest.raises(NotConfigured, match="TONGBAN_TLS_KEY"):
        read(told | {"TONGBAN_TLS_KEY": str(tmp_path / "absent.pem")})


@pytest.mark.django_db(transaction=True)
def test_pgbouncer_is_opened_by_a_certificate_and_by_no_password(tmp_path: Path) -> None:
    name = settings.TONGBAN_ROLES.app
    with pgbouncer(tmp_path / "log", present(tmp_path).database, by_certificate=True) as login:
        with psycopg.connect(login.address) as there:
            assert there.execute("SELECT current_user").fetchone() == (name,)
        assert login.options["sslcert"]
        assert not login.by_password_alone
        without = {key: value for key, value in login.options.items() if key not in {"sslcert", "sslkey"}}
        folder = Path(login.options["sslcert"]).parent
        strange = {"sslcert": f"{folder}/somebody.pem", "sslkey": f"{folder}/somebody.pem"}
        for options in (without, without | strange, {"sslmode": "disable"}):
            shown = replace(login, password="of-this-test-only", options=options)
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(shown.address, connect_timeout=10)
