"""The directory of members, their keys, and when a neighbour is left alone."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tongban.exchange.rules.neighbours import circuit as circuits
from tongban.exchange.rules.neighbours.circuit import Circuit
from tongban.exchange.rules.neighbours.directory import (
    FORMAT,
    Directory,
    Member,
    Service,
    UnfitDirectory,
    member_of,
    read,
    told_of,
)
from tongban.exchange.rules.neighbours.keys import SETTLING, PublicKey, signing_key, thumbprint
from tongban.exchange.rules.xroad.identifiers import ClientId
from tongban.ledger.rules.canonical import written
from tongban.ledger.rules.notes import LOG, Signer

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ISSUER = Signer("province.example/directory", LOG, b"\x07" * 32)
NEXT_ISSUER = Signer("province.example/directory", LOG, b"\x08" * 32)
STRANGER = Signer("province.example/directory", LOG, b"\x09" * 32)


def key(seed: int, begins: datetime = NOW - DAY, ends: datetime = NOW + 90 * DAY) -> PublicKey:
    return PublicKey(
        Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32).public_key().public_bytes_raw(), begins, ends
    )


def member(code: str = "yunlan", *keys: PublicKey, **more: Any) -> Member:
    values: dict[str, Any] = {
        "id": ClientId("CN", "GOV", code), "name": "云澜市", "name_en": "Yunlan", "address": f"https://{code}.example:8444", "keys": keys or (key(1),),
        "subsystems": (("registers", "基础库"),), "services": (Service("registers", "population", "人口"),),
    }  # fmt: skip
    return Member(**(values | more))


def directory(*members: Member, **more: Any) -> Directory:
    values: dict[str, Any] = {
        "number": 3,
        "issued_at": NOW - DAY,
        "expires_at": NOW + DAY,
        "members": members or (member(),),
    }
    return Directory(**(values | more))


def note_of(told: Any) -> str:
    text = f"{FORMAT}\n{written(told)}\n"
    return f"{text}\n{ISSUER.signature(text)}"


def told(**more: Any) -> dict[str, Any]:
    return {
        "number": 3,
        "issued": "2026-11-25T08:00:00Z",
        "expires": "2026-11-27T08:00:00Z",
        "members": [told_of(member())],
    } | more


def test_it_is_read_as_it_was_written() -> None:
    known = directory(member("yunlan", key(1), key(2)), member("tingnan", key(3)))
    found = read(known.signed(ISSUER), issuers=[ISSUER.key], now=NOW, newest=3)
    assert set(found.members) == set(known.members)
    assert (found.number, found.expires_at) == (3, NOW + DAY)
    owner = found.member_of_key(key(3).id, NOW)
    assert owner
    assert owner.id.member_code == "tingnan"


def test_the_issuers_key_changes_without_a_pause() -> None:
    for signer in (ISSUER, NEXT_ISSUER):
        assert read(directory().signed(signer), issuers=[ISSUER.key, NEXT_ISSUER.key], now=NOW).number == 3
    with pytest.raises(UnfitDirectory, match="none of the issuer"):
        read(directory().signed(STRANGER), issuers=[ISSUER.key, NEXT_ISSUER.key], now=NOW)


@pytest.mark.parametrize("old", ["yunlan.example", '"number":3', "云澜市", "population", FORMAT])
def test_no_word_of_it_can_be_changed(old: str) -> None:
    note = directory().signed(ISSUER)
    assert old in note
    with pytest.raises(UnfitDirectory):
        read(note.replace(old, old[:-1] + "x"), issuers=[ISSUER.key], now=NOW)


def test_it_expires_and_an_older_one_is_not_taken_again() -> None:
    note = directory().signed(ISSUER)
    for now in (NOW + DAY, NOW - 2 * DAY):
        with pytest.raises(UnfitDirectory, match="it was good"):
            read(note, issuers=[ISSUER.key], now=now)
    with pytest.raises(UnfitDirectory, match="lies below 4"):
        read(note, issuers=[ISSUER.key], now=NOW, newest=4)


def key_told(**more: Any) -> dict[str, Any]:
    return dict(told_of(member())["keys"][0]) | more


def with_member(**more: Any) -> dict[str, Any]:
    return told(members=[told_of(member()) | more])


@pytest.mark.parametrize(
    "wrong",
    [
        [], {}, told(number=0), told(number="3"), told(number=True), told(expires="2026-11-25T08:00:00Z"), told(expires="2027-11-25T08:00:00Z"), told(issued="yesterday"), told(members={}), told(members=[[]]), told(members=[told_of(member()), told_of(member())]),
        told(members=[told_of(member()), told_of(member("tingnan"))]), with_member(id="CN/GOV"), with_member(id="CN/GOV/a/sub"), with_member(id=7), with_member(keys=[]), with_member(keys=[key_told(id="other")]), with_member(keys=[key_told(public="AAAA")]), with_member(keys=[key_told(public="*")]), with_member(keys=[key_told(until="2020-01-01T00:00:00Z")]),
        with_member(keys=[told_of(member("a", key(n)))["keys"][0] for n in range(1, 5)]), with_member(address="http://yunlan.example"), with_member(address="https://"), with_member(address="https://a/path"), with_member(address="https://user@a"), with_member(address=None), with_member(name=None), with_member(name="a\nb"),
        with_member(services=[{"subsystem": "other", "code": "a", "name": ""}]), with_member(services=[{"subsystem": "registers", "code": "listMethods", "name": ""}]), with_member(services=[{"subsystem": "registers", "code": "a", "name": ""}] * 2), with_member(subsystems=[{"code": "registers", "name": ""}] * 2),
    ],
)  # fmt: skip
def test_what_is_no_directory_is_not_taken_however_well_signed(wrong: Any) -> None:
    with pytest.raises(UnfitDirectory):
        read(note_of(wrong), issuers=[ISSUER.key], now=NOW)


def test_its_json_has_one_form() -> None:
    text = f"{FORMAT}\n{json.dumps(told(), ensure_ascii=False)}\n"
    with pytest.raises(UnfitDirectory, match="canonical"):
        read(f"{text}\n{ISSUER.signature(text)}", issuers=[ISSUER.key], now=NOW)
    assert read(note_of(told()), issuers=[ISSUER.key], now=NOW)


@given(rubbish=st.text(max_size=200))
def test_rubbish_is_no_directory(rubbish: str) -> None:
    with pytest.raises(UnfitDirectory):
        read(rubbish, issuers=[ISSUER.key], now=NOW)


def test_a_member_that_describes_itself_is_read_back() -> None:
    assert member_of(told_of(member())) == member()


# ---- keys ----


def test_a_key_has_the_name_that_everybody_reckons() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037, A.3


def test_a_key_is_changed_without_a_pause() -> None:
    old, new = key(1), key(2, begins=NOW)
    known = directory(member("yunlan", old, new))
    signing = [
        signing_key([old, new], NOW + wait) for wait in (timedelta(0), SETTLING - timedelta(seconds=1), SETTLING)
    ]
    assert signing == [old, old, new]
    for one in (old, new):
        assert known.member_of_key(one.id, NOW)
    ended = directory(member("yunlan", dataclasses.replace(old, valid_until=NOW), new))
    assert ended.member_of_key(old.id, NOW) is None
    assert ended.member_of_key(new.id, NOW)


def test_a_key_that_ends_gives_way_and_none_signs_after_its_end() -> None:
    ending, lasting = key(2, ends=NOW + SETTLING / 2), key(1, begins=NOW - 2 * DAY)
    assert signing_key([ending, lasting], NOW) == lasting
    assert signing_key([ending], NOW) == ending
    assert signing_key([ending], NOW + SETTLING) is None
    assert signing_key([key(3, begins=NOW + DAY)], NOW) is None
    assert signing_key([key(3, begins=NOW)], NOW) == key(3, begins=NOW)


# ---- when a neighbour is left alone ----


def test_a_neighbour_that_fails_is_left_alone_then_tried_by_one() -> None:
    state = Circuit()
    for _ in range(circuits.FAILURES):
        assert state.may_ask(0)
        state = state.failed(0)
    assert not state.may_ask(circuits.REST_SECONDS - 1)
    assert state.may_ask(circuits.REST_SECONDS)
    tried = state.asked(circuits.REST_SECONDS)
    assert not tried.may_ask(circuits.REST_SECONDS)
    again = tried.failed(circuits.REST_SECONDS)
    assert not again.may_ask(circuits.REST_SECONDS * 2)
    assert again.may_ask(circuits.REST_SECONDS * 3)
    assert tried.answered() == Circuit()


def test_one_answer_forgets_failures_and_no_rest_is_endless() -> None:
    state = Circuit()
    for _ in range(circuits.FAILURES - 1):
        state = state.failed(0)
    assert state.answered().failed(0).may_ask(0)
    for _ in range(100):
        state = state.failed(0)
    assert state.may_ask(circuits.LONGEST_REST_SECONDS)
