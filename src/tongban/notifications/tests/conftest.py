"""An account to write to, and a real mail server on a free port of this machine."""

from asyncio import Server
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tongban.base.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from tongban.accounts.models import Account

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def city(settings: Any) -> None:
    """Where letters come from."""
    settings.TONGBAN_PUBLIC_URL = "https://tongban.example"
    settings.DEFAULT_FROM_EMAIL = "云汀通办 <office@tongban.example>"


@pytest.fixture
def account(db: None) -> "Account":
    """An official's account, for their addresses count as verified."""
    from tongban.accounts import actions as accounts

    official = accounts.create_official(
        actor=SYSTEM,
        name="江河",
        staff_number="N1",
        username="jianghe",
        email="jiang@mail.example",
        phone="13800001111",
        now=NOW,
    )
    return official.account


@pytest.fixture
def reader(account: "Account") -> Actor:
    return Actor(kind="official", account_id=account.id)


class MailServer:
    """Keeps what it is given; says no, or drops the line, when it is told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - the library's name and signature
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        if self.answers.get("DATA") == "drop":
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(BytesParser(EmailMessage, policy=default).parsebytes(content))
        self.recipients += envelope.rcpt_tos
        return "250 taken"


class OnFreePort(Controller):
    """Listens on whatever port is free; the library itself wants to know it beforehand."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's own


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    controller = OnFreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield server
    controller.stop()
