"""Portions that processes fill side by side come whole and in order; one that is lost is said, and nothing is left."""

import multiprocessing
import os
import signal
from collections import Counter
from datetime import date
from random import Random
from uuid import UUID

import pytest

from tongban.exchange.events import LookedUp
from tongban.ledger.rules.canonical import commitment_of
from tongban.ledger.rules.tree import leaf_hash
from tongban.site.demo.bulk import filling, hands, proving
from tongban.site.demo.bulk.cutting import Cutter, Stamp, Text
from tongban.site.demo.bulk.hands import HandLost, side_by_side
from tongban.site.demo.bulk.lives import Poured
from tongban.site.demo.bulk.moulds import Mould

LONG = hands.PIECE + 7


def _fill(number: int) -> Poured:
    rows = {"one": b"%d" % number * LONG, "none": b"", "two": b"%d\n" % number}
    return Poured(rows, [bytes([number]) * 32], Counter({str(number): number}))


def _take_all(fill: hands.Fill) -> list[Poured]:
    with side_by_side(fill, 7) as portions:
        return [
            Poured(
                {table: b"".join(pieces) for table, pieces in portion.tables()}, [portion.leaf_hashes], portion.applied
            )
            for portion in portions
        ]


def test_portions_come_whole_and_in_order() -> None:
    assert _take_all(_fill) == [_fill(number) for number in range(7)]


def test_a_hand_that_is_killed_is_said_to_be_lost() -> None:
    def fill(number: int) -> Poured:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return _fill(number)

    with pytest.raises(HandLost):
        _take_all(fill)
    assert not multiprocessing.active_children()


def _event(kind: str, data: str) -> dict[str, str | None]:
    return {
        "uid": "01a21970-ad03-70d0-ab74-ab912f9fda00", "kind": kind, "happened_at": "2026-11-23 16:30:00.5+00",
        "actor_kind": "system", "account_id": None, "official_id": None, "post_id": None, "subject_kind": "case",
        "subject_id": "01a21970-ad03-70d0-ab74-ab912f9fda01", "data": data,
    }  # fmt: skip


def test_what_is_proven_of_an_event_is_filled_as_its_row_is() -> None:
    row = _event("tests.done", '{"b": "01a21970-ad03-70d0-ab74-ab912f9fda00", "a": 1.50}')
    cutter = Cutter({}, lambda _word: True, {}, {}, earliest=date(2026, 1, 1))
    text = proving.cut_event(row, cutter, lambda _text, _cut: None)
    places = {slot: place for place, slot in enumerate(dict.fromkeys(text.slots))}
    filled = Stamp(text, places).filled([b"<%d>" % place for place in range(len(places))]).decode()
    assert filled == (
        '{"account_id":null,"actor_kind":"system","data":{"a":1.5,"b":"<0>"},"happened_at":"<1>T16:30:00.500000Z",'
        '"kind":"tests.done","official_id":null,"post_id":null,"subject_id":"<2>","subject_kind":"case","uid":"<0>"}'
    )


def test_leaves_bind_their_events_in_their_places() -> None:
    stamps = [Stamp(Text(["one ", ""], [("id", 1)]), {("id", 1): 0}), Stamp(Text.of("two"), {})]
    made = list(proving.leaves(stamps, [b"x"], first_id=50, first_position=40))
    for place, (text, (row, its_hash)) in enumerate(zip((b"one x", b"two"), made, strict=True)):
        columns, _n, position, _n, event_id, _n, commitment, _n, salt = proving.LEAF.unpack(row)
        assert (columns, position, event_id) == (4, 40 + place, 50 + place)
        assert commitment == commitment_of(salt, text)
        assert its_hash == leaf_hash(commitment)
    assert made[0][0][-16:] != made[1][0][-16:]


def test_a_key_of_zeros_is_moved_into_the_past_like_any_other() -> None:
    """Whoever asks twice by the same key is given one answer; such a key is all chance and may begin with zeros."""
    key, born = UUID("00000001-0000-4000-8000-000000000001"), UUID("01a21970-ad03-70d0-ab74-ab912f9fda00")
    mould = Mould([[("id", key.int), ("id", born.int)], [], [], []], [], [], {}, [], 0)
    found = [UUID(text) for text in filling.ids(mould, 300, Random(7))]  # noqa: S311 - no secret
    assert [one.version for one in found] == [4, 7]
    assert len({key, born, *found}) == 4
    assert (born.int >> 80) - (found[1].int >> 80) == 300 * filling.WEEK_MILLISECONDS


def test_links_of_chains_are_not_poured() -> None:
    with pytest.raises(ValueError, match="chains are not poured"):
        proving.proven_text(_event(LookedUp.kind, '{"chain": "01a21970-ad03-70d0-ab74-ab912f9fda02"}'))
    assert proving.proven_text(_event(LookedUp.kind, '{"chain": null}')), "a call that was about nobody is no link"
