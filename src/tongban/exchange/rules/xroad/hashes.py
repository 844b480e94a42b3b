"""The bytes of a request and of an answer that X-Road hashes, and the hash that ties an answer to its request."""

import base64
import hashlib
from collections.abc import Iterable

from tongban.exchange.rules.xroad.headers import passing

_END = "\r\n"


def request_head(method: str, path: str, query: str, pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return the bytes of the head of a request: its line, then its headers that pass, as they were sent."""
    target = f"{path}?{query}" if query else path
    return f"{method}{_END}{target}{_END}{_written(pairs)}".encode("latin-1", "replace")


def response_head(status: int, reason: str, pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return the bytes of the head of an answer."""
    return f"{status}{_END}{reason}{_END}{_written(pairs)}".encode("latin-1", "replace")


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}:{value}{_END}" for name, value in passing(pairs))


def request_hash(head: bytes, body_digest: bytes | None) -> str:
    """Return the hash of a request: over the SHA-512 of its head and that of its body; without a body, of the head."""
    digest = hashlib.sha512(head).digest()
    if body_digest is not None:
        digest = hashlib.sha512(digest + body_digest).digest()
    return base64.b64encode(digest).decode()
