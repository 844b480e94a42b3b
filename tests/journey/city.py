"""A city as its makers start it, for one test run: a database of its own, web, worker, and a mail server beside it."""

import email
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from shutil import rmtree
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

CASES = 4
START_SECONDS = 90
MAIL_SECONDS = 20


@dataclass
class Letters:
    """What the city's worker has handed to the mail server, in order of arrival."""

    received: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take a letter."""
        assert envelope.content is not None
        content = envelope.content if isinstance(envelope.content, bytes) else envelope.content.encode()
        letter = email.message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.received.append(letter)
        return "250 OK"

    def wait_for(self, address: str, words: str) -> str:
        """Return the text of the first letter to an address that says these words, once it has come."""
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            for letter in self.received:
                text = f"{letter['Subject']}\n{letter.get_content()}"
                if address in str(letter["To"]) and words in text:
                    return text
            time.sleep(0.1)
        said = [str(letter["Subject"]) for letter in self.received if address in str(letter["To"])]
        message = f"no letter to {address} says {words!r} within {MAIL_SECONDS} s; there came {said}"
        raise AssertionError(message)


@dataclass(frozen=True)
class City:
    """A running city."""

    address: str
    letters: Letters


@contextmanager
def running_city() -> Iterator[City]:
    """Start a small demo city on a free port, as `make run` does; stop it and throw it away afterwards."""
    letters = Letters()
    post: Any = Controller(letters, hostname="127.0.0.1", port=_free_port())
    post.start()
    var = Path(tempfile.mkdtemp(prefix="tongban-city-"))
    surroundings = _surroundings(var, f"smtp://127.0.0.1:{post.port}")
    try:
        for command in (["migrate"], ["demo", "--cases", str(CASES)]):
            subprocess.run(_own(*command), env=surroundings, check=True, stdout=subprocess.DEVNULL)
        with _served(surroundings) as address:
            yield City(address, letters)
    finally:
        post.stop()
        rmtree(var, ignore_errors=True)


@contextmanager
def _served(surroundings: dict[str, str]) -> Iterator[str]:
    port = _free_port()
    serving = subprocess.Popen(_own("serve", "--demo", "--port", str(port), "--processes", "1"), env=surroundings)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(f"{address}/healthz", serving)
        yield address
    finally:
        serving.terminate()
        serving.wait(timeout=40)


def _surroundings(var: Path, email_url: str) -> dict[str, str]:
    """Return the environment of an installation that knows nothing of the test run around it."""
    ours = ("TONGBAN_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "TONGBAN_VAR": str(var),
        "TONGBAN_EMAIL_URL": email_url,
        "TONGBAN_DEMO": "on",
        "TONGBAN_LIMITS": "factor=100",
    }


def _own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tongban", *arguments]


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _wait_until_it_answers(address: str, serving: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and serving.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = "the city does not answer"
    raise AssertionError(message)
