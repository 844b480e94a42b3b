"""The worker's round: batches, one at a time, order for each subject, what fails, what is killed."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, kinds, queries
from tongban.ledger.events import RecordedEvent
from tongban.ledger.models import Event, Handled, Owed
from tongban.ledger.tests.happenings import LampLit, RoomBright

pytestmark = [
    pytest.mark.usefixtures("own_handlers"),
    pytest.mark.django_db(transaction=True),
]
Run = Callable[..., threading.Thread]


def light(now: datetime, lamp: UUID | None = None, colour: str = "red") -> int:
    with transaction.atomic():
        return actions.record(LampLit(lamp or new_id(), colour=colour), actor=SYSTEM, now=now)


def brighten(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
    """An effect that stands in the database: another event."""
    actions.record(RoomBright(event.subject_id), actor=SYSTEM, now=now)


def effects() -> int:
    return Event.objects.filter(kind=RoomBright.kind).count()


def colours_seen(*, together: bool, fails: set[str]) -> list[str]:
    """Register a handler that fails for some colours; returns the list of what it has seen through to the end."""
    seen: list[str] = []

    @kinds.handler(LampLit, name="tests.look", together=together)
    def look(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        brighten(event, recorded=recorded, now=now)
        if event.colour in fails:
            raise ZeroDivisionError
        transaction.on_commit(lambda: seen.append(event.colour))

    return seen


@pytest.mark.parametrize("together", [True, False])
def test_a_round_hands_on_in_order_and_once(now: datetime, *, together: bool) -> None:
    seen = colours_seen(together=together, fails=set())
    for number in range(5):
        light(now, colour=str(number))
    handed = actions.hand_on(now=now, limit=3)
    assert (handed.effects, handed.more, seen) == (3, True, ["0", "1", "2"])
    assert (actions.hand_on(now=now, limit=3).more, seen) == (False, ["0", "1", "2", "3", "4"])
    assert (actions.hand_on(now=now).effects, effects(), Handled.objects.count()) == (0, 5, 5)
    assert not Owed.objects.exists()


def test_what_a_handler_has_nothing_to_do_on_is_done_with_the_batch(now: datetime) -> None:
    asked: list[int] = []
    called: list[tuple[str, bool]] = []

    def red_only(batch: Sequence[RecordedEvent], /, *, now: datetime) -> list[int]:
        asked.append(len(batch))
        return [one.id for one in batch if isinstance(one.event, LampLit) and one.event.colour == "red"]

    @kinds.handler(LampLit, name="tests.red", only=red_only)
    def red(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        called.append((event.colour, Handled.objects.filter(event_id=recorded.id).exists()))
        brighten(event, recorded=recorded, now=now)

    lamp = new_id()
    for colour in ("blue", "red", "green", "white"):
        light(now, lamp if colour in {"red", "white"} else None, colour=colour)
    handed = actions.hand_on(now=now)
    # what comes after an event of the same subject waits for it, and is then handled as if nobody had been asked
    assert (handed.effects, asked, called) == (4, [4], [("red", True), ("white", True)])
    assert Handled.objects.filter(handler="tests.red").count() == 4
    assert not Owed.objects.filter(event_id__in=Event.objects.filter(kind=LampLit.kind).values("id")).exists()


def test_whoever_cannot_say_what_it_has_to_do_is_called_for_all(now: datetime) -> None:
    called: list[str] = []

    def broken(_batch: Sequence[RecordedEvent], /, *, now: datetime) -> list[int]:
        raise ZeroDivisionError

    @kinds.handler(LampLit, name="tests.broken", only=broken)
    def look(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        called.append(event.colour)

    for colour in ("blue", "red"):
        light(now, colour=colour)
    assert actions.hand_on(now=now).effects == 2
    assert called == ["blue", "red"]


def test_a_batch_costs_the_same_however_many_events(
    now: datetime, django_assert_num_queries: Callable[..., "object"]
) -> None:
    """BEGIN, lock, head, marks, end of the debt, COMMIT: whatever the number."""

    @kinds.handler(LampLit, name="tests.nothing", together=True)
    def nothing(_event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None: ...

    for number in (1, 20):
        for _lamp in range(number):
            light(now)
        with django_assert_num_queries(6):  # type: ignore[attr-defined]
            assert actions.hand_on(now=now).effects == number


@pytest.mark.parametrize("poisoned", [False, True])
def test_what_is_gathered_is_done_at_once_in_the_order_of_events(now: datetime, *, poisoned: bool) -> None:
    """When that fails each event is done by itself, and the others have their effect."""
    batches: list[list[str]] = []

    def shine(colours: Sequence[str], *, now: datetime) -> None:
        if "poison" in colours:
            raise ZeroDivisionError
        batches.append(list(colours))

    @kinds.handler(LampLit, name="tests.gathered", gather=shine)
    def gathered(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> str:
        return event.colour

    for colour in ("a", "poison" if poisoned else "b", "c"):
        light(now, colour=colour)
    actions.hand_on(now=now)
    assert batches == ([["a"], ["c"]] if poisoned else [["a", "b", "c"]])
    assert (Handled.objects.count(), Owed.objects.count()) == ((2, 1) if poisoned else (3, 0))


@pytest.mark.parametrize("together", [True, False])
def test_what_fails_does_not_stop_the_others(now: datetime, *, together: bool) -> None:
    seen = colours_seen(together=together, fails={"poison"})
    for colour in ("a", "poison", "b"):
        light(now, colour=colour)
    actions.hand_on(now=now)
    assert (sorted(seen), effects()) == (["a", "b"], 2)
    state = queries.state()
    assert (state.owed, state.failing, state.faults) == (1, 1, ("ZeroDivisionError",))


def test_what_fails_is_tried_again_with_growing_waits(now: datetime) -> None:
    fails = {"poison"}
    seen = colours_seen(together=True, fails=fails)
    light(now, colour="poison")
    waits = []
    moment = now
    for tries in range(1, 5):
        actions.hand_on(now=moment)
        owed = Owed.objects.get()
        assert owed.tries == tries
        assert owed.not_before is not None
        assert actions.hand_on(now=owed.not_before - timedelta(seconds=1)).effects == 0
        waits.append((owed.not_before - moment).total_seconds())
        moment = owed.not_before
    assert waits == [2, 4, 8, 16]
    fails.clear()
    assert actions.hand_on(now=moment).effects == 1
    assert (seen, effects(), Owed.objects.count()) == (["poison"], 1, 0)


def test_later_news_of_a_subject_wait_for_what_fails_but_not_for_ever(now: datetime) -> None:
    seen = colours_seen(together=True, fails={"poison"})
    lamp = new_id()
    light(now, lamp, "poison")
    light(now, lamp, "later")
    light(now, colour="other")
    moment = now
    for _try in range(queries.HELD_BACK):
        actions.hand_on(now=moment)
        assert seen == ["other"]
        moment += timedelta(hours=1)
    actions.hand_on(now=moment)
    actions.hand_on(now=moment)
    assert seen == ["other", "later"]
    assert queries.state().failing == 1


def test_a_handler_that_fails_keeps_no_other_from_the_event(now: datetime) -> None:
    colours_seen(together=True, fails={"poison"})
    kinds.handler(LampLit, name="tests.brighten", together=True)(brighten)
    light(now, colour="poison")
    actions.hand_on(now=now)
    assert list(Handled.objects.values_list("handler", flat=True)) == ["tests.brighten"]
    assert effects() == 1


def test_events_apart_and_together_keep_the_order_of_their_subject(now: datetime) -> None:
    seen: list[str] = []

    @kinds.handler(LampLit, name="tests.apart")
    def apart(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        seen.append(f"lit {event.colour}")

    @kinds.handler(RoomBright, name="tests.together", together=True)
    def together(_event: RoomBright, /, *, recorded: RecordedEvent, now: datetime) -> None:
        seen.append("bright")

    lamp = new_id()
    light(now, lamp, "first")
    with transaction.atomic():
        actions.record(RoomBright(lamp), actor=SYSTEM, now=now)
        actions.record(RoomBright(new_id()), actor=SYSTEM, now=now)
    light(now, lamp, "second")
    actions.hand_on(now=now)
    assert seen == ["bright", "lit first", "bright", "lit second"]


def test_one_hands_on_and_another_takes_over(now: datetime, in_thread: Run) -> None:
    begun, may_end = threading.Event(), threading.Event()

    @kinds.handler(LampLit, name="tests.slow", together=True)
    def slow(event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
        brighten(event, recorded=recorded, now=now)
        begun.set()
        assert may_end.wait(10)

    light(now)
    thread = in_thread(lambda: actions.hand_on(now=now))
    assert begun.wait(5)
    assert actions.hand_on(now=now).effects == 0
    may_end.set()
    thread.join()
    light(now)
    assert actions.hand_on(now=now).effects == 1
    assert effects() == 2


def test_many_workers_and_writers_have_each_effect_once(now: datetime, in_thread: Run) -> None:
    kinds.handler(LampLit, name="tests.brighten", together=True)(brighten)
    colours_seen(together=False, fails=set())
    written = threading.Event()
    lamps = [new_id() for _writer in range(3)]

    def write(lamp: UUID) -> None:
        for _number in range(10):
            light(now, lamp)

    def work() -> None:
        while not written.is_set() or Owed.objects.exists():
            actions.hand_on(now=now, limit=7)
            time.sleep(0.001)

    workers = [in_thread(work) for _worker in range(3)]
    writers = [in_thread(write, lamp) for lamp in lamps]
    for writer in writers:
        writer.join()
    written.set()
    for worker in workers:
        worker.join()
    assert (effects(), Handled.objects.count()) == (60, 60)
    for lamp in lamps:
        marks = Handled.objects.filter(event__subject_id=lamp, handler="tests.look").order_by("id")
        events = list(marks.values_list("event_id", flat=True))
        assert events == sorted(events)
        assert len(events) == 10


WORKER = """
    import os, sys, time
    import django
    django.setup()
    from django.db import connection
    connection.settings_dict.update(NAME=sys.argv[1], USER=sys.argv[2])
    from tongban.base.clock import now
    from tongban.ledger import actions, kinds
    from tongban.ledger.tests.happenings import LampLit
    from tongban.ledger.tests.test_handing_on import brighten

    kinds.HANDLERS._entries.clear()
    kinds._HANDLERS_OF_KIND.clear()

    @kinds.handler(LampLit, name="tests.brighten", together=True)
    def slowly(event, /, *, recorded, now):
        brighten(event, recorded=recorded, now=now)
        if event.colour == "last":
            print("in the middle", flush=True)
            time.sleep(60)

    actions.hand_on(now=now())
"""


def test_a_worker_that_is_killed_leaves_nothing_half_done(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.brighten", together=True)(brighten)
    for colour in ("one", "two", "last"):
        light(now, colour=colour)
    known = connection.settings_dict
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER), str(known["NAME"]), str(known["USER"])],
        stdout=subprocess.PIPE,
        env=dict(os.environ),
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    assert actions.hand_on(now=now).effects == 0, "the other one is at it"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 10
    while not actions.hand_on(now=now).effects and time.monotonic() < until:
        time.sleep(0.05)
    assert (effects(), Handled.objects.count(), Owed.objects.count()) == (3, 3, 0)
