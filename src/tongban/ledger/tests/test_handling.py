import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, kinds, queries
from tongban.ledger.events import RecordedEvent
from tongban.ledger.models import Event, Handled, Owed
from tongban.ledger.tests.happenings import LampLit, RoomBright

pytestmark = pytest.mark.usefixtures("own_handlers")
alone = pytest.mark.django_db(transaction=True)


def light(now: datetime) -> int:
    with transaction.atomic():
        return actions.record(LampLit(new_id()), actor=SYSTEM, now=now)


def brighten(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
    """An effect that stands in the database: another event."""
    actions.record(RoomBright(event.subject_id), actor=SYSTEM, now=now)


def effects() -> int:
    return Event.objects.filter(kind=RoomBright.kind).count()


@pytest.mark.django_db
def test_handled_once_however_often_asked(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.brighten")(brighten)
    event_id = light(now)
    assert [actions.handle_event(event_id, now=now) for _try in range(3)] == [1, 0, 0]
    assert actions.drain(now) == 0
    assert effects() == 1


@pytest.mark.django_db
def test_drain_hands_on_what_handlers_record_in_turn(now: datetime) -> None:
    seen: list[RecordedEvent] = []
    kinds.handler(LampLit, name="tests.brighten")(brighten)

    @kinds.handler(RoomBright, name="tests.see")
    def see(_event: RoomBright, /, *, recorded: RecordedEvent, now: datetime) -> None:
        seen.append(recorded)

    light(now)
    light(now)
    assert actions.drain(now + timedelta(minutes=5)) == 4
    assert [recorded.happened_at for recorded in seen] == [now + timedelta(minutes=5)] * 2


@pytest.mark.django_db
def test_a_handler_that_fails_leaves_nothing_and_runs_again(now: datetime) -> None:
    broken = True

    @kinds.handler(LampLit, name="tests.breaks")
    def breaks(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        brighten(event, recorded=recorded, now=now)
        if broken:
            raise ZeroDivisionError

    kinds.handler(LampLit, name="tests.brighten")(brighten)
    event_id = light(now)
    with pytest.raises(actions.NotAllHandled):
        actions.handle_event(event_id, now=now)
    assert list(Handled.objects.values_list("handler", flat=True)) == ["tests.brighten"]
    assert effects() == 1
    broken = False
    assert actions.handle_event(event_id, now=now) == 1
    assert effects() == 2


@alone
def test_a_handler_whose_connection_dies_leaves_nothing(now: datetime) -> None:
    dies = True

    @kinds.handler(LampLit, name="tests.dies")
    def die(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        brighten(event, recorded=recorded, now=now)
        if dies:
            connection.connection.close()

    event_id = light(now)
    with pytest.raises(actions.NotAllHandled) as told:
        actions.handle_event(event_id, now=now)
    assert isinstance(told.value.__cause__, DatabaseError)
    connection.close()
    assert (effects(), Handled.objects.count()) == (0, 0)
    dies = False
    assert actions.handle_event(event_id, now=now) == 1
    assert (effects(), Handled.objects.count()) == (1, 1)


@alone
def test_two_workers_at_once_have_one_effect(now: datetime, in_thread: Callable[..., threading.Thread]) -> None:
    kinds.handler(LampLit, name="tests.brighten")(brighten)
    ids = [light(now) for _lamp in range(10)]
    start = threading.Barrier(4)
    done: list[int] = []

    def work() -> None:
        start.wait()
        done.extend(actions.handle_event(event_id, now=now) for event_id in ids)

    for thread in [in_thread(work) for _worker in range(4)]:
        thread.join()
    assert sum(done) == 10
    assert effects() == 10


@alone
def test_the_second_worker_waits_and_does_it_when_the_first_fails(
    now: datetime, in_thread: Callable[..., threading.Thread]
) -> None:
    begun = threading.Event()
    tries: list[str] = []

    @kinds.handler(LampLit, name="tests.slow")
    def slow(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        tries.append("try")
        brighten(event, recorded=recorded, now=now)
        if len(tries) == 1:
            begun.set()
            time.sleep(0.3)
            raise ZeroDivisionError

    event_id = light(now)

    def first() -> None:
        with pytest.raises(actions.NotAllHandled):
            actions.handle_event(event_id, now=now)

    thread = in_thread(first)
    assert begun.wait(5)
    assert actions.handle_event(event_id, now=now) == 1
    thread.join()
    assert (len(tries), effects()) == (2, 1)


@alone
def test_the_sweep_owes_again_what_fell_through(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.brighten")(brighten)
    lost, handled = light(now), light(now)
    actions.handle_event(handled, now=now)
    Owed.objects.all().delete()
    later = now + timedelta(minutes=2)
    assert actions.sweep(now=later) == 0, "not sealed yet"
    assert actions.seal_once() == 3
    assert actions.sweep(now=now) == 0, "too young"
    assert actions.sweep(now=later) == 1
    assert actions.sweep(now=later) == 0, "it is owed already"
    assert queries.owed(limit=9) == [lost]
    state = queries.state()
    assert (state.owed, state.oldest_owed_at, state.failing) == (1, now, 0)
    actions.drain(now)
    assert (queries.state().owed, actions.sweep(now=later)) == (0, 0)


@alone
def test_the_sweep_comes_back_to_what_it_passed(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.brighten")(brighten)
    first, second = light(now), light(now)
    actions.handle_event(second, now=now)
    actions.seal_once()
    later = now + timedelta(minutes=2)
    actions.sweep(now=later)
    third = light(now)
    actions.handle_event(third, now=now)
    actions.seal_once()
    for _again in range(2):
        Owed.objects.all().delete()
        assert actions.sweep(now=later) == 1
    assert queries.owed(limit=9) == [first]


@alone
def test_a_new_handler_is_not_told_of_old_events(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.brighten")(brighten)
    light(now)
    actions.drain(now)
    actions.seal_once()
    actions.sweep(now=now)
    told: list[int] = []

    @kinds.handler(LampLit, name="tests.new")
    def new(_event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        told.append(recorded.id)

    actions.sweep(now=now)
    recent = light(now)
    actions.drain(now)
    assert told == [recent]
