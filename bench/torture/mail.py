"""A mail server with moods: it takes letters, refuses them, hangs, or drops the line in mid-conversation."""

import asyncio
import email
from collections import Counter, defaultdict
from email.policy import default
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench import processes

Mood = Literal["takes", "refuses", "hangs", "drops"]
HANG_SECONDS = 60.0


class MailServer:
    """Listens on loopback and remembers each letter that it has acknowledged."""

    def __init__(self) -> None:
        """Nothing listens yet."""
        self.mood: Mood = "takes"
        self.taken: Counter[str] = Counter()
        """How often each Message-ID was taken."""
        self.contents: dict[str, set[tuple[str, str]]] = defaultdict(set)
        """To whom and about what each Message-ID was; more than one means that an id was used twice."""
        self._controller: Any = Controller(self, hostname="127.0.0.1", port=processes.free_port())

    def start(self) -> str:
        """Listen and return the address for TONGBAN_EMAIL_URL."""
        self._controller.start()
        return f"smtp://127.0.0.1:{self._controller.port}"

    def stop(self) -> None:
        """Listen no longer."""
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take a letter, or not, as the mood is."""
        match self.mood:
            case "refuses":
                return "451 4.3.0 Try again later"
            case "hangs":
                await asyncio.sleep(HANG_SECONDS)
                return "451 4.3.0 That took too long"
            case "drops":
                line: Any = server.transport
                line.abort()
                return "451 4.3.0 Gone"
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        letter = email.message_from_bytes(content, policy=default)
        identity = str(letter["Message-ID"])
        self.taken[identity] += 1
        self.contents[identity].add((str(letter["To"]), str(letter["Subject"])))
        return "250 OK"
