"""The ledger as the world reads it: with nothing but these addresses, everything is reckoned anew."""

import hashlib
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, queries
from tongban.ledger.rules import notes, tiles, tree
from tongban.ledger.tests.happenings import LampLit
from tongban.ledger.tests.test_growing import seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(now: datetime) -> int:
    for number in (300, 250):
        with transaction.atomic():
            for _lamp in range(number):
                actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
        seal(now)
    return 550


def read(path: str) -> bytes:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return bytes(answer.content)


def test_a_stranger_reads_the_whole_tree_and_checks_its_signature(sealed: int) -> None:
    key = notes.Key.parse(read("/ledger/key").decode())
    note = notes.Note.parse(read("/ledger/checkpoint").decode())
    assert note.signed_by(key)
    told = notes.Checkpoint.parse(note.text)
    assert told.size == sealed
    bundles = (
        read("/ledger/tile/entries/000") + read("/ledger/tile/entries/001") + read("/ledger/tile/entries/002.p/38")
    )
    entries = [bundles[begin + 2 : begin + 34] for begin in range(0, len(bundles), 34)]
    assert {bundles[begin : begin + 2] for begin in range(0, len(bundles), 34)} == {b"\x00\x20"}
    leaves = read("/ledger/tile/0/000") + read("/ledger/tile/0/001") + read("/ledger/tile/0/002.p/38")
    assert leaves == b"".join(hashlib.sha256(b"\x00" + entry).digest() for entry in entries)
    assert read("/ledger/tile/0/002.p/7") == leaves[512 * 32 : 519 * 32]
    upper = read("/ledger/tile/1/000.p/2")
    assert upper == tree.reduced(tiles.split(leaves[: 256 * 32])) + tree.reduced(
        tiles.split(leaves[256 * 32 : 512 * 32])
    )
    edge = tiles.Edge()
    assert len(list(edge.grow(tiles.split(leaves)))) == 2
    assert edge.root() == told.root


@pytest.mark.parametrize(
    "path",
    [
        "0/002", "0/002.p/39", "0/003", "0/3", "0/000.p/0", "1/000", "1/000.p/3", "2/000", "2/000.p/1", "64/000",
        "99999999999999999999/000", "0/x999/999", "entries/002", "entries/003.p/1", "entries/x", "-1/000", "0/999999999999999",
    ],
)  # fmt: skip
def test_what_the_tree_does_not_have_is_not_there(sealed: int, path: str) -> None:
    assert Client().get(f"/ledger/tile/{path}").status_code == 404


def test_tiles_are_kept_for_ever_and_checkpoints_are_not(sealed: int) -> None:
    assert "immutable" in Client().get("/ledger/tile/0/000").headers["Cache-Control"]
    answer = Client().get("/ledger/checkpoint")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Type"]) == (
        "no-cache",
        "text/plain; charset=utf-8",
    )
    assert Client().post("/ledger/checkpoint").status_code == 405


def test_an_empty_ledger_shows_nothing() -> None:
    for path in ("checkpoint", "checkpoint/witnessed", "tile/0/000", "tile/entries/000.p/1"):
        assert Client().get(f"/ledger/{path}").status_code == 404


def test_a_proof_costs_a_constant_number_of_queries(sealed: int, django_assert_num_queries: object) -> None:
    for position in (1, 300, 549, 550):
        with django_assert_num_queries(5):  # type: ignore[operator]
            proof = queries.proof_of(position)
        leaf = tree.leaf_hash(proof.commitment)
        assert tree.root_from_inclusion(leaf, position - 1, proof.tree.size, proof.path) == proof.tree.root


def test_consistency_is_proven_between_all_that_was_signed(sealed: int) -> None:
    for old, new in ((300, 550), (1, 300), (256, 550), (512, 513)):
        proof = queries.consistency(old, new)
        assert tree.is_consistent(old, new, queries.root_at(old), queries.root_at(new), proof)
