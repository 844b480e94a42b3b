"""Data keys are turned over: all that is sealed is sealed anew, beside whoever writes, and nothing is lost."""

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.operate.place import Place, present
from tests.operate.ring import Ring
from tongban.accounts.mfa import SealingAdapter
from tongban.accounts.models import Account, HeldInput, Person
from tongban.base import sealing
from tongban.exchange.contrib.drop.source import open_row, seal_row
from tongban.exchange.models import DropLoad, DropRow, Source
from tongban.exchange.queries import subject_of
from tongban.files import actions as files
from tongban.files import queries as file_queries
from tongban.files.models import StoredFile
from tongban.files.sealing import Contents
from tongban.papers import actions as papers
from tongban.papers import queries as paper_queries
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper
from tongban.registers.tests.town import NOW, Town, make_town

BESIDE = pytest.mark.django_db(transaction=True)
OLD, NEW = b"o" * 32, b"n" * 32
HELD = sealing.SealedColumn("accounts_heldinput", "values", ("id",), "'accounts_heldinput.values'")


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The old key, until a test says more."""
    kept, settings.TONGBAN_DATA_KEYS = settings.TONGBAN_DATA_KEYS, Ring(_1=OLD, _2=NEW)
    settings.TONGBAN_DATA_KEYS.know(1)
    yield settings.TONGBAN_DATA_KEYS
    settings.TONGBAN_DATA_KEYS = kept


def _place(folder: Path, keys: str) -> Place:
    place = present(folder)
    place.environment["TONGBAN_DATA_KEYS"] = keys
    return place


def _paper(town: Town) -> Paper:
    said = PaperContent(office="云澜市民政局", addressee="林知夏", paragraphs=("决定予以受理。",))
    return papers.issue(
        kind="acceptance", organisation=town.asking.organisation, subject_id=town.register.id, content=said, now=NOW
    )


def _dropped(town: Town) -> DropRow:
    subject = subject_of(town.about())
    assert subject
    source, _made = Source.objects.get_or_create(
        resource_id=town.resource.id, defaults={"kind": "register", "changed_at": NOW}
    )
    load = DropLoad.objects.create(
        source=source, stamp="1", sha256="0" * 64, rows=1, fields=["plate"], file_at=NOW, began_at=NOW
    )
    return DropRow.objects.create(
        load=load, subject_key=subject.key, sealed=seal_row(town.resource.id, subject.key, {"plate": "云A"})
    )


def _app(account: Account) -> None:
    data = {"secret": SealingAdapter().encrypt("JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user_id=account.pk, type=Authenticator.Type.TOTP, data=data)


def _numbers() -> dict[str, dict[int, int]]:
    """Return what lies under which key, as the owner sees it."""
    known = connection.settings_dict
    with (
        psycopg.connect(
            host=known["HOST"], port=known["PORT"], dbname=known["NAME"], user=settings.TONGBAN_ROLES.owner
        ) as owner,
        closing(owner.cursor()) as cursor,
    ):
        return {name: numbers for name, numbers in sealing.sealed_under(cursor).items() if numbers}


@BESIDE
def test_everything_that_is_sealed_is_sealed_anew_and_says_the_same(ring: Ring, tmp_path: Path) -> None:
    town = make_town()
    paper, row = _paper(town), _dropped(town)
    _app(Account.objects.earliest("created_at"))
    town.grant("religion")
    before = Person.objects.get(id=town.lin.person_id).identity_number
    lying = _numbers()
    assert {"accounts_person.identity_number", "registers_recordedvalue.sealed", "exchange_droprow.sealed",
            "mfa_authenticator.data", "papers_paper.content"} <= set(lying)  # fmt: skip
    assert {number for numbers in lying.values() for number in numbers} == {1}
    both = f"1:{OLD.hex()},2:{NEW.hex()}"
    said = _place(tmp_path, both).run("keys", "status", status=1)
    assert "left: papers_paper.content" in said
    assert "All is sealed under data key 2." in _place(tmp_path, both).run("keys", "seal-anew")
    assert _numbers() == {name: {2: sum(numbers.values())} for name, numbers in lying.items()}
    ring.know(2)
    assert Person.objects.get(id=town.lin.person_id).identity_number == before
    assert paper_queries.content_of(Paper.objects.get(id=paper.id)).addressee == "林知夏"
    row.refresh_from_db()
    assert open_row(town.resource.id, row.subject_key, bytes(row.sealed)) == {"plate": "云A"}
    assert SealingAdapter().decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert base64.b64decode(Authenticator.objects.get().data["secret"])[1] == 2
    assert town.ask(town.call(town.case(), "religion")).records == ({"religion": "无"},)
    said = _place(tmp_path, f"2:{NEW.hex()}").run("keys", "status")
    assert "data key 2" in said
    assert "data key 1" not in said


@BESIDE
def test_a_key_that_something_needs_is_not_left_out(ring: Ring, tmp_path: Path) -> None:
    town = make_town()
    said = _place(tmp_path, f"2:{NEW.hex()}").run("check", "--deploy", status=1)
    assert "✗ TONGBAN_DATA_KEYS lacks key 1: " in said
    assert "accounts_person.identity_number" in said
    said = _place(tmp_path, f"2:{NEW.hex()}").run("keys", "seal-anew", status=1)
    assert "do not open" in said
    assert "✗ the key is not given" in said
    assert Person.objects.get(id=town.lin.person_id).identity_number, "nothing was changed"
    assert "TONGBAN_DATA_KEYS lacks" not in _place(tmp_path, f"1:{OLD.hex()},3:{NEW.hex()}").run(
        "check", "--deploy", status=1
    )


@BESIDE
def test_bytes_of_files_are_sealed_anew_and_plain_ones_sealed(ring: Ring, tmp_path: Path, settings: Any) -> None:
    place = _place(tmp_path, f"1:{OLD.hex()},2:{NEW.hex()}")
    storage = {"BACKEND": "tongban.files.storage.DurableFileSystemStorage", "OPTIONS": {"location": place.files}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}
    contents = [f"%PDF {number}".encode() * 100_000 for number in range(5)]
    stored = [
        files.store_made(name="a.pdf", content=content, media_type="application/pdf", now=NOW)
        for content in (*contents, contents[0])
    ]
    plain, changed = stored[1], stored[2]
    (place.files / plain.path).write_bytes(contents[1])
    StoredFile.objects.filter(id=plain.id).update(data_key=sealing.PLAIN)
    (place.files / changed.path).write_bytes((place.files / changed.path).read_bytes()[:-1])
    assert _numbers()[Contents.name] == {0: 1, 1: 5}
    said = place.run("keys", "status", status=1)
    assert re.search(r"plain +1 values", said)
    assert re.search(r"left: bytes of files_storedfile +6", said)
    said = place.run("keys", "seal-anew", status=1)
    assert re.search(r"bytes of files_storedfile +4 in .*, 1 do not open", said)
    assert _numbers()[Contents.name] == {1: 1, 2: 5}
    ring.know(2)
    for one, content in zip(stored, (*contents, contents[0]), strict=True):
        if one.id != changed.id:
            assert file_queries.content_of(one) == content
            assert content[:100] not in (place.files / one.path).read_bytes()
    assert "bytes of files_storedfile (1)" in _place(tmp_path, f"2:{NEW.hex()}").run("check", "--deploy", status=1)


@pytest.mark.django_db
def test_whoever_serves_changes_no_paper_by_saying_that_it_seals_anew(ring: Ring) -> None:
    paper = _paper(make_town())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongban.sealing_anew', 'on', true)")
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
            cursor.execute("UPDATE papers_paper SET content = content || 'x'::bytea")
    assert paper_queries.content_of(Paper.objects.get(id=paper.id)).addressee == "林知夏"


def _held(number: int) -> list[HeldInput]:
    rows = [
        HeldInput(path="/x", values={"said": 0}, created_at=NOW, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
        for _ in range(number)
    ]
    return HeldInput.objects.bulk_create(rows)


@BESIDE
def test_nothing_is_lost_of_what_is_written_meanwhile(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not know the new key yet writes the whole time; each of its words must stand at the end."""
    monkeypatch.setattr(sealing, "BATCH", 7)
    rows, writing, lost = _held(40), threading.Event(), list[UUID]()
    last: dict[UUID, int] = {row.id: 0 for row in rows}
    writing.set()

    def write() -> None:
        ring.know(1, 2)
        try:
            for said in range(1, 26):
                ring.know(1, 2)
                stands = {row.id: row.values["said"] for row in HeldInput.objects.all()}
                lost.extend(key for key in last if stands[key] != last[key])
                ring.know(1)
                for row in rows:
                    row.values = {"said": said}
                    row.save(update_fields=["values"])
                    last[row.id] = said
        finally:
            writing.clear()
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    ring.know(1, 2)
    sealed = 0
    while writing.is_set():
        sealed += sum(done.sealed for done in HELD.seal_anew())
    writer.join()
    sealed += sum(done.sealed for done in HELD.seal_anew())
    assert sealed > len(rows), "nothing was sealed anew while it was written"
    assert not lost
    assert {row.id: row.values["said"] for row in HeldInput.objects.all()} == last
    with connection.cursor() as cursor:
        assert HELD.numbers(cursor) == {2: len(rows)}


@BESIDE
def test_cut_short_it_goes_on_and_a_row_in_use_waits_for_its_turn(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    _held(8)
    ring.know(1, 2)
    cut = HELD.seal_anew()
    assert next(cut).sealed == 3
    cut.close()
    with connection.cursor() as cursor:
        assert HELD.numbers(cursor) == {1: 5, 2: 3}
        known = connection.settings_dict
        cursor.execute('SELECT id FROM accounts_heldinput WHERE get_byte("values", 1) = 1 LIMIT 1')
        in_use = cursor.fetchone()[0]
        with psycopg.connect(host=known["HOST"], port=known["PORT"], dbname=known["NAME"], user=known["USER"]) as other:
            other.execute(f"SET search_path TO {settings.TONGBAN_SCHEMA}")
            other.execute("SELECT 1 FROM accounts_heldinput WHERE id = %s FOR UPDATE", [in_use])
            assert sum(done.sealed for done in HELD.seal_anew()) == 4
            assert HELD.numbers(cursor) == {1: 1, 2: 7}
        assert sum(done.sealed for done in HELD.seal_anew()) == 1
        assert HELD.numbers(cursor) == {2: 8}


def test_places_are_all_there_are() -> None:
    """A binary column of ours is sealed, or is known to be none."""
    from django.apps import apps  # noqa: PLC0415 - only here
    from django.db import models  # noqa: PLC0415 - likewise

    plain = {
        "accounts_person.identity_index", "accounts_person.identity_index_even", "accounts_knownnumber.index",
        "accounts_verificationcode.address_index", "accounts_verificationcode.code_index", "accounts_trycount.who_index",
        "exchange_lookupanswer.digest", "registers_incoming.sealed",
    }  # fmt: skip
    binary = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and not model._meta.db_table.startswith("ledger_")
    }
    assert binary - {place.name for place in sealing.places()} == plain
