"""Files that are dropped: taken in whole or not at all, in their encoding, replaced at once."""

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.accounts.tests.people import identity_number
from tongban.exchange import actions, errors, tasks
from tongban.exchange.actions import dropping
from tongban.exchange.contrib.drop import reading
from tongban.exchange.models import DropLoad, DropRow, Source, SourceWatch
from tongban.exchange.providers import SourceAway
from tongban.exchange.queries import person_subject
from tongban.exchange.rules.outside.places import place_of
from tongban.exchange.tests.outside import TRIAL, Outside
from tongban.ledger.models import Event

HEAD = "身份证号,号牌,登记日期,价格,座位,自用,备注\n"
FIELDS = {"plate": "号牌", "first_day": "登记日期", "price": "价格", "seats": "座位", "is_private": "自用"}
Now = timezone.now


class Folder:
    """A folder into which files are dropped."""

    def __init__(self, outside: Outside, path: Path) -> None:
        self.outside, self.path = outside, path
        self.number = outside.town.about().number

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return how it is declared."""
        return {
            "folder": str(self.path), "file": "车辆.csv", "number_heading": "身份证号", "fields": FIELDS, "yuan": ["price"],
            **changes,
        }  # fmt: skip

    def drop(self, content: bytes | str, *, encoding: str = "utf-8", age: int = 60) -> None:
        """Drop a file, as one that was written so many seconds ago."""
        fresh = self.path / ".fresh"
        fresh.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        moment = Now().timestamp() - age
        os.utime(fresh, (moment, moment))
        fresh.rename(self.path / "车辆.csv")

    def row(self, plate: str = "云A·12345", number: str = "", **changes: str) -> str:
        """Return a line."""
        values = {"day": "2019/5/1", "price": "128000.50", "seats": "5", "own": "是", "note": '"多行\n备注"'} | changes
        return ",".join([number or self.number, plate, *values.values()]) + "\n"

    @property
    def source(self) -> Source:
        """The source as it stands."""
        return Source.objects.select_related("resource").get(resource=self.outside.resource)

    def taken_in(self) -> DropLoad | None:
        """Take the file in."""
        return actions.take_in(source=self.source, now=Now())

    def refused(self) -> tuple[str, str]:
        """Return why the file is not taken in; what stood before stands."""
        before = list(DropLoad.objects.values_list("id", flat=True)), DropRow.objects.count()
        with pytest.raises(SourceAway) as caught:
            self.taken_in()
        assert (list(DropLoad.objects.values_list("id", flat=True)), DropRow.objects.count()) == before
        return caught.value.why, caught.value.about


@pytest.fixture
def folder(outside: Outside, tmp_path: Path, settings: Any) -> Folder:
    """Return a folder that the operator allows, and a source that reads from it."""
    settings.TONGBAN_SOURCES = frozenset({place_of(f"file://{tmp_path}")})
    found = Folder(outside, tmp_path)
    outside.declare("csv", found.settings())
    return found


def test_a_file_is_taken_in_and_answers(folder: Folder) -> None:
    with pytest.raises(errors.SourceUnavailable) as caught:
        folder.outside.ask()
    assert caught.value.details["why"] == "nothing_yet"
    folder.drop(HEAD + folder.row() + folder.row("云B·1", number=TRIAL) + folder.row("云C·2", price="", own="否"))
    load = folder.taken_in()
    assert load is not None
    assert load.rows == 3
    assert folder.outside.ask().records == (
        {"plate": "云A·12345", "first_day": "2019-05-01", "price": 12800050, "seats": 5, "is_private": True},
        {"plate": "云C·2", "first_day": "2019-05-01", "price": None, "seats": 5, "is_private": False},
    )
    sealed = b"".join(bytes(one) for one in DropRow.objects.values_list("sealed", flat=True))
    assert "云A".encode() not in sealed
    assert folder.taken_in() is None
    assert Event.objects.filter(kind="exchange.source_taken_in").count() == 1


def test_another_file_takes_its_place_at_once(folder: Folder) -> None:
    folder.drop(HEAD + folder.row("旧"))
    folder.taken_in()
    folder.drop(HEAD + folder.row("新"))
    assert folder.outside.ask("plate").values == {"plate": "旧"}
    folder.taken_in()
    assert folder.outside.ask("plate").values == {"plate": "新"}
    assert DropRow.objects.count() == 2
    assert actions.forget_old_drops(now=Now() + timedelta(hours=1)) == 1
    assert DropRow.objects.count() == 1
    assert folder.outside.ask("plate").values == {"plate": "新"}


def test_rows_are_found_by_whoever_does_not_know_the_index_key_of_before(
    folder: Folder, settings: Any, django_assert_max_num_queries: Any
) -> None:
    """Taken in by a process that still knew it. A question for each piece, not for each row."""
    settings.TONGBAN_INDEX_KEYS = {**settings.TONGBAN_INDEX_KEYS, 2: b"n" * 32}
    numbers = [identity_number() for _ in range(40)]
    folder.drop(HEAD + "".join(folder.row(number=number) for number in numbers))
    with django_assert_max_num_queries(30):
        folder.taken_in()
    settings.TONGBAN_INDEX_KEYS = {2: b"n" * 32}
    keys = {person_subject("resident_identity_card", number).key for number in numbers}
    assert set(DropRow.objects.values_list("subject_key", flat=True)) == keys


def test_a_taking_in_that_dies_leaves_the_old_rows_in_force(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.drop(HEAD + folder.row("旧"))
    folder.taken_in()
    folder.drop(HEAD + folder.row("新") * 3)
    monkeypatch.setattr(dropping, "AT_ONCE", 2)
    with monkeypatch.context() as dying:
        dying.setattr(dropping, "_swap", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            folder.taken_in()
    assert DropRow.objects.count() == 4
    assert folder.outside.ask("plate").records == ({"plate": "旧"},)
    assert actions.forget_old_drops(now=Now() + timedelta(hours=3)) == 1
    assert DropRow.objects.count() == 1
    folder.taken_in()
    assert len(folder.outside.ask("plate").records) == 3


def test_encodings_are_what_was_declared_or_refused(folder: Folder) -> None:
    """The traps: GBK read as UTF-8, UTF-8 read as GBK (which reads nearly everything), a mark at the beginning."""
    text = HEAD + folder.row("云A·䶮")
    folder.drop(text, encoding="gb18030")
    why, about = folder.refused()
    assert (why, about) == ("wrong_encoding", "UTF-8: 1")
    folder.outside.declare("csv", folder.settings(encoding="gb18030"))
    folder.taken_in()
    assert folder.outside.ask("plate").values == {"plate": "云A·䶮"}
    folder.drop(text, encoding="utf-8")
    assert folder.refused() == ("wrong_encoding", "UTF-8")
    folder.outside.declare("csv", folder.settings())
    folder.drop(text, encoding="utf-8-sig")
    folder.taken_in()
    assert folder.outside.ask("plate").values == {"plate": "云A·䶮"}
    folder.drop(text, encoding="utf-16")
    assert folder.refused()[0] == "wrong_encoding"


def test_every_fault_is_said_with_its_line_and_nothing_is_taken_in(folder: Folder) -> None:
    folder.drop(HEAD + folder.row("旧"))
    folder.taken_in()
    for content, why, about in (
        ("", "no_such_heading", ""),
        (HEAD, "too_few_rows", "0"),
        (HEAD.replace("号牌", "牌号") + folder.row(), "no_such_heading", "号牌"),
        (HEAD.replace("座位", "号牌") + folder.row(), "heading_twice", "号牌"),
        (HEAD + folder.row() + "只有,两列\n", "ragged", "4"),
        (HEAD + folder.row()[:-9], "ragged", "2"),
        (HEAD + folder.row() + '"' + folder.row(note=""), "unreadable", "4"),
        (HEAD + folder.row(number="1.10101E+17"), "bad_rows", "2: 身份证号"),
        (HEAD + folder.row() + folder.row(day="2019-02-30"), "bad_rows", "4 first_day: not_a_day"),
        (HEAD + folder.row(seats="五"), "bad_rows", "2 seats: not_a_number"),
        (HEAD + folder.row("\x00"), "wrong_encoding", "UTF-8: 2"),
    ):
        folder.drop(content)
        said = folder.refused()
        assert said[0] == why, (content, said)
        assert not about or about in said[1], said
    assert folder.outside.ask("plate").values == {"plate": "旧"}


def test_a_row_that_would_fill_the_memory_is_refused(folder: Folder) -> None:
    long = reading.LONGEST_ROW
    for content, line in (
        ("," * long + "\n", "1"),
        (HEAD + folder.row("," * long), "2"),
        (HEAD + '"\n",' * (long // 4 + 2), f"{long // 4 + 2}"),
    ):
        folder.drop(content)
        said = folder.refused()
        assert said[0] == "unreadable"
        assert abs(int(said[1]) - int(line)) <= 1
    folder.drop(HEAD + folder.row() * 2000)
    taken = folder.taken_in()
    assert taken is not None
    assert taken.rows == 2000


def test_a_file_that_cannot_be_read_is_said_and_not_thrown(folder: Folder) -> None:
    folder.drop(HEAD + folder.row())
    (folder.path / "车辆.csv.sha256").symlink_to("/etc/hostname")
    assert folder.refused()[0] == "broken"
    (folder.path / "车辆.csv.sha256").unlink()
    os.mkfifo(folder.path / "车辆.csv.sha256")  # nobody ever writes into it
    began = time.monotonic()
    assert folder.refused()[0] == "wrong_checksum"
    assert time.monotonic() - began < 5


def test_a_few_bad_lines_may_be_allowed(folder: Folder) -> None:
    folder.outside.declare("csv", folder.settings(bad_rows=1))
    folder.drop(HEAD + folder.row(number="坏") + folder.row("好"))
    load = folder.taken_in()
    assert load is not None
    assert (load.rows, load.bad_rows) == (1, 1)
    folder.drop(HEAD + folder.row(number="坏") * 2 + folder.row("好"))
    assert folder.refused()[0] == "bad_rows"


def test_what_is_still_written_waits_and_what_is_too_large_is_refused(folder: Folder, monkeypatch: Any) -> None:
    folder.drop(HEAD + folder.row(), age=1)
    assert folder.refused()[0] == "still_written"
    assert actions.look_at(source_id=folder.source.id, now=Now()) is not None
    assert not SourceWatch.objects.exists()
    folder.outside.declare("csv", folder.settings(largest=1024))
    folder.drop(HEAD + folder.row() * 100)
    assert folder.refused()[0] == "file_too_large"
    folder.outside.declare("csv", folder.settings(most_rows=2))
    folder.drop(HEAD + folder.row() * 3)
    assert folder.refused()[0] == "too_many_rows"


def test_a_checksum_that_lies_beside_it_must_be_right(folder: Folder) -> None:
    content = (HEAD + folder.row()).encode()
    beside = folder.path / "车辆.csv.sha256"
    beside.write_text(f"{hashlib.sha256(content).hexdigest()}  车辆.csv\n")
    folder.drop(content[:-2])
    assert folder.refused()[0] == "wrong_checksum"
    folder.drop(content)
    assert folder.taken_in() is not None


def test_only_plain_files_of_folders_that_are_allowed(folder: Folder, settings: Any) -> None:
    assert folder.refused() == ("no_file", "车辆.csv")
    (folder.path / "车辆.csv").symlink_to("/etc/passwd")
    assert folder.refused()[0] == "place_not_allowed"
    (folder.path / "车辆.csv").unlink()
    os.mkfifo(folder.path / "车辆.csv")
    assert folder.refused()[0] == "no_regular_file"
    settings.TONGBAN_SOURCES = frozenset()
    assert folder.refused()[0] == "place_not_allowed"


def test_the_clock_looks_takes_in_and_says_how_it_fares(folder: Folder) -> None:
    moment = Now()
    assert actions.take_due(now=moment) == [folder.source.id]
    assert actions.take_due(now=moment) == []
    seen = actions.look_at(source_id=folder.source.id, now=moment)
    assert seen is not None
    assert seen.why == "no_file"
    watch = SourceWatch.objects.get()
    assert (watch.state, watch.about) == ("failing", "车辆.csv")
    assert actions.take_due(now=moment + timedelta(minutes=2)) == [folder.source.id]
    folder.drop(HEAD + folder.row())
    actions.look_at(source_id=folder.source.id, now=moment + timedelta(minutes=2))
    watch.refresh_from_db()
    assert (watch.state, watch.failing_since, watch.failures) == ("well", None, 0)
    assert folder.outside.ask("plate").values == {"plate": "云A·12345"}


def test_the_worker_looks_at_each_source_in_a_job_of_its_own(folder: Folder) -> None:
    folder.drop(HEAD + folder.row())
    tasks.watch_sources(0)
    tasks.watch_sources(60)
    (job,) = ProcrastinateJob.objects.filter(task_name="exchange.watch_source")
    assert job.args == {"source_id": str(folder.source.id)}
    tasks.watch_source(**job.args)
    watch = SourceWatch.objects.get()
    assert (watch.state, watch.milliseconds is not None) == ("well", True)
    assert folder.outside.ask("plate").values == {"plate": "云A·12345"}
