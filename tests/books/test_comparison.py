"""The books of a city agree; whatever in them is broken directly in the database is named."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.books.breaks import BREAKS, statement
from tests.books.city import make_city
from tongban.base import books as ground
from tongban.base.books import COMPARISONS, Look
from tongban.base.clock import now
from tongban.cases import books as case_books
from tongban.cases import events
from tongban.files import queries as files
from tongban.site import books as site_books
from tongban.site.commands import compare_books

ELSEWHERE = {
    "files.bytes_are_there", "files.no_bytes_left_over", "files.referred_to", "insight.rows", site_books.RULES,
}  # fmt: skip
"""Broken in tests of their own."""


def look(**changes: object) -> Look:
    values: dict[str, object] = {"now": now() + timedelta(minutes=5), "files": True}
    return Look(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_whatever_is_broken_is_named() -> None:
    make_city()
    assert set(BREAKS) | ELSEWHERE == {answer.name for answer in compare_books.compare(look())}
    assert {answer.name: answer.named for answer in compare_books.compare(look()) if answer.disagreements} == {}
    passed = [f"{name}: {broken}" for name, ways in BREAKS.items() for broken in ways if not _is_named(name, broken)]
    assert not passed, "\n".join(passed)
    assert not [answer for answer in compare_books.compare(look()) if answer.disagreements], "the tests leave traces"


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is taken back."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def _is_named(name: str, broken: str) -> bool:
    with undone(), connection.cursor() as cursor:
        cursor.execute(statement(broken))
        assert cursor.rowcount > 0, f"{name}: nothing was broken by {broken}"
        found = COMPARISONS[name].compare(look())
        return found.number > 0 and len(found.named) == min(found.number, 20) and all(found.named)


@pytest.mark.django_db
def test_no_more_is_named_than_asked_for() -> None:
    make_city()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET revision = revision + 1")
    found = COMPARISONS["cases.states"].compare(look(most=3))
    assert found.number == 9
    assert len(found.named) == 3


@pytest.mark.django_db
def test_what_happened_a_moment_ago_may_be_on_its_way() -> None:
    make_city()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_handled")
    assert COMPARISONS["ledger.handled"].compare(look(now=now())).number == 0
    assert COMPARISONS["ledger.handled"].compare(look(now=now(), grace=timedelta())).number > 0


@pytest.mark.django_db
def test_a_new_handler_is_owed_only_what_happened_since_it_began() -> None:
    make_city()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_handled WHERE handler = 'cases.tell_received'")
        cursor.execute("INSERT INTO ledger_handlerplace (handler, position, began_after) VALUES ('another', 9, 0)")
        assert COMPARISONS["ledger.handled"].compare(look()).number == 0, "no sweep has seen it"
        place = (
            "INSERT INTO ledger_handlerplace (handler, position, began_after) VALUES ('cases.tell_received', %s, %s)"
        )
        cursor.execute(place, [10**6, 10**6])
        assert COMPARISONS["ledger.handled"].compare(look()).number == 0, "all lies before it began"
        cursor.execute("UPDATE ledger_handlerplace SET began_after = 0 WHERE handler = 'cases.tell_received'")
        assert COMPARISONS["ledger.handled"].compare(look()).number == 9


@pytest.mark.django_db
def test_files_and_bytes_agree() -> None:
    make_city()
    storage = files.storage()
    with connection.cursor() as cursor:
        cursor.execute("SELECT path, sha256 FROM files_storedfile LIMIT 1")
        path, digest = cursor.fetchone()
        content = storage.open(path).read()
        whole = Path(storage.path(path))
        whole.unlink()
        assert COMPARISONS["files.bytes_are_there"].compare(look()).number == 1
        whole.write_bytes(content[:-1])
        assert COMPARISONS["files.bytes_are_there"].compare(look()).number == 1
        whole.write_bytes(content)
        stray = whole.with_name(digest[:4] + "0" * 60)
        stray.write_bytes(b"left over")
        assert stray.name not in "".join(COMPARISONS["files.no_bytes_left_over"].compare(look()).named), "just written"
        os.utime(stray, (1, 1))
        assert stray.name in "".join(COMPARISONS["files.no_bytes_left_over"].compare(look()).named)
        stray.unlink()
        cursor.execute("UPDATE files_storedfile SET created_at = now() - interval '3 days'")
        assert COMPARISONS["files.referred_to"].compare(look()).number == 0
        cursor.execute(
            "UPDATE cases_archive SET file_id = (SELECT file_id FROM applications_applicationmaterial LIMIT 1)"
        )
        assert COMPARISONS["files.referred_to"].compare(look()).number == 1


@pytest.fixture
def as_owner(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let the comparison look through a transaction of the owner, in which the tables themselves are changed."""
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "USER": "tongban_owner"}
    other.settings_dict["OPTIONS"] = {
        key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "role"
    }
    other.set_autocommit(False)
    monkeypatch.setattr(ground, "connection", other)
    yield lambda statement: other.cursor().execute(statement) and None
    other.rollback()
    other.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX case_of_person",
        "ALTER TABLE papers_paper DROP CONSTRAINT paper_serial_once",
        "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_stands",
        "ALTER TABLE cases_rating ADD CONSTRAINT level_again CHECK (level > 0) NOT VALID",
    ],
)
def test_a_rule_that_tables_keep_no_more_is_named(as_owner: Callable[[str], None], statement: str) -> None:
    assert COMPARISONS[site_books.RULES].compare(look()).named == ()
    as_owner(statement)
    assert COMPARISONS[site_books.RULES].compare(look()).number == 1


def test_each_event_of_a_case_moves_it_or_leaves_it() -> None:
    leaving = {
        events.TaskClaimed, events.TaskReleased, events.TaskHandedOver, events.OfficialStoodAside,
        events.ReviewCompleted, events.FeeDemanded, events.FeeSettled, events.ResultIssued, events.CaseRated,
        events.CaseArchived, events.CaseErased, events.FeeFoundNotDue, events.NumbersShown,
        events.ApprovalAsked, events.ApprovalAnswered, events.CaseExtended, events.ClocksMoved, events.PaperCorrected,
        events.PaperVoidedAlone,
        events.CaseDeemedRenewed, events.RatingAnswered, events.SuspensionOverdue,
    }  # fmt: skip
    assert set(case_books.states.STATE_AFTER) | leaving == set(events.CaseEvent.__subclasses__())


@pytest.mark.django_db
def test_the_command_answers_in_json_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    make_city()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_decision")
    wrong = [answer for answer in compare_books.compare(look()) if answer.disagreements]
    assert {answer.name for answer in wrong} == {"cases.parts", "cases.papers"}
    assert compare_books.told(look(), wrong, as_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["agrees"] is False
    assert said["comparisons"][0]["named"]
    assert compare_books.told(look(), [], as_json=False) == 0
