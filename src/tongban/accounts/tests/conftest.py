"""What the tests of this room share."""

import base64
import hmac
from dataclasses import dataclass, field

import pytest
from django.test import Client

from tongban.accounts import kinds
from tongban.accounts.rules import Channel
from tongban.base.registry import Registry


@dataclass
class Post:
    """A post office that keeps what it was given."""

    letters: list[tuple[Channel, str, str]] = field(default_factory=list)

    def carry(self, *, channel: Channel, address: str, subject: str, body: str, now: object) -> None:
        """Keep a letter."""
        del body, now
        self.letters.append((channel, address, subject))

    def code(self) -> str:
        """Return the code of the last letter."""
        return "".join(char for char in self.letters[-1][2] if char.isdigit())


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """A post office of the test's own."""
    office = Post()
    registry: Registry[kinds.Carry] = Registry("carrier of codes")
    registry.register("test", office.carry)
    monkeypatch.setattr("tongban.accounts.actions.addresses.carriers", registry)
    return office


class App:
    """Somebody's authenticator app (RFC 6238). Its clock is the server's too, and shows the next half minute at each code."""

    def __init__(self) -> None:
        self._now = 1_800_000_000

    def time(self) -> int:
        """Return the time, as the module of that name."""
        return self._now

    def code(self, secret: str) -> str:
        """Return a code that was not used yet."""
        self._now += 30
        counted = hmac.digest(base64.b32decode(secret), (self._now // 30).to_bytes(8, "big"), "sha1")
        place = counted[-1] & 0xF  # RFC 4226, 5.3
        number = int.from_bytes(counted[place : place + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """An app with a clock of the test's own."""
    telephone = App()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", telephone)
    return telephone


def set_up(client: Client, app: App, *, page: str = "/profile/second-factor") -> str:
    """Set up the app on its page; return its secret."""
    secret = str(client.get(page).context["secret"]).replace(" ", "")
    assert client.post(page, {"code": app.code(secret)}).status_code == 200
    return secret
