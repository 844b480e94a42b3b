"""What the tests of this room share."""

from dataclasses import dataclass, field

import pytest

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
