"""Verification of messages between installations. Strict: what must be signed is signed, or nothing is believed.

There is nothing to negotiate: one algorithm, one signature with our tag, every parameter there, every part covered that
must be. Whatever else a message carries does not help it.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tongban.exchange.rules.signatures import signing
from tongban.exchange.rules.signatures.components import Component, base_of, component_of
from tongban.exchange.rules.signatures.messages import Request, Response, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved, Why
from tongban.exchange.rules.signatures.structured import Member, dictionary, serialised

SKEW = 30
"""Seconds by which the clocks of two installations may differ."""
LONGEST_LIFE = 300
"""Seconds: what is good for longer would have to be remembered for longer."""
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SIGNATURE_BYTES = 64
_TEXTS = ("nonce", "keyid", "tag")
_TIMES = ("created", "expires")

Keys = Callable[[str], Ed25519PublicKey | None]
"""Finds a public key that is good now by its name; none, if there is none."""


@dataclass(frozen=True, slots=True)
class Believed:
    """A signature that is right: by which key, and until when its number is remembered so that it works once."""

    key_id: str
    nonce: str
    created: int
    remember_until: int


@dataclass(frozen=True, slots=True)
class _Found:
    label: str
    components: tuple[Component, ...]
    parameters: Mapping[str, Any]
    written: str


def verify_call(request: Request, *, keys: Keys, now: datetime, has_body: bool) -> Believed:
    """Verify the signature of a call. Raises NotBelieved. The body is compared apart, while it comes in."""
    needed = list(signing.covered_of_call(request))
    if has_body and combined(request.fields, "content-digest") is None:
        raise NotBelieved(Why.DIGEST_MISSING)
    return _verified(request, needed, tag=signing.CALL, keys=keys, now=now)


def verify_answer(response: Response, *, keys: Keys, now: datetime, has_body: bool) -> Believed:
    """Verify the signature of an answer, and that it answers this very call. Raises NotBelieved."""
    if has_body and combined(response.fields, "content-digest") is None:
        raise NotBelieved(Why.DIGEST_MISSING)
    return _verified(response, list(signing.covered_of_answer(response)), tag=signing.ANSWER, keys=keys, now=now)


def _verified(message: Request | Response, needed: list[Component], *, tag: str, keys: Keys, now: datetime) -> Believed:
    found, signature = _found(message, tag)
    until = _in_time(found.parameters, int(now.timestamp()))
    _covering(found, needed)
    key_id = str(found.parameters["keyid"])
    key = keys(key_id)
    if key is None:
        raise NotBelieved(Why.SIGNATURE_KEY_UNKNOWN, key_id[:100])
    try:
        key.verify(signature, base_of(found.components, message, found.written))
    except InvalidSignature:
        raise NotBelieved(Why.SIGNATURE_FORGED) from None
    return Believed(key_id, str(found.parameters["nonce"]), int(found.parameters["created"]), until)


def _found(message: Request | Response, tag: str) -> tuple[_Found, bytes]:
    """Return the one signature that was made for us."""
    inputs = _members(message, "signature-input")
    signatures = _members(message, "signature")
    ours = [label for label, (_parts, parameters) in inputs.items() if parameters.get("tag") == tag]
    if not ours:
        raise NotBelieved(Why.SIGNATURE_MISSING, tag)
    if len(ours) > 1:
        raise NotBelieved(Why.SIGNATURE_AMBIGUOUS)
    found = _read(ours[0], inputs[ours[0]])
    signature = signatures.get(found.label, (None, {}))[0]
    if not isinstance(signature, bytes) or len(signature) != _SIGNATURE_BYTES:
        raise NotBelieved(Why.SIGNATURE_MALFORMED, "signature")
    if base64.b64encode(signature).decode() not in (combined(message.fields, "signature") or ""):
        raise NotBelieved(Why.SIGNATURE_MALFORMED, "signature")  # written with stray bits: each signature has one form
    return found, signature


def _members(message: Request | Response, name: str) -> Mapping[str, Member]:
    value = combined(message.fields, name)
    if value is None:
        raise NotBelieved(Why.SIGNATURE_MISSING, name)
    return dictionary(value, refused_as=Why.SIGNATURE_MALFORMED)


def _read(label: str, member: Member) -> _Found:
    parts, parameters = member
    if not isinstance(parts, list) or label != signing.LABEL:
        raise NotBelieved(Why.SIGNATURE_MALFORMED, "signature-input")
    algorithm = parameters.get("alg", "ed25519")
    if not isinstance(algorithm, str) or algorithm != "ed25519":
        raise NotBelieved(Why.SIGNATURE_ALGORITHM)
    for name in (*_TIMES, *_TEXTS):
        if type(parameters.get(name)) is not (int if name in _TIMES else str):
            raise NotBelieved(Why.SIGNATURE_PARAMETER_MISSING, name)
    if not NONCE.fullmatch(parameters["nonce"]):
        raise NotBelieved(Why.SIGNATURE_PARAMETER_MISSING, "nonce")
    components = tuple(component_of(name, of_it) for name, of_it in parts)
    return _Found(label, components, parameters, serialised(member))


def _in_time(parameters: Mapping[str, Any], now: int) -> int:
    """Return until when its number must be remembered."""
    created, expires = int(parameters["created"]), int(parameters["expires"])
    if not created < expires <= created + LONGEST_LIFE:
        raise NotBelieved(Why.SIGNATURE_LIVES_TOO_LONG)
    if created > now + SKEW:
        raise NotBelieved(Why.SIGNATURE_FROM_THE_FUTURE)
    if now > expires + SKEW:
        raise NotBelieved(Why.SIGNATURE_EXPIRED)
    return expires + SKEW + 1


def _covering(found: _Found, needed: list[Component]) -> None:
    covered = {one.identity for one in found.components}
    for one in needed:
        if one.identity not in covered:
            raise NotBelieved(Why.SIGNATURE_NOT_COVERING, str(one))
