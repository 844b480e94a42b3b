from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.base.actor import SYSTEM, Actor
from tongban.base.ids import new_id
from tongban.base.rows import MANY, OutsideTransaction, write
from tongban.ledger import actions, kinds, queries
from tongban.ledger.events import EventData, RecordedEvent, UnfitEvent
from tongban.ledger.models import Event, Owed
from tongban.ledger.tests.happenings import LampLit, RoomBright

Counted = Callable[[int], AbstractContextManager[Any]]


def owed() -> list[tuple[int, UUID]]:
    return list(Owed.objects.order_by("event_id").values_list("event_id", "subject_id"))


def wanted(_event: LampLit, /, *, recorded: RecordedEvent, now: datetime) -> None:
    """Nothing to do."""


@pytest.mark.django_db
def test_an_event_comes_back_as_it_was(now: datetime) -> None:
    lamp, keeper = new_id(), new_id()
    event = LampLit(lamp, colour="green", until=date(2026, 5, 1), keepers=(keeper,))
    actor = Actor(kind="official", account_id=new_id(), official_id=new_id())
    post = new_id()
    actions.record(event, actor=actor, now=now, post_id=post)
    [happened] = queries.history_of("lamp", lamp)
    assert happened.event == event
    assert (happened.account_id, happened.official_id, happened.post_id) == (actor.account_id, actor.official_id, post)
    assert (happened.happened_at, happened.position) == (now, None)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_handlers")
def test_recording_costs_one_statement(now: datetime, django_assert_num_queries: Counted) -> None:
    kinds.handler(LampLit, name="tests.wanted")(wanted)
    with django_assert_num_queries(1):
        event_id = actions.record(LampLit(lamp := new_id()), actor=SYSTEM, now=now)
    assert owed() == [(event_id, lamp)]
    with django_assert_num_queries(1):
        actions.record(RoomBright(new_id()), actor=SYSTEM, now=now)
    assert len(owed()) == 1, "nobody wants that kind"


@pytest.mark.django_db
@pytest.mark.usefixtures("own_handlers")
def test_a_change_undone_leaves_neither_event_nor_debt(now: datetime) -> None:
    kinds.handler(LampLit, name="tests.wanted")(wanted)
    with transaction.atomic():
        actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert owed() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("own_handlers")
@pytest.mark.parametrize("number", [3, MANY + 5])
def test_many_are_recorded_in_their_order_as_each_by_itself(
    now: datetime, number: int, django_assert_num_queries: Counted
) -> None:
    kinds.handler(LampLit, name="tests.want_many")(wanted)
    actor = Actor(kind="official", account_id=new_id(), official_id=new_id())
    lamps = [LampLit(new_id(), colour=f"红 \\ % {place}", until=now.date()) for place in range(number)]
    happened = [*lamps, RoomBright(lamps[0].subject_id)]
    with django_assert_num_queries(1):
        write(actions.recorded(*(actions.Entry(event=event, actor=actor) for event in happened), now=now))
    together = list(Event.objects.order_by("id"))
    for event in happened:
        actions.record(event, actor=actor, now=now)
    alone = list(Event.objects.order_by("id"))[len(happened) :]
    same = ("kind", "happened_at", "actor_kind", "account_id", "official_id", "post_id", "subject_kind", "subject_id")
    for one, other in zip(together, alone, strict=True):
        assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
        assert (one.data, one.transaction, one.position) == (other.data, other.transaction, None)
    assert len({one.uid for one in together}) == len(happened)
    assert owed()[:number] == [(one.id, one.subject_id) for one in together[:-1]]


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_mistake(now: datetime) -> None:
    with pytest.raises(OutsideTransaction):
        actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_what_somebody_typed_has_no_place_here(now: datetime) -> None:
    with pytest.raises(UnfitEvent, match="200 characters"):
        actions.record(LampLit(new_id(), colour="我" * 201), actor=SYSTEM, now=now)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET kind = 'tests.other'",
        "UPDATE ledger_event SET data = '{}', position = 7",
        "DELETE FROM ledger_event",
    ],
)
def test_the_database_keeps_events_as_they_are(now: datetime, statement: str) -> None:
    actions.record(LampLit(new_id(), colour="blue"), actor=SYSTEM, now=now)
    with pytest.raises(IntegrityError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.get().data["colour"] == "blue"


@pytest.mark.django_db
def test_a_position_is_given_once(now: datetime) -> None:
    actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
    Event.objects.update(position=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(position=6)


@pytest.mark.django_db
def test_old_events_are_read_with_the_fields_of_today(now: datetime) -> None:
    lamp = new_id()
    actions.record(LampLit(lamp), actor=SYSTEM, now=now)
    [happened] = queries.history_of("lamp", lamp)
    happened.data.pop("colour")
    happened.data["wick"] = "a field of an earlier release"
    assert happened.event == LampLit(lamp)


@pytest.mark.django_db
def test_events_are_said_in_words(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds.DESCRIPTIONS, "_entries", {})

    @kinds.describe(LampLit)
    def words(event: LampLit, reader: kinds.Reader) -> str:
        return f"{event.colour} for the {reader}"

    lamp = new_id()
    actions.record(LampLit(lamp, colour="white"), actor=SYSTEM, now=now)
    actions.record(RoomBright(lamp), actor=SYSTEM, now=now)
    lit, bright = queries.history_of("lamp", lamp)
    assert words(LampLit(lamp), "official") == "red for the official"
    assert (queries.words_of(lit, "applicant"), queries.words_of(bright, "applicant")) == (
        "white for the applicant",
        "",
    )


def test_two_classes_of_one_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="taken by"):

        @dataclass(frozen=True)
        class Other(EventData):
            kind: ClassVar[str] = "tests.lamp_lit"
            subject_kind: ClassVar[str] = "lamp"


@pytest.mark.usefixtures("own_handlers")
def test_a_handler_name_is_used_once() -> None:
    kinds.handler(LampLit, name="tests.wanted")(wanted)
    with pytest.raises(ValueError, match="registered already"):
        kinds.handler(RoomBright, name="tests.wanted")(wanted)
