"""Canonical JSON is that of RFC 8785; numbers are written as ECMAScript itself writes them."""

import json
import random
import struct
import subprocess
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.htmlcheck import NODE

from tongban.ledger.rules import canonical
from tongban.ledger.rules.canonical import Sealable

VECTORS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
"""RFC 8785, appendix B."""


@pytest.mark.parametrize(("bits", "text"), VECTORS.items())
def test_numbers_of_the_standard(bits: str, text: str) -> None:
    assert canonical.number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_numbers_are_those_of_a_script() -> None:
    dice = random.Random(8785)  # noqa: S311 - no secret
    drawn = [struct.unpack(">d", dice.randbytes(8))[0] for _one in range(3000)]
    values = [value for value in drawn if abs(value) < float("inf")] + [10.0**power for power in range(-30, 31)]
    script = "console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(String)))"
    ended = subprocess.run(
        [str(NODE), "-e", script], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    assert json.loads(ended.stdout) == [canonical.number(value) for value in values]


def test_names_are_ordered_by_their_utf_16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical.canonical(json.dumps(dict.fromkeys(names, 1), ensure_ascii=False))
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert written.startswith('{"\\r":1,"1":1,')
    assert canonical.canonical(json.dumps(dict.fromkeys(names, 1))) == written, "escaped or not"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=12,
)  # fmt: skip


@given(JSON_VALUES)
def test_it_means_the_same_and_is_the_same_however_it_was_written(value: object) -> None:
    once = canonical.canonical(json.dumps(value))
    assert json.loads(once) == value
    assert canonical.canonical(once) == once
    assert canonical.canonical(json.dumps(value, ensure_ascii=False, indent=2)) == once


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_are_kept_to_the_last_digit(value: int) -> None:
    assert canonical.canonical(f'{{"a": {value}}}') == f'{{"a":{value}}}'


@given(JSON_VALUES, st.text(max_size=5))
def test_an_event_is_written_as_its_canonical_json(data: object, code: str) -> None:
    uid, subject = str(uuid4()), str(uuid4())
    code = code.encode("utf-8", "replace").decode()
    event = Sealable(
        uid, code, "2026-03-02T01:30:00.000000Z", "person", uid, None, subject, code, subject, json.dumps({"x": data})
    )
    text = canonical.text_of(event)
    assert canonical.canonical(text) == text
    assert json.loads(text) == {
        "uid": uid, "kind": code, "happened_at": "2026-03-02T01:30:00.000000Z", "actor_kind": "person",
        "account_id": uid, "official_id": None, "post_id": subject, "subject_kind": code, "subject_id": subject,
        "data": {"x": data},
    }  # fmt: skip
