"""What the server calls (ASGI): the head, then the body piece by piece onto a spool, then the answer piece by piece.

Reading and writing are asynchronous, so that a slow line holds no thread; all else runs in threads, as in the pages.
"""

import asyncio
import hashlib
import logging
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from tongban.base import clock
from tongban.base.logging import request_id
from tongban.exchange.contrib.neighbours.line import LARGEST
from tongban.exchange.door.answering import answered_by, opened_by
from tongban.exchange.door.messages import PIECE, Body, Head, Leaving
from tongban.exchange.door.opening import Opened

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger("tongban.exchange.door")
PIECE_SECONDS = 20.0
"""How long the next piece of a body may take."""
BODY_SECONDS = 300.0
MOST_AT_ONCE = 32
_threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="door")


class Broken(Exception):  # noqa: N818 - says what was met
    """Who sent it has gone, or is too slow."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] != "http":
        return
    loop = asyncio.get_running_loop()
    head = head_of(scope)
    opened = await loop.run_in_executor(_threads, opened_by, head, clock.now())
    if isinstance(opened, Leaving):
        await _send(opened, send, with_body=head.method != "HEAD")
        return
    request_id.set(opened.request_id)
    body, too_long = Body(), False
    if opened.fault is None:
        try:
            too_long = await _read(body, receive)
        except (Broken, TimeoutError):
            return
    leaving = await loop.run_in_executor(_threads, lambda: _answered(opened, body, too_long=too_long))
    await _send(leaving, send, with_body=head.method != "HEAD")


def _answered(opened: Opened, body: Body, *, too_long: bool) -> Leaving:
    return answered_by(opened, body, clock.now(), too_long=too_long)


def head_of(scope: Scope) -> Head:
    """Return the head as it came, the path not decoded; behind nginx with the certificate and the address it tells."""
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    peer = str((scope.get("client") or ("", 0))[0])
    trusted = settings.SECURE_PROXY_SSL_HEADER is not None
    known = dict(headers)
    return Head(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple(one for one in headers if one[0] not in _FROM_PROXY),
        peer=known.get("x-real-ip", peer) if trusted else peer,
        certificate=fingerprint(known.get("x-tongban-certificate", "")) if trusted else "",
    )


def fingerprint(escaped: str) -> str:
    """Return the SHA-256 of a certificate as nginx hands it on (`$ssl_client_escaped_cert`); its own is SHA-1."""
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(unquote(escaped))).hexdigest()
    except ValueError:
        return ""


_FROM_PROXY = frozenset(
    {"x-tongban-certificate", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
)


async def _read(body: Body, receive: Receive) -> bool:
    """Read a body; return whether it was too long. Raises Broken, TimeoutError."""
    async with asyncio.timeout(BODY_SECONDS):
        while True:
            async with asyncio.timeout(PIECE_SECONDS):
                message = await receive()
            if message["type"] != "http.request":
                raise Broken
            piece = message.get("body", b"")
            if body.length + len(piece) > LARGEST:
                return True
            if piece:
                body.take(piece)
            if not message.get("more_body", False):
                return False


async def _send(leaving: Leaving, send: Send, *, with_body: bool) -> None:
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in leaving.headers]
    headers.append((b"content-length", str(leaving.length).encode()))
    await send({"type": "http.response.start", "status": leaving.status, "headers": headers})
    leaving.body.seek(0)
    more = with_body
    while more:
        piece = leaving.body.read(PIECE)
        more = len(piece) == PIECE
        await send({"type": "http.response.body", "body": piece, "more_body": more})
    if not with_body:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
