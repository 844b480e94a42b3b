"""The index key is turned over beside a running city: everybody is found at every step, and nobody twice."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from tests.operate.place import Place, present
from tests.operate.ring import NEW, Ring
from tests.operate.turning import fill
from tongban.accounts import actions, queries
from tongban.accounts.actions.addresses import new_code, use_code
from tongban.accounts.errors import CodeWrong, KeyNotTurned
from tongban.accounts.models import KnownNumber, Person
from tongban.accounts.tests.people import identity_number
from tongban.base.actor import SYSTEM
from tongban.cases.tests.people import NOW, resident
from tongban.exchange import queries as exchange
from tongban.exchange.models import LookUp
from tongban.exchange.rules.feeds import cursors, references
from tongban.registers.tests.town import Town, make_town

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "resident_identity_card"


def _register(number: str) -> Person:
    return actions.register_person(
        actor=SYSTEM, name="林知夏", identity_kind=CARD, identity_number=number, now=NOW
    )  # fmt: skip


def _asked(town: Town, case: str) -> Any:
    return town.ask(town.call(case, "name")).records


def test_everything_about_somebody_is_found_at_every_step_of_two_turns(ring: Ring) -> None:
    """Person, register, look-ups of before, a reference in a feed and a place in it: through {1}, {1,2}, {2}, {2,3}, {3}."""
    town = make_town()
    case, number = town.case(), town.about().number
    town.grant("name")
    key = exchange.person_subject(CARD, number).key
    reference = references.reference_of(key, "person", consumer="system:x")
    place = cursors.cursor_of(town.resource.id, 41)
    assert _asked(town, case) == ({"name": "林知夏"},)
    steps: list[tuple[tuple[int, ...], Callable[[], Any]]] = [
        ((1, 2), lambda: None),
        ((1, 2), fill),
        ((1, 2), actions.retire_index_key),
        ((2,), lambda: None),
        ((2,), lambda: sum(actions.clear_retired())),
        ((2, 3), lambda: None),
        ((2, 3), fill),
        ((2, 3), actions.retire_index_key),
        ((3,), lambda: sum(actions.clear_retired())),
    ]
    for known, step in steps:
        ring.know(*known)
        step()
        found = queries.person_by_identity(CARD, number)
        assert found is not None, known
        assert found.id == town.lin.person_id
        assert _register(number).id == town.lin.person_id
        assert exchange.person_subject(CARD, number).key == key
        assert _asked(town, case) == ({"name": "林知夏"},), known
        assert references.key_behind(reference, "person", consumer="system:x") == key
        assert references.reference_of(key, "person", consumer="system:x") == reference
        if 1 in known:
            assert cursors.position_of(town.resource.id, place) == 41
            place = cursors.cursor_of(town.resource.id, 41)
        assert cursors.position_of(town.resource.id, place) == 41
    assert set(LookUp.objects.values_list("subject_key", flat=True)) == {key}
    assert queries.left_of_retired() == 0
    person = Person.objects.get(id=town.lin.person_id)
    assert (person.identity_index_even, bytes(person.identity_index or b"")) == (
        None, queries.identity_index(CARD, number)
    )  # fmt: skip
    assert set(KnownNumber.objects.values_list("number", flat=True)) == {3}


def test_a_stranger_who_was_looked_up_keeps_the_key_until_the_old_is_given_up(ring: Ring) -> None:
    """Nobody holds the number: only the old key leads from it to what was looked up."""
    town, number = make_town(), identity_number()
    stranger = exchange.person_subject(CARD, number).key
    town.grant("name")
    _asked(town, town.case())
    LookUp.objects.create(at=NOW, subject_kind="person", subject_key=stranger, refused="case_about_another")
    ring.know(1, 2)
    fill()
    assert queries.unnamed() == 1
    with pytest.raises(KeyNotTurned):
        actions.retire_index_key()
    assert queries.wanted_index_keys() == {1, 2}, "nothing changed"
    assert _register(number).id
    assert exchange.person_subject(CARD, number).key == stranger
    assert queries.unnamed() == 0, "who comes and gives the number is named"
    assert actions.retire_index_key() == 1


def test_whoever_was_not_told_of_a_key_takes_nobody_in(ring: Ring) -> None:
    number = identity_number()
    ring.know(1, 2)
    actions.begin_turn(now=NOW)
    for known in ((1,), (2,)):
        ring.know(*known)
        before = Person.objects.count()
        with pytest.raises(DatabaseError, match="by every index key that is wanted"):
            _register(number)
        assert Person.objects.count() == before
    ring.know(2)
    with pytest.raises(KeyNotTurned):
        actions.begin_turn(now=NOW)
    ring.know(1, 2)
    with pytest.raises(KeyNotTurned):
        actions.retire_index_key()
    assert queries.wanted_index_keys() == {1, 2}
    _register(number)
    sum(actions.index_anew())
    actions.end_filling(now=NOW)
    assert actions.retire_index_key() == 1
    ring.know(1)
    with pytest.raises(DatabaseError, match="by every index key that is wanted"):
        _register(identity_number())


@pytest.mark.parametrize("knowing", [((1,), (1, 2)), ((1, 2), (1, 2)), ((1, 2), (2,)), ((1, 2), (2,), (1, 2), (2,))])
def test_of_many_who_take_in_the_same_number_at_once_all_get_one_person(
    ring: Ring, knowing: tuple[tuple[int, ...], ...]
) -> None:
    """Processes that know different keys, as while all are being restarted; between them the database judges."""
    if (2,) in knowing:
        ring.know(1, 2)
        fill()
        actions.retire_index_key()
    numbers = [identity_number() for _ in range(12)]
    together, found, wrong = threading.Barrier(len(knowing)), list[tuple[str, Any, Any]](), list[BaseException]()

    def come(known: tuple[int, ...]) -> None:
        ring.know(*known)
        try:
            for number in numbers:
                together.wait(30)
                person = _register(number)
                found.append((number, person.id, exchange.person_subject(CARD, number).key))
        except BaseException as fault:  # noqa: BLE001 - told below
            wrong.append(fault)
            together.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(known,)) for known in knowing]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong, wrong
    assert len(found) == len(numbers) * len(knowing)
    assert len(set(found)) == len(numbers), "one number, two persons or two keys"


def test_nobody_is_taken_in_twice_while_all_are_indexed_anew(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes people in, some of them known already, from before the turn until after its end."""
    monkeypatch.setattr(actions.turning, "BATCH", 5)
    known = [identity_number() for _ in range(40)]
    for number in known:
        _register(number)
    going, wrong, fresh = threading.Event(), list[BaseException](), [identity_number() for _ in range(40)]
    going.set()

    def come() -> None:
        ring.know(1, 2)
        try:
            while going.is_set():
                for number in known + fresh:
                    _register(number)
        except BaseException as fault:  # noqa: BLE001 - told below
            wrong.append(fault)
        finally:
            connection.close()

    comers = [threading.Thread(target=come) for _ in range(2)]
    for one in comers:
        one.start()
    ring.know(1, 2)
    fill()
    actions.retire_index_key()
    going.clear()
    for one in comers:
        one.join()
    assert not wrong, wrong
    ring.know(2)
    sum(actions.clear_retired())
    found = {number: queries.person_by_identity(CARD, number) for number in known}
    assert all(found.values())
    numbers = [person.identity_number for person in Person.objects.all()]
    assert len(numbers) == len(set(numbers))
    assert not Person.objects.filter(identity_index_even__isnull=True).exists()


def test_a_code_that_was_sent_before_opens_after(ring: Ring) -> None:
    asked, code = new_code(use="recover", address="13900001234", now=NOW)
    ring.know(1, 2)
    with pytest.raises(CodeWrong):
        use_code(
            use="recover", address="13900001234", typed="000000" if code != "000000" else "1", now=NOW, asked=asked
        )
    use_code(use="recover", address="13900001234", typed=code, now=NOW, asked=asked)


def _place(folder: Path, keys: str) -> Place:
    place = present(folder)
    place.environment["TONGBAN_INDEX_KEY"] = keys
    return place


def test_the_command_leads_through_it(ring: Ring, tmp_path: Path) -> None:
    old, feed = ring[1].hex(), settings.TONGBAN_FEED_KEY.hex()
    person = resident().person_id
    both = _place(tmp_path, f"1:{old},2:{NEW.hex()}")
    said = both.run("keys", "turn-index", status=1)
    assert "Give TONGBAN_FEED_KEY" in said
    assert "index key 2   wanted, persons without: 0" in said
    assert both.run("keys", "feed-key").strip() == feed
    alone = _place(tmp_path, f"2:{NEW.hex()}")
    assert "TONGBAN_FEED_KEY is missing" in alone.run("keys", "status", status=1)
    alone.environment["TONGBAN_FEED_KEY"] = feed
    assert "TONGBAN_INDEX_KEY lacks key 1" in alone.run("web", "--port", "8719", status=1)
    assert "Nothing needs index key 1 any more" in both.run("keys", "retire-index", status=1)
    assert "were taken away" in alone.run("keys", "retire-index")
    ring.know(2)
    assert Person.objects.get(id=person).identity_index is None
