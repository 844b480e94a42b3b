"""Signing of messages between installations: which parts are covered, and by whose key (RFC 9421, Ed25519)."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongban.exchange.rules.signatures.components import Component, base_of, can_be_signed, field
from tongban.exchange.rules.signatures.messages import Fields, Request, Response, combined
from tongban.exchange.rules.signatures.structured import serialised

LABEL = "tongban"
CALL, ANSWER = "tongban-call", "tongban-answer"
"""Tags: a signature that was made for a call is never taken for one of an answer (RFC 9421, 7.2.6)."""
GRANT, PURPOSE, CASE, STANDING = "tongban-grant", "tongban-purpose", "tongban-case", "tongban-standing"
BOUND = (
    GRANT, PURPOSE, CASE, STANDING, "content-type", "content-digest", "x-road-client", "x-road-service", "x-road-id",
    "x-road-issue", "x-road-userid", "x-road-represented-party", "x-road-request-hash", "x-road-error", "location",
)  # fmt: skip
"""Fields that a signature covers whenever they are there: no one on the way can add, change or remove them."""
LIFE = 60
"""Seconds for which a signed message is good."""
TARGET = (field("@method"), field("@target-uri"))


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name by which others find the public one."""

    id: str
    secret: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a signature is made, and the number that makes it good for one time."""

    at: datetime
    nonce: str
    life: int = LIFE


def unfit_field(fields: Fields) -> str:
    """Return the name of a field that must be signed and cannot be; empty: there is none."""
    values = {name: combined(fields, name) or "" for name in BOUND}
    return next((name for name, value in values.items() if not can_be_signed(value)), "")


def covered_of_call(request: Request) -> tuple[Component, ...]:
    """Return the parts of a call that are signed."""
    return (*TARGET, *(field(name) for name in BOUND if combined(request.fields, name) is not None))


def covered_of_answer(response: Response) -> tuple[Component, ...]:
    """Return the parts of an answer that are signed: its own, and the request that it answers with its signature.

    Of that its parameters are signed too: bytes alone could belong to another message (RFC 9421, 2.4).
    """
    own = (field(name) for name in BOUND if combined(response.fields, name) is not None)
    asked = ("content-digest",) if combined(response.request.fields, "content-digest") is not None else ()
    return (
        field("@status"),
        *own,
        *(field(one.name, of_request=True) for one in TARGET),
        *(field(name, of_request=True) for name in asked),
        field("signature-input", key=LABEL, of_request=True),
        field("signature", key=LABEL, of_request=True),
    )


def sign_call(request: Request, *, key: SigningKey, stamp: Stamp) -> Request:
    """Return a call with its signature."""
    return request.with_fields(*signed(request, covered_of_call(request), key=key, stamp=stamp, tag=CALL))


def sign_answer(response: Response, *, key: SigningKey, stamp: Stamp) -> Response:
    """Return an answer with its signature, bound to the call."""
    return response.with_fields(*signed(response, covered_of_answer(response), key=key, stamp=stamp, tag=ANSWER))


def signed(
    message: Request | Response, covered: Iterable[Component], *, key: SigningKey, stamp: Stamp, tag: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the two fields of a signature."""
    components = tuple(covered)
    created = int(stamp.at.timestamp())
    parameters: Mapping[str, int | str] = {
        "created": created,
        "expires": created + stamp.life,
        "nonce": stamp.nonce,
        "alg": "ed25519",
        "keyid": key.id,
        "tag": tag,
    }
    written = serialised(([(one.name, dict(one.parameters)) for one in components], dict(parameters)))
    signature = key.secret.sign(base_of(components, message, written))
    encoded = base64.b64encode(signature).decode()
    return ("signature-input", f"{LABEL}={written}"), ("signature", f"{LABEL}=:{encoded}:")
