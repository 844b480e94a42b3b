"""By which key a number is known is settled by whoever writes it down, never by whoever asks; and who keeps the turn waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.operate.place import present
from tests.operate.ring import Ring
from tests.operate.turning import fill, turn
from tongban.accounts import actions, queries
from tongban.accounts.models import KnownNumber
from tongban.accounts.tests.people import credit_code, identity_number
from tongban.base.ids import new_id
from tongban.cases.tests.people import NOW, resident
from tongban.exchange import queries as exchange
from tongban.exchange.actions import settled
from tongban.exchange.errors import LookUpRefused
from tongban.exchange.models import LookUp
from tongban.exchange.rules.calls import About
from tongban.registers import actions as registers
from tongban.registers.queries import stretches_on
from tongban.registers.tests.town import make_town
from tongban.sharing.actions import note_reading
from tongban.sharing.models import LogReading
from tongban.sharing.queries import Whose

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "resident_identity_card"


def _about(number: str) -> About:
    return About(kind="person", number=number, identity_kind=CARD)


def test_asking_for_a_subject_settles_nothing(ring: Ring) -> None:
    """A query writes nothing, whomever it names; the look-up that follows settles the key that it writes down."""
    town, number, code = make_town(), identity_number(), credit_code()
    town.grant("name")
    turn(ring)
    before = set(KnownNumber.objects.values_list("number", "key"))
    stranger = exchange.person_subject(CARD, number)
    assert exchange.subject_of(_about(number)) == stranger
    assert exchange.subject_of(About(kind="enterprise", number=code)) == exchange.enterprise_subject(code)
    assert set(KnownNumber.objects.values_list("number", "key")) == before
    with pytest.raises(LookUpRefused):
        town.ask(town.call(town.case(), "name", about=_about(number)))
    assert LookUp.objects.get().subject_key == stranger.key
    assert set(KnownNumber.objects.values_list("number", "key")) == before | {(2, stranger.key)}


def test_who_writes_goes_by_the_key_that_was_settled_meanwhile(ring: Ring) -> None:
    """One process still knows the old key and has read; another does not and writes first: both write the same key."""
    turn(ring)
    number, others = identity_number(), [identity_number() for _ in range(3)]
    ring.know(1, 2)
    abouts = [_about(one) for one in (*others, number, number)]
    read = [one for one in exchange.subjects_of(abouts) if one is not None]
    ring.know(2)
    (written,) = settled([exchange.person_subject(CARD, number)])
    assert written.key != read[-1].key, "else nothing is tried here"
    ring.know(1, 2)
    found = settled(read)
    assert [one.number for one in found] == [one.number for one in abouts]
    assert [one.key for one in found] == [*(one.key for one in read[:3]), written.key, written.key]
    ring.know(2)
    assert exchange.subjects_of(abouts) == found


def test_what_registers_hold_is_found_by_whoever_does_not_know_the_old_key(ring: Ring) -> None:
    """Recorded and loaded by a process that still knew it."""
    town, abouts = make_town(), [_about(identity_number()) for _ in range(2)]
    ring.know(1, 2)
    fill()
    actions.retire_index_key()
    values, first, office = {"name": "林知夏"}, date(2020, 1, 1), town.steward.actor
    registers.record(
        actor=office, register_id=town.register.id, about=abouts[0], values=values, valid_from=first, now=NOW
    )
    loaded = [registers.Loaded(about=abouts[1], values=values, valid_from=first)]
    assert registers.load(actor=office, register_id=town.register.id, records=loaded, now=NOW) == 1
    ring.know(2)
    assert [len(stretches_on(town.register, about)) for about in abouts] == [1, 1]


def test_a_log_is_read_under_the_settled_key(ring: Ring) -> None:
    """Of an enterprise that came after the turn, whose key nobody has written down yet."""
    turn(ring)
    ring.know(1, 2)
    subject = exchange.enterprise_subject(credit_code())
    assert not subject.is_settled
    whose = Whose(id=new_id(), kind="enterprise", name="云澜公司", relation="enterprise", is_sure=True, subject=subject)
    note_reading(actor=resident().actor, whose=whose, now=NOW)
    ring.know(2)
    assert exchange.enterprise_subject(subject.number).key == LogReading.objects.get().subject_key


def test_a_lock_that_is_not_had_is_told_in_one_sentence(
    ring: Ring, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes persons for too long: neither the beginning nor the end of the turn has changed anything."""
    monkeypatch.setattr(actions.turning, "PATIENCE", "50ms")
    monkeypatch.setattr(actions.turning, "PATIENCE_OF_ROWS", "10ms")
    monkeypatch.setattr(actions.turning, "_TRIES", 2)
    resident()
    ring.know(1, 2)

    def keys(part: str) -> list[str]:
        said = present(tmp_path).run_here(capsys, "keys", part, status=1)
        assert "Traceback" not in said
        return [line for line in said.splitlines() if line.startswith("tongban keys: ")]

    def assert_told_to_come_again(part: str) -> None:
        (told,) = keys(part)
        assert "run this again" in told

    with _writing("LOCK TABLE accounts_person IN ROW EXCLUSIVE MODE"):
        assert_told_to_come_again("turn-index")
    assert queries.wanted_index_keys() == {1}
    actions.begin_turn(now=NOW)
    with _writing("SELECT id FROM accounts_person FOR UPDATE"):
        assert_told_to_come_again("turn-index")
    assert queries.persons_without(2) == 1
    fill()
    with _writing("LOCK TABLE accounts_person IN ROW EXCLUSIVE MODE"):
        assert_told_to_come_again("retire-index")
    assert queries.wanted_index_keys() == {1, 2}
    assert keys("retire-index") == []
    assert queries.wanted_index_keys() == {2}


@contextmanager
def _writing(statement: str) -> Iterator[None]:
    """Have somebody else in the middle of a transaction that has said this."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            begun.set()
            over.wait(30)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(10)
        yield
    finally:
        over.set()
        writer.join()
