"""Signatures between installations beside those of others: the RFC's own example, and another implementation, both ways."""

import base64
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import http_message_signatures as other
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tongban.exchange.rules.signatures import digests, signing, verifying
from tongban.exchange.rules.signatures.components import Component, base_of, field
from tongban.exchange.rules.signatures.messages import Request, Response
from tongban.exchange.rules.signatures.refusals import Why
from tongban.exchange.rules.signatures.structured import dictionary, serialised
from tongban.exchange.tests.test_signatures import (
    KEY,
    NONCE,
    OWN,
    PUBLIC,
    THEIR_KEY,
    THEIRS,
    answer,
    call,
    changed,
    refused,
    verify,
)

# ---- the RFC's own example: B.1.4 and B.2.6 ----

RFC_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
RFC_PARAMETERS = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
RFC_BODY_DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"


def rfc_request() -> Request:
    fields = [
        ("Host", "example.com"),
        ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("Content-Type", "application/json"),
        ("Content-Digest", RFC_BODY_DIGEST),
        ("Content-Length", "18"),
    ]
    return Request.to("https://example.com/foo?param=Value&Pet=dog", method="POST", fields=fields)


def test_it_makes_the_bytes_and_the_signature_of_the_rfc() -> None:
    names = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    base = base_of([Component(name) for name in names], rfc_request(), RFC_PARAMETERS)
    assert base.decode() == (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n'
        '"@method": POST\n'
        '"@path": /foo\n'
        '"@authority": example.com\n'
        '"content-type": application/json\n'
        '"content-length": 18\n'
        f'"@signature-params": {RFC_PARAMETERS}'
    )
    key = load_pem_private_key(RFC_KEY, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    assert base64.b64encode(key.sign(base)).decode() == RFC_SIGNATURE
    assert serialised(dictionary(f"x={RFC_PARAMETERS}", refused_as=Why.SIGNATURE_MALFORMED)["x"]) == RFC_PARAMETERS


def test_it_reads_the_digest_of_the_rfc() -> None:
    digests.compare(rfc_request().fields, b'{"hello": "world"}')
    refused("digest_wrong", lambda: digests.compare(rfc_request().fields, b'{"hello": "World"}'))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("@method", "POST"),
        ("@target-uri", "https://example.com/foo?param=Value&Pet=dog"),
        ("@authority", "example.com"),
        ("@scheme", "https"),
        ("@request-target", "/foo?param=Value&Pet=dog"),
        ("@path", "/foo"),
        ("@query", "?param=Value&Pet=dog"),
    ],
)
def test_parts_that_are_derived_read_as_in_the_rfc(name: str, value: str) -> None:
    assert base_of([Component(name)], rfc_request(), "()").decode().splitlines()[0] == f'"{name}": {value}'


def test_fields_are_put_together_as_in_the_rfc() -> None:
    fields = [
        ("X-OWS-Header", "  Leading and trailing whitespace.  "),
        ("Cache-Control", "max-age=60"),
        ("Cache-Control", "  must-revalidate"),
    ]
    request = Request.to(
        "https://www.Example.com:443/",
        fields=[*fields, ("Dict", " a=1,   b=2;x=1;y=2,   c=(a   b   c), d"), ("Empty", "")],
    )
    parts = [
        field("cache-control"),
        field("x-ows-header"),
        field("empty"),
        *(field("dict", key=key) for key in "bcd"),
        field("@authority"),
    ]
    assert base_of(parts, request, "()").decode().splitlines()[:-1] == [
        '"cache-control": max-age=60, must-revalidate',
        '"x-ows-header": Leading and trailing whitespace.',
        '"empty": ',
        '"dict";key="b": 2;x=1;y=2',
        '"dict";key="c": (a b c)',
        '"dict";key="d": ?1',
        '"@authority": www.example.com',
    ]


# ---- another implementation, both ways ----


class _OtherKeys(other.HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return PUBLIC[key_id]

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return {"yunlan": OWN, "tingnan": THEIRS}[key_id]


def as_theirs(message: Request | Response) -> Any:
    headers = dict(message.fields)
    if isinstance(message, Request):
        return SimpleNamespace(method=message.method, url=message.target, headers=headers)
    return SimpleNamespace(status_code=message.status, headers=headers, request=as_theirs(message.request))


def their_verifier() -> Any:
    return other.HTTPMessageVerifier(signature_algorithm=other.algorithms.ED25519, key_resolver=_OtherKeys())


def fresh() -> signing.Stamp:
    return signing.Stamp(datetime.now(UTC), NONCE)


def test_another_implementation_believes_our_calls_and_answers() -> None:
    request = signing.sign_call(call(), key=KEY, stamp=fresh())
    (found,) = their_verifier().verify(as_theirs(request), max_age=timedelta(minutes=5), expect_tag=signing.CALL)
    assert '"tongban-case"' in found.covered_components
    response = signing.sign_answer(answer(request), key=THEIR_KEY, stamp=fresh())
    (found,) = their_verifier().verify(as_theirs(response), max_age=timedelta(minutes=5), expect_tag=signing.ANSWER)
    assert '"signature";req;key="tongban"' in found.covered_components
    with pytest.raises(other.InvalidSignature):
        their_verifier().verify(
            as_theirs(changed(request, "tongban-case", "20261126-OTHER")),
            max_age=timedelta(minutes=5),
            expect_tag=signing.CALL,
        )


def test_we_believe_what_another_implementation_signs() -> None:
    now = datetime.now(UTC)
    message = as_theirs(call())
    signer = other.HTTPMessageSigner(signature_algorithm=other.algorithms.ED25519, key_resolver=_OtherKeys())
    covered = [str(one) for one in signing.covered_of_call(call())]
    signer.sign(
        message,
        key_id="yunlan",
        created=now,
        expires=now + timedelta(seconds=60),
        nonce=NONCE,
        label="tongban",
        tag=signing.CALL,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    request = Request.to(message.url, method="POST", fields=message.headers.items())
    assert verify(request, now=now).key_id == "yunlan"
    reply = as_theirs(answer(request))
    covered = [str(one) for one in signing.covered_of_answer(answer(request))]
    signer.sign(
        reply,
        key_id="tingnan",
        created=now,
        expires=now + timedelta(seconds=60),
        nonce=NONCE,
        label="tongban",
        tag=signing.ANSWER,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    response = answer(request).with_fields(
        *[(name, value) for name, value in reply.headers.items() if name.lower().startswith("signature")]
    )
    assert verifying.verify_answer(response, keys=PUBLIC.get, now=now, has_body=True).key_id == "tingnan"
