"""Lines with mutual TLS: both sides show who they are, and whoever shows nothing or something else gets nowhere."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tongban.exchange.contrib.neighbours.line import Away, Lines, Sent, mutual_tls


class Authority:
    """Signs certificates."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), is_authority=True)

    def _sign(
        self, subject: x509.Name, public: ec.EllipticCurvePublicKey, *, is_authority: bool, host: str = ""
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            self.name, subject, public, x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        names = x509.SubjectAlternativeName([x509.DNSName(host)] if host else [x509.IPAddress(ip_address("127.0.0.1"))])
        return builder.add_extension(names, critical=False).sign(self.key, hashes.SHA256())

    def issue(self, path: Path, host: str = "") -> None:
        """Write a certificate with its key, for this machine or for a name."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.stem)])
        certificate = self._sign(subject, key.public_key(), is_authority=False, host=host)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)

    def write(self, path: Path) -> None:
        """Write the own certificate."""
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))


@contextmanager
def server(own: Path, authorities: Path) -> Iterator[str]:
    """Answer whoever shows a certificate of the authorities, as nginx does with deploy/nginx/neighbours.conf."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.load_verify_locations(authorities)
    context.verify_mode = ssl.CERT_REQUIRED
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _address = door.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(line, server_side=True) as secure:
                    while b"\r\n\r\n" not in secure.recv(4096):
                        pass
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://127.0.0.1:{door.getsockname()[1]}"
    door.close()


def ask(origin: str, folder: Path) -> bytes:
    context = mutual_tls(folder)
    sent = Sent(origin=origin, method="GET", target="/", headers=())
    return Lines(tls=lambda: context).exchange(sent, seconds=3).body.read()


def test_both_sides_show_who_they_are(tmp_path: Path) -> None:
    members, strangers = Authority("members"), Authority("strangers")
    for name in ("well", "nobody", "stranger", "elsewhere"):
        (tmp_path / name).mkdir()
        members.write(tmp_path / name / "neighbours-ca.pem")
    members.issue(tmp_path / "server.pem")
    members.issue(tmp_path / "well" / "neighbour.pem")
    strangers.issue(tmp_path / "stranger" / "neighbour.pem")
    members.issue(tmp_path / "elsewhere" / "neighbour.pem")
    strangers.issue(tmp_path / "forger.pem")
    with server(tmp_path / "server.pem", tmp_path / "well" / "neighbours-ca.pem") as origin:
        assert ask(origin, tmp_path / "well") == b"ok"
        for name in ("nobody", "stranger"):
            with pytest.raises(Away):
                ask(origin, tmp_path / name)
    with (
        server(tmp_path / "forger.pem", tmp_path / "well" / "neighbours-ca.pem") as origin,
        pytest.raises(Away) as caught,
    ):
        ask(origin, tmp_path / "elsewhere")
    assert caught.value.why == "connect"
