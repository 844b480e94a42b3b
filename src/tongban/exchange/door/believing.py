"""Whether a signed message that came to the door is believed: its head before its body is read, then its body."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tongban.exchange.door import known
from tongban.exchange.door.messages import Body, Head
from tongban.exchange.queries.membership import verifying_key
from tongban.exchange.rules.neighbours.directory import Directory
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request, authority_of, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved, Why
from tongban.exchange.rules.signatures.verifying import Believed, verify_call
from tongban.exchange.rules.xroad.identifiers import ClientId

SIGNED = ("signature", "signature-input")
FOR_THE_WAY = frozenset({*SIGNED, digests.FIELD})
"""What is added for the way between installations."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has signed, and what."""

    client: ClientId
    believed: Believed
    request: Request


def is_signed(head: Head) -> bool:
    """Whether a message claims to be signed. One that does is believed by its signature or not at all."""
    return any(head.header(name) is not None for name in SIGNED)


def request_of(head: Head, address: str) -> Request:
    """Return the request as its sender must have signed it: to our own address, whatever its header Host says."""
    parts = urlsplit(address)
    return Request(
        method=head.method,
        scheme=parts.scheme,
        authority=authority_of(parts.netloc, parts.scheme),
        path=head.path,
        query=head.query,
        fields=head.headers,
    )


def believe(head: Head, client: ClientId, *, now: datetime) -> Caller:
    """Verify the signature of a head. Raises NotBelieved, NoMembership, NoDirectory, NoKey."""
    request = request_of(head, known.place(now).address)
    directory = known.directory(now)
    length = head.header("content-length")
    has_body = head.header("transfer-encoding") is not None or (length is not None and length != "0")
    believed = verify_call(request, keys=_keys(directory, client, now), now=now, has_body=has_body)
    return Caller(client, believed, request)


def compare_body(head: Head, body: Body) -> None:
    """Compare a body with the digest that was signed. Raises NotBelieved."""
    if combined(head.headers, digests.FIELD) is None:
        if body.length:
            raise NotBelieved(Why.DIGEST_MISSING)
        return
    if not body.digester.fits(digests.promised(head.headers)):
        raise NotBelieved(Why.DIGEST_WRONG)


def _keys(directory: Directory, client: ClientId, now: datetime) -> Callable[[str], Ed25519PublicKey | None]:
    return lambda key_id: verifying_key(directory, key_id, of=client, now=now)


def without_signature(head: Head) -> Head:
    """Return a head without what was added for the way between installations."""
    return replace(head, headers=tuple(one for one in head.headers if one[0] not in FOR_THE_WAY))
