"""A backup taken while the city is at work is put back elsewhere, and is what stood at one moment."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.books.city import seal
from tests.operate.place import Place, empty, present
from tests.people import applied, make_town
from tongban.base.clock import now
from tongban.files import actions as files
from tongban.files.errors import BackupRuns
from tongban.files.models import StoredFile
from tongban.site.backup.copying import is_whole, lies_under
from tongban.site.backup.manifest import BYTES, NAME, listed

pytestmark = pytest.mark.django_db(transaction=True)
Rows = dict[str, set[str]]


@pytest.fixture
def here(tmp_path: Path, settings: Any) -> Place:
    """The place that the tests work in, with files in a folder of this test's own."""
    place = present(tmp_path)
    storage = {"BACKEND": "tongban.files.storage.DurableFileSystemStorage", "OPTIONS": {"location": place.files}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}
    return place


@pytest.fixture
def there(here: Place, tmp_path: Path) -> Iterator[Place]:
    """An empty place."""
    with empty(tmp_path / "there", "restored") as place:
        yield place


def _rows(place: Place) -> Rows:
    """Return table → digests of its rows."""
    found: Rows = {}
    with psycopg.connect(place.owner.address) as reader:
        names = [row[0] for row in reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'city'")]
        for name in names:
            digests = reader.execute(sql.SQL("SELECT md5(t::text) FROM {} AS t").format(sql.Identifier("city", name)))
            found[name] = {str(row[0]) for row in digests}
    return found


def _kept(place: Place) -> dict[str, str]:
    """Return name → digest of every file as it lies there; each is compared with its name when it is opened."""
    found = [path for path in place.files.rglob("*") if path.is_file()]
    assert all(is_whole(path, path.name) for path in found)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


class Busy:
    """A city at work: somebody applies again and again, and what was erased is to be removed."""

    def __init__(self, resident: Any) -> None:
        """Begin."""
        self.numbers: list[str] = []
        self.held_back = 0
        self._resident, self._ended = resident, threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            while not self._ended.is_set():
                self.numbers.append(applied(self._resident))
                self._erase_one()
        finally:
            connection.close()

    def _erase_one(self) -> None:
        made = files.store_made(
            name="a.pdf", content=f"%PDF {self.numbers[-1]}".encode(), media_type="application/pdf", now=now()
        )
        files.erase([made.id], now=now())
        try:
            files.remove_bytes(made.sha256)
        except BackupRuns:
            self.held_back += 1

    def end(self) -> None:
        """End, once what was begun is done."""
        self._ended.set()
        self._thread.join()


def test_a_busy_city_is_put_back_as_it_was_at_one_moment(here: Place, there: Place, tmp_path: Path) -> None:
    resident = make_town().lin
    before = [applied(resident) for _ in range(3)]
    seal()
    busy, backup = Busy(resident), tmp_path / "backup"
    said = here.run("backup", str(backup))
    busy.end()
    assert len(busy.numbers) > 3, "the city was not at work while the backup was taken"
    assert busy.held_back, "no removal met the backup"
    assert "The keys are not in it" in said
    assert not (backup / "keys.sealed").exists()

    there.run("restore", str(backup))
    source, restored = _rows(here), _rows(there)
    assert source.keys() == restored.keys()
    for table in ("papers_paper", "applications_application", "cases_clock"):
        assert restored[table], table
        assert restored[table] <= source[table], table
    assert "comparisons agree" in there.run("compare-books", "--files")
    with psycopg.connect(there.owner.address) as reader:
        reader.execute("SET search_path TO city")
        numbers = {row[0] for row in reader.execute("SELECT number FROM cases_case")}
        wanted = {row[0] for row in reader.execute("SELECT sha256 FROM files_storedfile WHERE erased_at IS NULL")}
    assert numbers >= set(before), "what was acknowledged before is there"
    kept = _kept(there)
    assert set(kept) == wanted, "its files, and no others"
    assert all(name != digest for name, digest in kept.items()), "they lie sealed, in the backup too"


def test_a_quiet_city_is_put_back_to_the_last_byte_with_its_keys(
    here: Place, there: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(make_town().lin)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("云汀 backup 2026\n")
    files.store_made(name="a.pdf", content=b"%PDF beside", media_type="application/pdf", now=now())
    first, second = tmp_path / "first", tmp_path / "second"
    here.run_here(capsys, "backup", str(first))
    rotten, *sound = listed(first)
    assert sound
    rotten.place(first).write_bytes(b"x" * rotten.size)
    here.run_here(capsys, "backup", str(second), "--previous", str(first), "--keys-passphrase-file", str(passphrase))
    assert all(one.place(first).samefile(one.place(second)) for one in sound), "linked, not copied again"
    assert is_whole(rotten.place(second), rotten.sha256), "what has rotted is copied afresh"

    for name in ("TONGBAN_DATA_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_LEDGER_KEY"):
        del there.environment[name]
    assert "The keys are not here" in there.run_here(capsys, "restore", str(second), status=1)
    said = there.run("restore", str(second), "--keys-passphrase-file", str(passphrase))
    assert "Restored as it was at" in said
    passing = {"procrastinate_workers"}
    assert {table: rows for table, rows in _rows(there).items() if table not in passing} == {
        table: rows for table, rows in _rows(here).items() if table not in passing
    }
    assert _kept(there) == _kept(here)
    assert "is not empty" in there.run_here(
        capsys, "restore", str(second), "--keys-passphrase-file", str(passphrase), status=1
    )


def test_what_was_sealed_anew_is_copied_and_not_linked_under_its_old_key(
    here: Place, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else each later backup would need the old key, and say of itself that it does not."""
    contents = [f"%PDF {number}".encode() for number in range(4)]
    made = [files.store_made(name="a", content=one, media_type="application/pdf", now=now()) for one in contents]
    here.run_here(capsys, "backup", str(tmp_path / "first"))
    settings.TONGBAN_DATA_KEYS = {**settings.TONGBAN_DATA_KEYS, 2: b"n" * 32}
    assert all(files.seal_anew(one.sha256) for one in made[:2])
    here.run_here(capsys, "backup", str(tmp_path / "second"), "--previous", str(tmp_path / "first"))
    copied = {one.sha256: one for one in listed(tmp_path / "second")}
    for one, number in zip(made, (2, 2, 1, 1), strict=True):
        place, before = copied[one.sha256].place(tmp_path / "second"), copied[one.sha256].place(tmp_path / "first")
        assert lies_under(place, number)
        assert is_whole(place, one.sha256)
        assert place.samefile(before) == (number == 1)


HARMS = ("a file", "the database", "the end", "the keys", "the release")


def test_what_does_not_fit_is_refused_and_nothing_is_put_back(
    here: Place, there: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(make_town().lin)
    backup = tmp_path / "backup"
    here.run_here(capsys, "backup", str(backup))
    for harm in HARMS:
        harmed, environment = tmp_path / harm, dict(there.environment)
        shutil.copytree(backup, harmed)
        expected = _harm(harmed, there, harm)
        assert expected in there.run_here(capsys, "restore", str(harmed), status=1)
        assert not any(_rows(there).values())
        there.environment = environment

    gone = StoredFile.objects.filter(erased_at=None)[0]
    (here.files / gone.path).unlink()
    assert gone.sha256 in here.run_here(capsys, "backup", str(tmp_path / "later"), status=1), (
        "bytes that are gone are told"
    )
    assert (tmp_path / "later" / NAME).exists(), "and the rest is kept"
    assert "is not empty: name a new folder" in here.run_here(capsys, "backup", str(backup), status=1)


def _harm(backup: Path, there: Place, harm: str) -> str:
    """Spoil something; returns what will be said."""
    match harm:
        case "a file":
            next(path for path in (backup / BYTES).rglob("*") if path.is_file()).write_bytes(b"other")
            return "missing or damaged"
        case "the database":
            with (backup / "database").open("ab") as dump:
                dump.write(b"\0")
            return "its digest differs"
        case "the end":
            (backup / NAME).unlink()
            return "did not come to its end"
        case "the keys":
            there.environment["TONGBAN_INDEX_KEY"] = "ab" * 32
            return "not those of the backup (index)"
        case _:
            told = (backup / NAME).read_text(encoding="utf-8")
            (backup / NAME).write_text(told.replace("cases.0001_initial", "cases.9999_later"), encoding="utf-8")
            return "of a newer release"
