"""nginx over TLS, web, PgBouncer in transaction mode, PostgreSQL, and a worker past PgBouncer: as it is deployed."""

import contextlib
import re
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection
from django.test import override_settings

from tests.crash.test_kill import Resident
from tests.operate.in_front import Nginx, pgbouncer, transactions
from tests.operate.place import present
from tests.operate.web import free_port
from tests.people import drafted, make_town
from tongban.accounts.actions.counting import Bound, index_of
from tongban.accounts.models import TryCount
from tongban.accounts.tests.people import PASSWORD
from tongban.applications.models import Application
from tongban.ledger.models import Event, Handled

pytestmark = pytest.mark.django_db(transaction=True)
BY_ADDRESS = Bound("limit.sign_in.place", most=1, seconds=600)
"""As `accounts.web.limits` counts who signs in; only its name matters here."""
DRAFTS, AT_ONCE = 8, 4
PATIENCE_SECONDS = 60


@contextlib.contextmanager
def _deployed(tmp_path: Path) -> Iterator[tuple[Nginx, Any, Any]]:
    """Start everything; yields nginx, the login through PgBouncer, and the process of web."""
    place, port = present(tmp_path), free_port()
    nginx = Nginx(tmp_path / "nginx", port, tmp_path / "var")
    place.environment |= {
        "TONGBAN_PUBLIC_URL": f"https://localhost:{nginx.tls}",
        "TONGBAN_BEHIND_PROXY": "on",
        "TONGBAN_EMAIL_URL": "off",
        "TONGBAN_CLAMD": "off",
        "TONGBAN_CITY": "试验市",
    }
    direct = place.environment["DATABASE_URL"]
    with contextlib.ExitStack() as stack:
        through = stack.enter_context(pgbouncer(tmp_path / "log-pgbouncer", place.database))
        worker_log, web_log = (stack.enter_context((tmp_path / name).open("wb")) for name in ("log-worker", "log-web"))
        place.environment["DATABASE_URL"] = direct
        worker = place.start("worker", log=worker_log)
        place.environment["DATABASE_URL"] = through.address
        web = place.start("web", "--port", str(port), "--processes", "2", log=web_log)
        for process in (worker, web):
            stack.callback(process.wait)
            stack.callback(process.kill)
        stack.enter_context(nginx.running())
        yield nginx, through, web


def _until_served(address: str, certificate: Path) -> requests.Response:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = requests.get(address, verify=str(certificate), timeout=20)
        if answer.status_code == 200:
            return answer
        assert time.monotonic() < until, answer.text
        time.sleep(0.2)


def test_the_city_serves_as_it_is_deployed(tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher"]):
        town = make_town()
    drafts = [drafted(town.lin) for _ in range(DRAFTS)]
    with _deployed(tmp_path) as (nginx, through, web):
        site = f"https://localhost:{nginx.tls}"
        away = requests.get(f"{site}/", verify=str(nginx.certificate), timeout=20)
        assert (away.status_code, away.headers.get("Retry-After")) == (503, "30"), "web has not started yet"
        page = _until_served(f"{site}/", nginx.certificate)
        _says_what_it_should(nginx, site, page)
        _static_files_come_from_nginx(nginx, site, page)
        _large_bodies_are_refused(nginx)
        _addresses_are_those_that_nginx_saw(nginx, site)
        before = transactions(through)
        shown = _submit_all(nginx, site, town.lin.username, drafts)
        assert transactions(through) - before > 2 * DRAFTS, "the requests did not come by PgBouncer"
        assert len(set(shown.values())) == DRAFTS
        assert {str(key) for key in Application.objects.values_list("idempotency_key", flat=True)} == set(shown)
        _news_reach_their_handlers()
        web.terminate()
        assert web.wait(25) == 0
    connection.close()


def test_a_town_hall_behind_one_address_is_let_in_and_a_flood_is_not(tmp_path: Path) -> None:
    """Each of the requests arrives at web, which is away here, or is refused before; none is lost."""
    nginx, count = Nginx(tmp_path / "nginx", free_port(), tmp_path / "var"), 950
    style = tmp_path / "var" / "static" / "style.css"
    style.parent.mkdir(parents=True)
    style.write_text("a{}")
    with nginx.running():
        assert Counter(_asked_at_once(nginx, "/static/style.css", count)) == {"200": count}
        answers = Counter(_asked_at_once(nginx, "/", count))
        assert sum(answers.values()) == count
        assert answers["503"] >= 600
        assert answers["429"], "nothing keeps a flood away"
        refused = _told(nginx, "/", 200)
        assert refused.count("HTTP/1.1 429") == refused.count("Retry-After: 5\r\n") > 0


def _asked_at_once(nginx: Nginx, path: str, count: int) -> list[str]:
    return re.findall(r"HTTP/1\.1 (\d{3}) ", _told(nginx, path, count))


def _told(nginx: Nginx, path: str, count: int) -> str:
    """Send so many requests in one go over one line; returns all answers as they came."""
    context = ssl.create_default_context(cafile=str(nginx.certificate))
    with (
        socket.create_connection(("127.0.0.1", nginx.tls), timeout=20) as line,
        context.wrap_socket(line, server_hostname="localhost") as safe,
    ):
        one = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
        asking = threading.Thread(
            target=safe.sendall,
            args=(f"{one}\r\n".encode() * (count - 1) + f"{one}Connection: close\r\n\r\n".encode(),),
        )
        asking.start()
        told = b"".join(iter(lambda: safe.recv(65536), b""))
        asking.join()
    return told.decode()


def _says_what_it_should(nginx: Nginx, site: str, page: requests.Response) -> None:
    plain = requests.get(f"http://localhost:{nginx.plain}/search?q=x", allow_redirects=False, timeout=20)
    assert (plain.status_code, plain.headers["Location"]) == (308, "https://localhost/search?q=x")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "nginx/" not in page.headers["Server"]
    assert all(cookie.secure and cookie.name.startswith("__Host-") for cookie in page.cookies)
    for hidden in ("/metrics", "/readyz"):
        assert requests.get(f"{site}{hidden}", verify=str(nginx.certificate), timeout=20).status_code == 404
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(nginx.certificate)
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)), socket.create_connection(("127.0.0.1", nginx.tls)) as line:
        old.wrap_socket(line, server_hostname="localhost")


def _static_files_come_from_nginx(nginx: Nginx, site: str, page: requests.Response) -> None:
    style = next(part.partition('"')[0] for part in page.text.split('href="') if ".css" in part.partition('"')[0])
    answer = requests.get(f"{site}{style}", verify=str(nginx.certificate), timeout=20)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "X-Request-Id" not in answer.headers, "web was asked for it"


def _large_bodies_are_refused(nginx: Nginx) -> None:
    """nginx refuses at the first line of what would be too much, before a byte of it is read."""
    context = ssl.create_default_context(cafile=str(nginx.certificate))
    with (
        socket.create_connection(("127.0.0.1", nginx.tls), timeout=20) as line,
        context.wrap_socket(line, server_hostname="localhost") as safe,
    ):
        safe.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 80000000\r\n\r\n")
        assert safe.recv(64).startswith(b"HTTP/1.1 413")


def _addresses_are_those_that_nginx_saw(nginx: Nginx, site: str) -> None:
    """Whoever claims to come from elsewhere is counted at the address that nginx saw."""
    session = requests.Session()
    session.verify, session.trust_env = str(nginx.certificate), False
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Referer": site}
    session.get(f"{site}/sign-up", timeout=20)
    sent = {"csrfmiddlewaretoken": session.cookies["__Host-csrftoken"], "name": "nobody", "password": "wrong"}
    session.post(f"{site}/sign-in", data=sent, headers=claims, timeout=20)
    counted = {bytes(row) for row in TryCount.objects.values_list("who_index", flat=True)}
    assert index_of(BY_ADDRESS, "127.0.0.1") in counted
    assert index_of(BY_ADDRESS, "203.0.113.9") not in counted


def _submit_all(nginx: Nginx, site: str, username: str, drafts: list[Any]) -> dict[str, str]:
    """Submit all drafts, several at once, as the resident; returns key → number of the case."""
    resident = Resident(site, {"username": username, "password": PASSWORD})
    resident.session.verify, resident.session.trust_env = str(nginx.certificate), False
    resident.session.headers["Referer"] = site
    assert resident._sign_in()
    told = [{"id": str(draft.id), "key": str(draft.idempotency_key)} for draft in drafts]
    with ThreadPoolExecutor(AT_ONCE) as hands:
        return dict(zip((one["key"] for one in told), hands.map(resident._submit, told), strict=True))


def _news_reach_their_handlers() -> None:
    """The worker, past PgBouncer, hands on what was recorded through it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while Handled.objects.count() < DRAFTS or Event.objects.filter(position__isnull=True).exists():
        assert time.monotonic() < until, (Handled.objects.count(), Event.objects.filter(position__isnull=True).count())
        time.sleep(0.2)
