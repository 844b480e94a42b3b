"""Signatures between installations: against the RFC's own example, against another implementation, and against forgers."""

import base64
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tongban.exchange.rules.signatures import digests, signing, verifying
from tongban.exchange.rules.signatures.messages import Request, Response, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
NONCE = "u2Vn1kq3TTnW8p0aRZc4Bg"
OWN, THEIRS = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32), Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
KEY = signing.SigningKey("yunlan", OWN)
THEIR_KEY = signing.SigningKey("tingnan", THEIRS)
BODY = b'{"subject":"invented"}'
PUBLIC = {"yunlan": OWN.public_key(), "tingnan": THEIRS.public_key()}


def stamp(**more: Any) -> signing.Stamp:
    return dataclasses.replace(signing.Stamp(NOW, NONCE), **more)


def call(**more: Any) -> Request:
    fields = [
        ("Content-Type", "application/json"),
        ("Content-Digest", digests.of_body(BODY)),
        ("Tongban-Grant", "0198c0de-0000-7000-8000-000000000001"),
        ("Tongban-Purpose", "housing_allowance"),
        ("Tongban-Case", "20261126-7KQ4M2XA"),
    ]
    request = Request.to("https://tingnan.example:8444/neighbours/calls?page=2", method="POST", fields=fields)
    return dataclasses.replace(request, **more)


def signed_call(**more: Any) -> Request:
    return signing.sign_call(call(**more), key=KEY, stamp=stamp())


def verify(request: Request, *, now: datetime = NOW, keys: Any = PUBLIC.get) -> verifying.Believed:
    return verifying.verify_call(request, keys=keys, now=now, has_body=True)


def answer(request: Request, status: int = 200) -> Response:
    fields = (("content-type", "application/json"), ("content-digest", digests.of_body(b"{}")))
    return Response(status=status, request=request, fields=fields)


def without(request: Request, name: str) -> Request:
    return dataclasses.replace(request, fields=tuple(one for one in request.fields if one[0] != name))


def changed(request: Request, name: str, value: str) -> Request:
    return without(request, name).with_fields((name, value))


def refused(code: str, about: Callable[[], object]) -> None:
    with pytest.raises(NotBelieved) as caught:
        about()
    assert caught.value.why == code


# ---- what is believed, and what is not ----


def test_a_call_is_believed_once_its_number_is_remembered_long_enough() -> None:
    believed = verify(signed_call())
    assert (believed.key_id, believed.nonce, believed.created) == ("yunlan", NONCE, int(NOW.timestamp()))
    last = NOW + timedelta(seconds=signing.LIFE + verifying.SKEW)
    assert verify(signed_call(), now=last)
    assert believed.remember_until > last.timestamp()
    refused("signature_expired", lambda: verify(signed_call(), now=last + timedelta(seconds=1)))


def test_clocks_may_differ_a_little() -> None:
    assert verify(signed_call(), now=NOW - timedelta(seconds=verifying.SKEW))
    refused("signature_from_the_future", lambda: verify(signed_call(), now=NOW - timedelta(seconds=verifying.SKEW + 1)))


@pytest.mark.parametrize("life", [0, -5, verifying.LONGEST_LIFE + 1, 10**9])
def test_a_signature_is_not_good_for_ever(life: int) -> None:
    request = signing.sign_call(call(), key=KEY, stamp=stamp(life=life))
    refused("signature_lives_too_long", lambda: verify(request))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tongban-grant", "0198c0de-0000-7000-8000-000000000002"),
        ("tongban-purpose", "curiosity"),
        ("tongban-case", "20261126-OTHER"),
        ("content-digest", digests.of_body(b"another")),
        ("content-type", "text/plain"),
    ],
)
def test_no_field_can_be_changed_removed_or_doubled_on_the_way(name: str, value: str) -> None:
    request = signed_call()
    refused("signature_forged", lambda: verify(changed(request, name, value)))
    refused("signature_forged", lambda: verify(request.with_fields((name, value))))
    with pytest.raises(NotBelieved):
        verify(without(request, name))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"path": "/neighbours/other"},
        {"query": "page=3"},
        {"query": ""},
        {"authority": "elsewhere.example"},
        {"scheme": "http"},
    ],
)
def test_it_reaches_only_the_place_it_was_signed_for(change: dict[str, Any]) -> None:
    refused("signature_forged", lambda: verify(dataclasses.replace(signed_call(), **change)))


def test_a_field_that_was_not_signed_cannot_be_added() -> None:
    request = signed_call().with_fields(("tongban-standing", "statistics"))
    refused("signature_not_covering", lambda: verify(request))


@pytest.mark.parametrize(
    "name",
    ["@method", "@target-uri", "content-digest", "tongban-grant", "tongban-purpose", "tongban-case", "content-type"],
)
def test_a_signature_that_leaves_out_a_part_is_not_enough(name: str) -> None:
    request = call()
    covered = [one for one in signing.covered_of_call(request) if one.name != name]
    request = request.with_fields(*signing.signed(request, covered, key=KEY, stamp=stamp(), tag=signing.CALL))
    refused("signature_not_covering", lambda: verify(request))


def test_a_body_needs_a_digest_that_counts() -> None:
    request = signing.sign_call(without(call(), "content-digest"), key=KEY, stamp=stamp())
    refused("digest_missing", lambda: verify(request))
    for value, code in (
        ("md5=:AAAAAAAAAAAAAAAAAAAAAA==:", "digest_missing"),
        ("sha-256=:AAAA:", "digest_malformed"),
        ("sha-256", "digest_malformed"),
        ("sha-256=:AAAA", "digest_malformed"),
    ):
        refused(code, partial(digests.promised, (("content-digest", value),)))
    both = f"{digests.of_body(BODY)}, {digests.written('sha-512', b'0' * 64)}"
    refused("digest_wrong", lambda: digests.compare((("content-digest", both),), BODY))


def test_an_unknown_key_and_anothers_key_are_refused() -> None:
    refused("signature_key_unknown", lambda: verify(signed_call(), keys=lambda _name: None))
    refused("signature_forged", lambda: verify(signed_call(), keys=lambda _name: THEIRS.public_key()))


def rewritten(request: Request, old: str, new: str) -> Request:
    value = combined(request.fields, "signature-input") or ""
    assert old in value
    return changed(request, "signature-input", value.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (';alg="ed25519"', ';alg="hmac-sha256"', "signature_algorithm"),
        (';alg="ed25519"', ";alg=ed25519", "signature_algorithm"),
        (f';nonce="{NONCE}"', "", "signature_parameter_missing"),
        (f';nonce="{NONCE}"', ';nonce="short"', "signature_parameter_missing"),
        (f';nonce="{NONCE}"', ';nonce="with blanks in between"', "signature_parameter_missing"),
        (';keyid="yunlan"', "", "signature_parameter_missing"),
        (';keyid="yunlan"', ";keyid=yunlan", "signature_parameter_missing"),
        (';keyid="yunlan"', ';keyid="tingnan"', "signature_forged"),
        (f";created={int(NOW.timestamp())}", "", "signature_parameter_missing"),
        (f";created={int(NOW.timestamp())}", f";created={int(NOW.timestamp())}.0", "signature_parameter_missing"),
        (f";created={int(NOW.timestamp())}", f";created={int(NOW.timestamp()) + 1}", "signature_forged"),
        (f";expires={int(NOW.timestamp()) + 60}", "", "signature_parameter_missing"),
        (f";expires={int(NOW.timestamp()) + 60}", f";expires={int(NOW.timestamp()) + 120}", "signature_forged"),
        (';tag="tongban-call"', ';tag="tongban-answer"', "signature_missing"),
        (';tag="tongban-call"', "", "signature_missing"),
        ('"@method"', '"@METHOD"', "signature_component"),
        ('"@method"', '"@method" "@method"', "signature_component"),
        ('"@method"', '"@method";req', "signature_not_covering"),
        ('"@method"', '"@method";tr', "signature_component"),
        ('"@method"', '"@method" "@status"', "signature_component"),
        ('"@method"', '"@method" "not-there"', "signature_component"),
        ('"@method"', '"@method" "@signature-params"', "signature_component"),
        ('"@method"', '"content-type";sf "@method"', "signature_component"),
        ('"@method"', "@method", "signature_malformed"),
        ("tongban=", "other=", "signature_malformed"),
        ("tongban=", "tongban=1, tongban=", "signature_malformed"),
        ("tongban=(", "tongban=", "signature_malformed"),
    ],
)  # fmt: skip
def test_no_word_of_a_signature_can_be_changed(old: str, new: str, code: str) -> None:
    refused(code, lambda: verify(rewritten(signed_call(), old, new)))


@pytest.mark.parametrize("name", ["signature", "signature-input"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "signature_missing"),
        ("tongban=:AAAA:", ""),
        ("\x00", ""),
        ("tongban=:" + "A" * 9000 + ":", ""),
        ("tongban=?1", ""),
        ("tongban=()", ""),
    ],
)
def test_rubbish_for_a_signature_is_refused(name: str, value: str, code: str) -> None:
    request = signed_call()
    with pytest.raises(NotBelieved) as caught:
        verify(changed(request, name, value) if value else without(request, name))
    assert caught.value.why in ({code} if code else {"signature_malformed", "signature_missing"})


def test_two_signatures_for_us_are_one_too_many_but_others_do_not_matter() -> None:
    request = signed_call()
    inputs, signature = combined(request.fields, "signature-input") or "", combined(request.fields, "signature") or ""
    foreign = changed(
        changed(request, "signature-input", f"proxy=(), {inputs}"), "signature", f"proxy=:AAAA:, {signature}"
    )
    assert verify(foreign).key_id == "yunlan"
    twice = changed(
        changed(request, "signature-input", f"{inputs}, {inputs.replace('tongban=', 'b=', 1)}"),
        "signature",
        f"{signature}, {signature.replace('tongban=', 'b=', 1)}",
    )
    refused("signature_ambiguous", lambda: verify(twice))


# ---- answers ----


def verify_answer(response: Response) -> verifying.Believed:
    return verifying.verify_answer(response, keys=PUBLIC.get, now=NOW, has_body=True)


def test_an_answer_belongs_to_one_call() -> None:
    request = signed_call()
    response = signing.sign_answer(answer(request), key=THEIR_KEY, stamp=stamp())
    assert verify_answer(response).key_id == "tingnan"
    same_but_later = signing.sign_call(call(), key=KEY, stamp=stamp(nonce="another-nonce-of-mine"))
    refused("signature_forged", lambda: verify_answer(dataclasses.replace(response, request=same_but_later)))
    refused("signature_forged", lambda: verify_answer(dataclasses.replace(response, status=404)))
    refused(
        "signature_forged",
        lambda: verify_answer(
            dataclasses.replace(
                response,
                fields=tuple(
                    (name, digests.of_body(b"x") if name == "content-digest" else value)
                    for name, value in response.fields
                ),
            )
        ),
    )


@pytest.mark.parametrize(
    "name", ["@status", "content-digest", "@method", "@target-uri", "signature", "signature-input"]
)
def test_an_answer_that_leaves_out_what_binds_it_is_not_believed(name: str) -> None:
    response = answer(signed_call())
    covered = [one for one in signing.covered_of_answer(response) if one.name != name]
    response = response.with_fields(
        *signing.signed(response, covered, key=THEIR_KEY, stamp=stamp(), tag=signing.ANSWER)
    )
    refused("signature_not_covering", lambda: verify_answer(response))


def test_a_signature_of_a_call_is_none_of_an_answer() -> None:
    response = answer(signed_call())
    fields = signing.signed(
        response, signing.covered_of_answer(response), key=THEIR_KEY, stamp=stamp(), tag=signing.CALL
    )
    refused("signature_missing", lambda: verify_answer(response.with_fields(*fields)))


# ---- properties ----

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)


@given(value=printable, path=st.from_regex(r"/[a-zA-Z0-9%._~-]{0,20}", fullmatch=True), status=st.integers(200, 599))
def test_whatever_is_signed_is_believed(value: str, path: str, status: int) -> None:
    request = signing.sign_call(changed(call(path=path), "tongban-case", value), key=KEY, stamp=stamp())
    assert verify(request).nonce == NONCE
    assert verify_answer(signing.sign_answer(answer(request, status), key=THEIR_KEY, stamp=stamp())).key_id == "tingnan"


@given(place=st.integers(min_value=0), bit=st.integers(0, 6))
def test_no_bit_of_a_signature_may_be_another(place: int, bit: int) -> None:
    request = signed_call()
    for name in ("signature", "signature-input"):
        value = combined(request.fields, name) or ""
        at = place % len(value)
        other_value = value[:at] + chr(ord(value[at]) ^ 1 << bit) + value[at + 1 :]
        with pytest.raises(NotBelieved):
            verify(changed(request, name, other_value))


def test_a_signature_has_one_form() -> None:
    request = signed_call()
    value = combined(request.fields, "signature") or ""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = value[-4]
    stray = value[:-4] + letters[letters.index(last) ^ 1] + value[-3:]
    assert base64.b64decode(stray[9:-1]) == base64.b64decode(value[9:-1])
    refused("signature_malformed", lambda: verify(changed(request, "signature", stray)))


@given(pieces=st.lists(st.binary(max_size=50), max_size=8))
def test_a_digest_is_the_same_in_pieces(pieces: list[bytes]) -> None:
    digester = digests.Digester()
    for piece in pieces:
        digester.update(piece)
    whole = b"".join(pieces)
    assert digester.field == digests.of_body(whole)
    digests.compare((("content-digest", digester.field),), whole)
