"""How news are signed (Standard Webhooks 1.0.0), how long it is tried, and when a receiver is given up."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600))
"""After the first, second … try that failed; the last is repeated."""
GIVEN_UP_AFTER = timedelta(days=5)
CONFIRMED_WITHIN = timedelta(days=1)
OLD_SECRET_HOLDS = timedelta(hours=24)
PREFIX = "whsec_"
GONE = 410


def new_secret() -> str:
    """Return a secret as the standard writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def rotated(kept: Sequence[Mapping[str, Any]], secret: str, now: datetime) -> list[dict[str, Any]]:
    """Return the secrets with a new one first; the one before holds for a day more, older ones no longer."""
    until = (now + OLD_SECRET_HOLDS).isoformat()
    return [{"secret": secret, "until": None}, *({"secret": one["secret"], "until": until} for one in kept[:1])]


def good(kept: Iterable[Mapping[str, Any]], now: datetime) -> list[str]:
    """Return the secrets that hold now, the newest first."""
    return [
        str(one["secret"]) for one in kept if one["until"] is None or datetime.fromisoformat(str(one["until"])) > now
    ]


def signature(message_id: str, timestamp: int, body: bytes, *, held: Iterable[str]) -> str:
    """Return the value of `webhook-signature`: one signature by each secret that holds."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signed(one, signed)}" for one in held)


def _signed(secret: str, text: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = secret.encode()
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries that failed."""
    return WAITS[min(tries, len(WAITS)) - 1]


def is_given_up(failing_since: datetime, now: datetime, *, confirmed: bool) -> bool:
    """Whether a receiver that has failed since then is dead."""
    return now - failing_since >= (GIVEN_UP_AFTER if confirmed else CONFIRMED_WITHIN)


def message_id(webhook: str, after: int, until: int) -> str:
    """Return the id of a message: the same at every try of the same changes."""
    return "msg_" + hashlib.sha256(f"{webhook}:{after}:{until}".encode()).hexdigest()[:32]
