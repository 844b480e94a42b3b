"""A real nginx before the door, from deploy/nginx/neighbours.conf: who comes in, and what of the address is left."""

import hashlib
import os
import pwd
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.operate.in_front import DEPLOY, program
from tests.operate.web import free_port
from tongban.exchange.door.application import fingerprint
from tongban.exchange.tests.door import rest_service
from tongban.exchange.tests.test_mutual_tls import Authority

SEEN: list[tuple[str, dict[str, str]]] = []


def remember(handler: BaseHTTPRequestHandler, _content: bytes) -> None:
    SEEN.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
    handler.send_response(200)
    handler.send_header("Content-Length", "2")
    handler.end_headers()
    handler.wfile.write(b"ok")


@pytest.fixture
def front(tmp_path: Path) -> Iterator[dict[str, int]]:
    """Start nginx; yields its two ports."""
    SEEN.clear()
    ports = {"neighbours": free_port(), "systems": free_port()}
    members, house = Authority("members"), Authority("house")
    members.write(tmp_path / "neighbours-ca.pem")
    for name, authority in (("neighbour", members), ("internal", members), ("client", members), ("system", house)):
        authority.issue(tmp_path / f"{name}.pem")
        (tmp_path / f"{name}-key.pem").write_bytes((tmp_path / f"{name}.pem").read_bytes())
    with rest_service(remember) as door:
        site = (DEPLOY / "nginx" / "neighbours.conf").read_text(encoding="utf-8")
        changes = {
            "server door:8444": f"server {door.removeprefix('http://')}",
            "listen 8444": f"listen 127.0.0.1:{ports['neighbours']}",
            "listen 8445": f"listen 127.0.0.1:{ports['systems']}",
            "/etc/nginx/certificates": str(tmp_path),
        }
        for old, new in changes.items():
            assert old in site, old
            site = site.replace(old, new)
        (tmp_path / "neighbours.conf").write_text(site, encoding="utf-8")
        temporary = " ".join(
            f"{one}_temp_path {tmp_path}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (tmp_path / "nginx.conf").write_text(
            f"user {pwd.getpwuid(os.getuid()).pw_name}; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/log;\n"
            f"events {{}}\nhttp {{ access_log off; {temporary} include {tmp_path}/neighbours.conf; }}\n",
            encoding="utf-8",
        )
        command = [program("nginx"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        looked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert looked.returncode == 0, looked.stderr
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as line:
                if not line.connect_ex(("127.0.0.1", ports["neighbours"])):
                    break
            time.sleep(0.05)
        yield ports
        process.terminate()
        process.wait(20)


def ask(tmp_path: Path, port: int, own: str, request: str) -> str:
    """Send a request as it is, with a certificate; return the first line of the answer."""
    context = ssl.create_default_context(cafile=str(tmp_path / "neighbours-ca.pem"))
    if own:
        context.load_cert_chain(tmp_path / f"{own}.pem")
    with (
        socket.create_connection(("127.0.0.1", port), 5) as line,
        context.wrap_socket(line, server_hostname="127.0.0.1") as secure,
    ):
        secure.sendall(request.replace("\n", "\r\n").encode())
        return secure.recv(4096).decode("latin-1").split("\r\n")[0]


RAW = "/r1/CN/GOV/a/s/x%2Fy//b/../c%20d?q=%41&b"


def get(path: str = RAW, more: str = "") -> str:
    return f"GET {path} HTTP/1.1\nHost: neighbours\nConnection: close\n{more}\n"


def test_neighbours_show_a_certificate_and_the_address_stays_as_it_was_sent(
    front: dict[str, int], tmp_path: Path
) -> None:
    port = front["neighbours"]
    assert ask(tmp_path, port, "", get()).startswith("HTTP/1.1 400")
    assert ask(tmp_path, port, "system", get()).startswith("HTTP/1.1 400")
    assert not SEEN
    assert (
        ask(tmp_path, port, "client", get(more="X-Tongban-Certificate: forged\nX-Real-IP: 10.0.0.1\n"))
        == "HTTP/1.1 200 OK"
    )
    ((path, headers),) = SEEN
    assert path == RAW
    assert headers["x-real-ip"] == "127.0.0.1"
    assert not headers.get("x-tongban-certificate")


def test_systems_of_the_house_are_told_apart_by_their_certificate(front: dict[str, int], tmp_path: Path) -> None:
    assert ask(tmp_path, front["systems"], "system", get(more="X-Tongban-Certificate: forged\n")) == "HTTP/1.1 200 OK"
    ((path, headers),) = SEEN
    assert path == RAW
    certificate = (tmp_path / "system.pem").read_text().split("-----BEGIN PRIVATE")[0]
    assert (
        fingerprint(headers["x-tongban-certificate"])
        == hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
    )
    assert ask(tmp_path, front["systems"], "", get()) == "HTTP/1.1 200 OK"
    assert not SEEN[1][1].get("x-tongban-certificate")


def test_a_body_beyond_the_limit_goes_no_further(front: dict[str, int], tmp_path: Path) -> None:
    request = f"POST /r1 HTTP/1.1\nHost: neighbours\nContent-Length: {101 * 1024 * 1024}\n\n"
    assert ask(tmp_path, front["neighbours"], "client", request).startswith("HTTP/1.1 413")
    assert not SEEN
