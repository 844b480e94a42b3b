"""An installation that would face people unsafely does not start, and says why in sentences."""

import contextlib
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tongban.site import safety
from tongban.site.configuration import Configuration, read
from tongban.site.safety import UnsafeStart, reasons, refuse_unsafe_start, untrusted_certificate

SAFE = {
    "TONGBAN_PUBLIC_URL": "https://banshi.example.gov.cn",
    "TONGBAN_BEHIND_PROXY": "on",
    "TONGBAN_EMAIL_URL": "smtps://user:secret@mail.example:465",
    "TONGBAN_EMAIL_FROM": "banshi@example.gov.cn",
    "TONGBAN_CLAMD": "clamd:3310",
    "TONGBAN_PLAIN_HOSTS": "clamd, pgbouncer",
    "TONGBAN_CITY": "试验市",
    "TONGBAN_METRICS_TOKEN": "x" * 20,
}
WRONG = {
    "TONGBAN_PUBLIC_URL": "http://banshi.example.gov.cn",
    "TONGBAN_BEHIND_PROXY": "off",
    "TONGBAN_EMAIL_URL": "",
    "TONGBAN_EMAIL_FROM": "",
    "TONGBAN_CLAMD": "",
    "TONGBAN_METRICS_TOKEN": "short",
    "TONGBAN_SECRET_KEY": "short",
    "TONGBAN_DEMO": "on",
    "TONGBAN_DEBUG": "on",
    "TONGBAN_LIMITS": "off",
    "TONGBAN_SECOND_FACTOR": "off",
    "TONGBAN_FILES_URL": "s3+http://key:secret@storage.example/bucket",
}


def _known(var: Path, **changes: str) -> Configuration:
    logins = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    given = {name: value for name, value in (SAFE | changes).items() if value or name != "TONGBAN_EMAIL_FROM"}
    return read({"TONGBAN_VAR": str(var), **logins, **given})


def _ours(known: Configuration) -> list[str]:
    """Return our sentences; Django's own depend on the settings of this run of tests."""
    return [sentence for sentence in reasons(known) if not sentence.startswith("security.")]


def test_a_safe_one_has_nothing_against_it(tmp_path: Path) -> None:
    assert _ours(_known(tmp_path)) == []


@pytest.mark.parametrize("name", WRONG)
def test_each_unsafe_value_is_named(tmp_path: Path, name: str) -> None:
    said = _ours(_known(tmp_path, **{name: WRONG[name]}))
    assert said
    assert all(sentence.endswith(".") for sentence in said)
    assert any(sentence.startswith(name) for sentence in said), said


def test_doing_without_on_purpose_is_said_with_off(tmp_path: Path) -> None:
    known = _known(tmp_path, TONGBAN_EMAIL_URL="off", TONGBAN_CLAMD="off")
    assert (known.email_url, known.clamd) == ("", "")
    assert _ours(known) == []


def test_the_owner_may_not_serve(tmp_path: Path) -> None:
    known = _known(tmp_path, DATABASE_URL=os.environ["DATABASE_OWNER_URL"])
    assert any("DATABASE_OWNER_URL is not set" in sentence for sentence in _ours(known))


def test_open_keys_are_named(tmp_path: Path) -> None:
    known = _known(tmp_path)
    (tmp_path / "secrets" / "data-key").chmod(0o644)
    assert any("chmod 600" in sentence for sentence in _ours(known))


def test_a_trial_on_this_machine_and_the_demo_may_start(tmp_path: Path) -> None:
    refuse_unsafe_start(read({"TONGBAN_VAR": str(tmp_path)}), address="127.0.0.1")
    refuse_unsafe_start(read({"TONGBAN_VAR": str(tmp_path), "TONGBAN_DEMO": "on"}), address="0.0.0.0")  # noqa: S104
    for given in ({}, {"TONGBAN_PUBLIC_URL": "https://banshi.example.gov.cn"}, {"TONGBAN_BEHIND_PROXY": "on"}):
        address = "127.0.0.1" if given else "0.0.0.0"  # noqa: S104 - the point of the test
        with pytest.raises(UnsafeStart, match="TONGBAN_CLAMD is not set"):
            refuse_unsafe_start(read({"TONGBAN_VAR": str(tmp_path), **given}), address=address)


@pytest.mark.parametrize("command", [["web", "--port", "8719"], ["worker"], ["check", "--starting-at", "0.0.0.0"]])  # noqa: S104
def test_the_commands_obey(tmp_path: Path, command: list[str]) -> None:
    address = settings.DATABASES["default"]
    assert address["HOST"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN")}
    ended = subprocess.run(
        [sys.executable, "-m", "tongban", *command],
        env=kept | {"TONGBAN_VAR": str(tmp_path), "TONGBAN_PUBLIC_URL": "https://banshi.example.gov.cn"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "not started, because it would not be safe" in ended.stderr
    assert "✗ TONGBAN_BEHIND_PROXY is off" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TONGBAN_EMAIL_URL", "smtp://user:secret@mail.example:25"),
        ("TONGBAN_CLAMD", "scanner.example:3310"),
        ("DATABASE_URL", "postgresql://app:x@db.example/tongban"),
        ("DATABASE_URL", "postgresql://app:x@db.example/tongban?sslmode=require"),
        ("DATABASE_OWNER_URL", "postgresql://owner:x@db.example/tongban?sslmode=prefer"),
    ],
)
def test_what_leads_to_another_machine_speaks_tls(tmp_path: Path, name: str, value: str) -> None:
    said = [sentence for sentence in _ours(_known(tmp_path, **{name: value})) if sentence.startswith(f"{name} leads")]
    assert len(said) == 1
    host = "scanner.example" if "CLAMD" in name else "mail.example" if "EMAIL" in name else "db.example"
    alone = _known(tmp_path, **{name: value}, TONGBAN_PLAIN_HOSTS=f"clamd,{host}")
    assert not [sentence for sentence in _ours(alone) if sentence.startswith(f"{name} leads")]


def test_a_database_that_is_compared_or_here_may_be_used(tmp_path: Path) -> None:
    for address in (
        "postgresql://app:x@db.example/tongban?sslmode=verify-full&sslrootcert=system",
        "postgresql://app:x@127.0.0.1/tongban",
        "postgresql://app@/tongban?host=/run/postgresql",
        "postgresql://app:x@pgbouncer:6432/tongban",
    ):
        said = _ours(_known(tmp_path, DATABASE_URL=address))
        assert not [sentence for sentence in said if " leads to " in sentence], address


CERTIFICATE = "sslmode=verify-full&sslrootcert=system&sslcert=/etc/t/app.pem&sslkey=/etc/t/app-key.pem"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://app:x@db.example/tongban?sslmode=verify-full&sslrootcert=system", 1),
        ("postgresql://app@db.example/tongban?sslmode=verify-full&passfile=/etc/t/pass", 1),
        ("postgresql://app:x@db.example/tongban?sslmode=verify-full&sslcert=/etc/t/app.pem", 1),
        ("postgresql://app:x@10.0.0.1,db.example/tongban?sslmode=verify-full", 2),
        ("postgresql://app:x@/tongban?hostaddr=10.0.0.1&sslmode=verify-full", 1),
        (f"postgresql://app@db.example/tongban?{CERTIFICATE}", 0),
        ("postgresql://app@/tongban?host=/run/postgresql", 0),
        ("postgresql://app:x@127.0.0.1/tongban", 0),
        ("postgresql://app@db.example/tongban?sslmode=verify-full", 0),  # who has nothing to show gets nowhere
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_a_password_that_never_changes_opens_no_database_elsewhere(
    tmp_path: Path, name: str, address: str, said: int
) -> None:
    ours = [one for one in _ours(_known(tmp_path, **{name: address})) if one.startswith(f"{name} opens ")]
    assert len(ours) == said, ours
    alone = _known(tmp_path, **{name: address}, TONGBAN_PASSWORD_HOSTS="db.example, 10.0.0.1")
    assert not [one for one in _ours(alone) if one.startswith(f"{name} opens ")]


def test_whoever_listens_for_other_machines_speaks_tls(tmp_path: Path) -> None:
    key = tmp_path / "web.pem"
    key.write_text("a key")
    key.chmod(0o640)
    everywhere, plain = "0.0.0.0", _known(tmp_path)  # noqa: S104 - the point of the test
    for name in ("web", "door"):
        with pytest.raises(UnsafeStart, match=f"tongban {name} would listen at {everywhere} without TLS"):
            refuse_unsafe_start(plain, address=everywhere, name=name)
    tls = {"TONGBAN_TLS_CERTIFICATE": str(key), "TONGBAN_TLS_KEY": str(key)}
    for given, address in (({}, "127.0.0.1"), (tls, everywhere), ({"TONGBAN_PLAIN_HOSTS": "clamd,web"}, everywhere)):
        assert not list(safety._listening_in_the_clear(_known(tmp_path, **given), address, "web"))
    key.chmod(0o644)
    assert any("TONGBAN_TLS_KEY" in one and "chmod 640" in one for one in _ours(_known(tmp_path, **tls)))


@pytest.fixture
def https_here(tmp_path: Path) -> Iterator[str]:
    """A server on this machine whose certificate nobody has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with contextlib.suppress(OSError):
                context.wrap_socket(listening.accept()[0], server_side=True).close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"https://localhost:{listening.getsockname()[1]}"


def test_a_certificate_that_browsers_do_not_trust_is_named(https_here: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = list(untrusted_certificate(https_here))
    assert len(said) == 1
    assert said[0].startswith("TONGBAN_PUBLIC_URL: browsers do not trust the certificate: self")
    assert list(untrusted_certificate("http://localhost")) == []
    assert list(untrusted_certificate("https://localhost:9")) == []
    assert "could not be looked at" in capsys.readouterr().err
