import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, queries
from tongban.ledger.models import Event
from tongban.ledger.tests.happenings import LampLit

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., threading.Thread]


def light(now: datetime, lamp: UUID | None = None) -> int:
    with transaction.atomic():
        return actions.record(LampLit(lamp or new_id()), actor=SYSTEM, now=now)


def positions() -> dict[int, int | None]:
    return dict(Event.objects.order_by("id").values_list("id", "position"))


class HeldOpen:
    """Somebody who has recorded an event and does not commit yet."""

    def __init__(self, in_thread: Run, now: datetime) -> None:
        self.event_id = 0
        self._written, self._may_commit = threading.Event(), threading.Event()
        self._thread = in_thread(self._work, now)
        assert self._written.wait(5)

    def _work(self, now: datetime) -> None:
        with transaction.atomic():
            self.event_id = actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
            self._written.set()
            assert self._may_commit.wait(15)

    def commit(self) -> None:
        self._may_commit.set()
        self._thread.join()


def test_positions_follow_the_order_of_recording(now: datetime) -> None:
    ids = [light(now) for _lamp in range(3)]
    assert actions.seal_once() == 3
    assert positions() == dict(zip(ids, (1, 2, 3), strict=True))
    more = light(now)
    assert actions.seal_once() == 1
    assert positions()[more] == 4
    assert actions.seal_once() == 0


def test_who_commits_late_is_not_missed(now: datetime, in_thread: Run) -> None:
    before = light(now)
    late = HeldOpen(in_thread, now)
    after = [light(now) for _lamp in range(5)]
    read: list[int] = []
    for _batch in range(4):
        actions.seal_once(limit=2)
        read += [event.id for event in queries.events_after(len(read))]
    assert read == [before], "what came after waits for the one still open"
    late.commit()
    while actions.seal_once(limit=2):
        read += [event.id for event in queries.events_after(len(read))]
    assert read == [before, late.event_id, *after]


def test_an_event_never_comes_before_one_it_follows(now: datetime, in_thread: Run) -> None:
    """An old transaction that recorded last waits for what it followed: positions keep the order about a subject."""
    writer_began, may_write, written = threading.Event(), threading.Event(), threading.Event()
    lamp = new_id()

    def early_transaction() -> None:
        with transaction.atomic():
            connection.cursor().execute("SELECT pg_current_xact_id()")
            writer_began.set()
            assert may_write.wait(10)
            actions.record(LampLit(lamp, colour="second"), actor=SYSTEM, now=now)
        written.set()

    in_thread(early_transaction)
    assert writer_began.wait(5)
    between = HeldOpen(in_thread, now)
    with transaction.atomic():
        actions.record(LampLit(lamp, colour="first"), actor=SYSTEM, now=now)
    may_write.set()
    assert written.wait(5)
    actions.seal_once()
    between.commit()
    actions.seal_once()
    history = sorted(queries.history_of("lamp", lamp), key=lambda event: event.position or 0)
    assert [event.data["colour"] for event in history] == ["first", "second"]


def test_what_came_with_a_restored_dump_is_sealed(now: datetime) -> None:
    with transaction.atomic():
        Event.objects.create(
            kind=LampLit.kind,
            happened_at=now,
            actor_kind="system",
            subject_kind="lamp",
            subject_id=new_id(),
            transaction=2**40,
        )
    assert actions.seal_once() == 1


def test_one_sealer_at_a_time(now: datetime, in_thread: Run) -> None:
    light(now)
    holds, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert actions.seal_once() == 1
            holds.set()
            assert may_end.wait(10)

    thread = in_thread(hold)
    assert holds.wait(5)
    assert actions.seal_once() == 0
    may_end.set()
    thread.join()
    assert list(positions().values()) == [1]


class Bustle:
    """Writers that commit and undo at random, sealers, and a reader that goes on from the last position."""

    def __init__(self, now: datetime, writers: int) -> None:
        self.now = now
        self.ended = threading.Event()
        self.lamps = [new_id() for _writer in range(writers)]
        self.read: list[int] = []

    def write(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - a game, not a secret
        for _event in range(25):
            with transaction.atomic():
                actions.record(LampLit(self.lamps[number]), actor=SYSTEM, now=self.now)
                time.sleep(chance.random() / 200)
                transaction.set_rollback(chance.random() > 0.9)

    def seal(self) -> None:
        while not self.ended.is_set():
            actions.seal_once(limit=7)

    def follow(self) -> None:
        position = 0
        while not (self.ended.is_set() and not queries.events_after(position)):
            for event in queries.events_after(position, limit=5):
                position = event.position or 0
                self.read.append(event.id)


def test_a_reader_misses_nothing_whatever_the_others_do(now: datetime, in_thread: Run) -> None:
    bustle = Bustle(now, writers=4)
    writers = [in_thread(bustle.write, number) for number in range(4)]
    others = [in_thread(work) for work in (bustle.seal, bustle.seal, bustle.follow)]
    for thread in writers:
        thread.join()
    while Event.objects.filter(position=None).exists():
        time.sleep(0.01)
    bustle.ended.set()
    for thread in others:
        thread.join()
    in_order = list(Event.objects.order_by("position").values_list("id", "position"))
    assert [position for _id, position in in_order] == list(range(1, len(in_order) + 1))
    assert bustle.read == [event_id for event_id, _position in in_order]
    for lamp in bustle.lamps:
        of_lamp = [event.position or 0 for event in queries.history_of("lamp", lamp)]
        assert of_lamp == sorted(of_lamp)
