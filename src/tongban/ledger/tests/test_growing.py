import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, log_of_ours, queries
from tongban.ledger.models import Checkpoint, Event, Leaf, Tile
from tongban.ledger.rules import notes, tree
from tongban.ledger.tests.happenings import LampLit
from tongban.ledger.tests.test_tree import by_definition

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., threading.Thread]


def light(now: datetime, number: int = 1) -> None:
    with transaction.atomic():
        for _lamp in range(number):
            actions.record(LampLit(new_id()), actor=SYSTEM, now=now)


def seal(now: datetime, *, limit: int = 2000) -> int:
    while actions.seal_once():
        continue
    grown = 0
    while more := actions.grow_once(now=now, limit=limit).leaves:
        grown += more
    return grown


def checkpoint() -> notes.Checkpoint:
    note = notes.Note.parse(Checkpoint.objects.latest("size").note)
    assert note.signed_by(log_of_ours.key())
    return notes.Checkpoint.parse(note.text)


def test_every_event_becomes_a_leaf_and_the_tree_is_signed(now: datetime) -> None:
    light(now, 3)
    assert seal(now) == 3
    leaves = [bytes(leaf.commitment) for leaf in Leaf.objects.order_by("position")]
    told = checkpoint()
    assert (told.origin, told.size) == (log_of_ours.origin(), 3)
    assert told.root == by_definition(leaves) == queries.root_at(3)
    event = Event.objects.get(position=2)
    leaf = Leaf.objects.get(position=2)
    text = (
        f'{{"account_id":null,"actor_kind":"system","data":{{"colour":"red","keepers":[],"until":null}},'
        f'"happened_at":"2026-03-02T01:30:00.000000Z","kind":"tests.lamp_lit","official_id":null,"post_id":null,'
        f'"subject_id":"{event.subject_id}","subject_kind":"lamp","uid":"{event.uid}"}}'
    )
    assert bytes(leaf.commitment) == hashlib.sha256(bytes(leaf.salt or b"") + text.encode()).digest()
    assert leaf.event_id == event.id
    assert seal(now) == 0


@pytest.mark.parametrize("limit", [1, 97, 2000])
def test_it_grows_in_batches_of_any_size_to_the_same_tree(now: datetime, limit: int) -> None:
    light(now, 3 if limit == 1 else 600)
    seal(now, limit=limit)
    light(now, 4)
    seal(now, limit=limit)
    leaves = [bytes(leaf.commitment) for leaf in Leaf.objects.order_by("position")]
    assert checkpoint().root == by_definition(leaves)
    assert Tile.objects.count() == len(leaves) // 256
    for size in (1, 2, len(leaves) // 2, len(leaves)):
        assert queries.root_at(size) == by_definition(leaves[:size])


def test_events_of_an_earlier_release_are_taken_in_from_the_first_on(now: datetime) -> None:
    light(now, 5)
    while actions.seal_once():
        continue
    assert Leaf.objects.count() == 0
    light(now, 1)
    actions.seal_once()
    assert [actions.grow_once(now=now, limit=4).leaves for _batch in range(3)] == [4, 2, 0]
    assert list(Leaf.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_it_hurries_only_behind_what_has_just_happened(now: datetime) -> None:
    light(now, 4)
    actions.seal_once()
    assert [actions.grow_once(now=now + timedelta(hours=1), limit=2).more for _batch in range(2)] == [False, False]
    light(now, 4)
    actions.seal_once()
    assert [actions.grow_once(now=now, limit=limit).more for limit in (2, 3)] == [True, False]


def test_one_grows_at_a_time(now: datetime, in_thread: Run) -> None:
    light(now, 1)
    actions.seal_once()
    holds, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert actions.grow_once(now=now).leaves == 1
            holds.set()
            assert may_end.wait(10)

    thread = in_thread(hold)
    assert holds.wait(5)
    assert actions.grow_once(now=now).leaves == 0
    may_end.set()
    thread.join()
    assert Leaf.objects.count() == 1


def test_an_open_transaction_holds_nobody_up_and_is_not_missed(now: datetime, in_thread: Run) -> None:
    """It stays open across batches: who came before it is sealed, who came after waits for it, no writer waits."""
    light(now, 2)
    written, may_commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            actions.record(LampLit(new_id(), colour="late"), actor=SYSTEM, now=now)
            written.set()
            assert may_commit.wait(15)

    thread = in_thread(late)
    assert written.wait(5)
    grown = [seal(now)]
    for _batch in range(3):
        light(now, 2)
        grown.append(seal(now))
    assert grown == [2, 0, 0, 0]
    assert checkpoint().size == 2
    may_commit.set()
    thread.join()
    assert seal(now) == 7
    assert [event.data["colour"] for event in queries.events_after(0)] == ["red", "red", "late", *["red"] * 6]
    assert checkpoint().root == by_definition([bytes(leaf.commitment) for leaf in Leaf.objects.order_by("position")])


def test_a_sealer_that_dies_leaves_nothing_half_done(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    light(now, 300)
    actions.seal_once()
    monkeypatch.setattr("tongban.ledger.actions.growing._write_checkpoint", lambda *_all: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.grow_once(now=now)
    assert (Leaf.objects.count(), Tile.objects.count(), Checkpoint.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert seal(now) == 300


def test_a_kind_of_a_newer_release_waits_for_its_sealer(now: datetime) -> None:
    light(now, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_event (uid, kind, happened_at, actor_kind, subject_kind, subject_id, data, transaction)"
            " VALUES (gen_random_uuid(), 'tests.not_known', %s, 'system', 'lamp', gen_random_uuid(), '{}', 1)",
            [now],
        )
    light(now, 1)
    assert seal(now + timedelta(minutes=1)) == 1
    assert seal(now + timedelta(minutes=11)) == 2


def test_of_a_minute_the_last_checkpoint_is_kept(now: datetime) -> None:
    for second in (0, 1, 59, 61):
        light(now, 1)
        seal(now + timedelta(seconds=second))
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 4]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_leaf SET commitment = salt",
        "UPDATE ledger_leaf SET salt = commitment",
        "UPDATE ledger_leaf SET position = position + 1",
        "DELETE FROM ledger_leaf",
        "UPDATE ledger_tile SET root = hashes",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_checkpoint SET note = ''",
        "UPDATE ledger_event SET position = NULL",
        "UPDATE ledger_event SET kind = 'x.y'",
    ],
)
def test_the_database_refuses_to_change_what_proves(now: datetime, change: str) -> None:
    light(now, 256)
    seal(now)
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
        cursor.execute(change)
    assert queries.root_at(256) == tree.reduced([tree.leaf_hash(bytes(leaf.commitment)) for leaf in Leaf.objects.all()])


def test_a_ledger_is_not_signed_with_a_key_that_somebody_forgot_to_hand_over(now: datetime, settings: Any) -> None:
    light(now, 1)
    seal(now)
    before = str(log_of_ours.key())
    settings.TONGBAN_LEDGER_KEY = bytes(32)
    light(now, 1)
    actions.seal_once()
    with pytest.raises(log_of_ours.StrangeKey, match="TONGBAN_LEDGER_KEY"):
        actions.grow_once(now=now)
    assert Leaf.objects.count() == 1
    settings.TONGBAN_LEDGER_FORMER_KEYS = (before,)
    assert actions.grow_once(now=now).leaves == 1
    assert queries.proof_of(1).bundle()["log"] == str(log_of_ours.key()) != before
