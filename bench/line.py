"""A lean HTTP client on one connection that is kept alive: it shares two cores with what it measures."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_WITHOUT_BODY = frozenset({204, 304})


class Cut(OSError):  # noqa: N818 - what happened
    """The connection ended, or nothing came for too long: whether the request was done is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; headers are looked into only when asked for."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of a name, empty if there is none."""
        found = re.search(rb"\r\n" + re.escape(name.encode()) + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else ""

    def cookies(self) -> dict[str, str]:
        """Return the cookies that are set."""
        return {name.decode(): value.decode("latin-1") for name, value in _COOKIE.findall(self.head)}


def get(path: str, cookies: Mapping[str, str] | None = None, **headers: str) -> bytes:
    """Return a GET as it goes over the line."""
    return _request("GET", path, cookies, headers, b"")


def post(path: str, fields: Mapping[str, str], cookies: Mapping[str, str] | None = None, **headers: str) -> bytes:
    """Return a form as it goes over the line. The CSRF token is taken from the cookies."""
    token = {"csrfmiddlewaretoken": cookies["csrftoken"]} if cookies and "csrftoken" in cookies else {}
    body = urlencode({**fields, **token}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return _request("POST", path, cookies, {**kind, **headers}, body)


def post_json(path: str, sent: object, cookies: Mapping[str, str]) -> bytes:
    """Return a JSON body as it goes over the line to the API, with the token of the session."""
    headers = {"Content-Type": "application/json", "X-CSRFToken": cookies["csrftoken"]}
    return _request("POST", path, cookies, headers, json.dumps(sent).encode())


def _request(
    method: str, path: str, cookies: Mapping[str, str] | None, headers: Mapping[str, str], body: bytes
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Line(asyncio.Protocol):
    """One connection. `ask` sends one request and returns its answer; one at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parts = b""
        self._head = b""
        self._missing = -1

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect; raises OSError when nobody listens."""
        _transport, line = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return line

    @property
    def is_open(self) -> bool:
        """Whether another request may be sent."""
        return self._transport is not None

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return the answer; raises Cut."""
        if self._transport is None:
            raise Cut
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        self._transport.write(request)
        alarm = loop.call_later(PATIENCE_SECONDS, self.close)
        try:
            return await self._waiting
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()
        self.connection_lost(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Cut())

    def data_received(self, data: bytes) -> None:
        """Gather until the answer is whole."""
        self._parts += data
        if not self._head and not self._read_head():
            return
        body = self._whole_body()
        if body is None or self._waiting is None or self._waiting.done():
            return
        answer = Answer(int(self._head[9:12]), self._head, body)
        self._parts, self._head = b"", b""
        if _CLOSE.search(answer.head):
            transport, self._transport = self._transport, None
            if transport is not None:
                transport.close()
        self._waiting.set_result(answer)

    def _read_head(self) -> bool:
        head, blank, rest = self._parts.partition(b"\r\n\r\n")
        if not blank:
            return False
        self._head, self._parts = head + b"\r\n", rest
        length = _LENGTH.search(head)
        if length:
            self._missing = int(length[1])
        else:
            self._missing = -1 if _CHUNKED.search(head) else 0
        if int(head[9:12]) in _WITHOUT_BODY:
            self._missing = 0
        return True

    def _whole_body(self) -> bytes | None:
        if self._missing >= 0:
            return self._parts if len(self._parts) >= self._missing else None
        return _joined(self._parts) if self._parts.endswith(b"0\r\n\r\n") else None


def _joined(chunks: bytes) -> bytes:
    """Return a body that came in chunks."""
    found, rest = [], chunks
    while rest:
        size, _line, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        found.append(rest[:length])
        rest = rest[length + 2 :] if length else b""
    return b"".join(found)
