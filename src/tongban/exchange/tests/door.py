"""A neighbour who calls at our door, and a service behind it, for tests."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.exchange.actions import membership, passing
from tongban.exchange.door import known
from tongban.exchange.door.answering import answered_by, opened_by
from tongban.exchange.door.messages import Body, Head, Leaving
from tongban.exchange.queries import membership as queries
from tongban.exchange.rules.neighbours import keys
from tongban.exchange.rules.neighbours.directory import Member, told_of
from tongban.exchange.rules.neighbours.keys import PublicKey
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request
from tongban.exchange.rules.signatures.signing import SigningKey, Stamp, sign_call
from tongban.exchange.rules.xroad.identifiers import client_of
from tongban.ledger.rules.notes import LOG, Signer

ISSUER = Signer("tongban-directory", LOG, b"\x07" * 32)
OURS, THEIRS = "CN/GOV/yunlan", "CN/GOV/tingnan"
ADDRESS = "https://yunlan.example:8444"
THEIR_KEY = Ed25519PrivateKey.from_private_bytes(b"\x21" * 32)
_PUBLIC = THEIR_KEY.public_key().public_bytes_raw()
SIGNING = SigningKey(keys.thumbprint(_PUBLIC), THEIR_KEY)


@dataclass
class Neighbourhood:
    """We, and one neighbour, in a directory."""

    now: datetime

    def sends(
        self, path: str, content: bytes = b"", *, method: str = "GET", headers: tuple[tuple[str, str], ...] = (), nonce: str = "",
        change: Callable[[Request], Request] = lambda request: request, key: SigningKey = SIGNING, body: bytes | None = None, at: datetime | None = None,
        client: str = f"{THEIRS}/cases",
    ) -> Leaving:  # fmt: skip
        """Send a signed call as the neighbour does."""
        own = (("X-Road-Client", client), *headers)
        if content:
            own = (*own, ("Content-Digest", digests.of_body(content)), ("Content-Length", str(len(content))))
        request = Request.to(ADDRESS + path, method=method, fields=own)
        signed = change(sign_call(request, key=key, stamp=Stamp(self.now, nonce or new_id().hex)))
        return self.at_door(
            signed.method, signed.path, signed.query, signed.fields, content if body is None else body, at=at
        )

    def at_door(
        self, method: str, path: str, query: str = "", headers: tuple[tuple[str, str], ...] = (), content: bytes = b"", *, peer: str = "127.0.0.1", at: datetime | None = None
    ) -> Leaving:  # fmt: skip
        """Bring any message to the door."""
        lowered = tuple((name.lower(), value) for name, value in headers)
        head = Head(method=method, path=path, query=query, headers=lowered, peer=peer)
        opened = opened_by(head, at or self.now)
        if isinstance(opened, Leaving):
            return opened
        body = Body()
        if content:
            body.take(content)
        return answered_by(opened, body, at or self.now, too_long=False)


def neighbourhood(now: datetime, their_address: str = "https://tingnan.example:8444") -> Neighbourhood:
    """Join, with one neighbour, an hour ago."""
    then = now - timedelta(hours=1)
    place = membership.OwnPlace(member=OURS, name="云澜市", address=ADDRESS, issuers=[str(ISSUER.key)])
    membership.join(actor=SYSTEM, place=place, now=then)
    membership.make_key(actor=SYSTEM, now=then)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(then)), now=then)
    key = PublicKey(_PUBLIC, now.replace(year=now.year - 1), now.replace(year=now.year + 1))
    theirs = Member(
        id=client_of(THEIRS), name="汀南市", address=their_address, keys=(key,), subsystems=(("cases", "办件"),)
    )
    membership.admit(actor=SYSTEM, description=told_of(theirs), now=then)
    membership.issue(actor=SYSTEM, signer=ISSUER, now=then)
    known.forget()
    return Neighbourhood(now)


@contextmanager
def rest_service(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """Serve as an unchanged REST provider does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("content-length", 0))))

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815 - the library's names

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def closed_port() -> str:
    """Return an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"http://127.0.0.1:{door.getsockname()[1]}"


def offered(code: str, address: str, *rights: tuple[str, str], client: str = f"{THEIRS}/cases", **more: Any) -> None:
    """Offer a REST service to the neighbour."""
    service = passing.offer(
        actor=SYSTEM, offered=passing.Offer(subsystem="registers", code=code, address=address, **more), now=_then()
    )
    for method, path in rights:
        passing.allow(actor=SYSTEM, service_id=service.id, client=client, method=method, path=path, now=_then())


def _then() -> datetime:
    return clock.now()
