"""One message is posted: within a deadline, along no redirection, and of the answer little is read."""

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tongban.exchange.contrib.neighbours.line import Answered, Away, Lines, Sent
from tongban.exchange.contrib.outside.guard import GUARD, let_go
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside.places import PORTS

SECONDS = 10.0
GRACE_SECONDS = 2.0
LARGEST_ANSWER = 64 * 1024
FINE = range(200, 300)


class Failed(Exception):  # noqa: N818 - says what is so
    """It was not received: `why` is a code, or "status_" and the number."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why)
        self.why = why


@lru_cache(maxsize=1)
def lines() -> Lines:
    """Return the lines to receivers; made at the first call, after the process was forked."""
    return Lines(largest=LARGEST_ANSWER)


def post(
    webhook_id: UUID, address: str, origin: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> Mapping[str, Any]:
    """Post a message and return the answer's JSON object, empty where it is none. Raises Failed."""
    parts = urlsplit(address)
    scheme, _, host = origin.partition("://")
    sent = Sent(
        origin=f"{scheme}://{host.removesuffix(f':{PORTS[scheme]}')}",
        method="POST",
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        headers=headers,
        body=io.BytesIO(body),
        length=len(body),
        is_once=True,
    )

    def exchange() -> Answered:
        try:
            return lines().exchange(sent, seconds=SECONDS)
        except Away as away:
            raise Failed(away.why) from away

    let_go()
    try:
        answered = GUARD.ask(("webhook", webhook_id), exchange, seconds=SECONDS + GRACE_SECONDS)
    except SourceAway as away:
        raise Failed(away.why) from away
    if answered.status not in FINE:
        message = f"status_{answered.status}"
        raise Failed(message)
    return _document(answered.body.read())


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
