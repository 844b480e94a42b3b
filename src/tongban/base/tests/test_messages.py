"""Several statements in one message: kept by a server that is spoken to directly, filled in for all others."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DataError, IntegrityError, NotSupportedError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import Connection, ProgrammingError

from tongban.base.postgres.engine.messages import SEEN_BEFORE, Message, keep_statements
from tongban.base.postgres.engine.sending import send_together

pytestmark = pytest.mark.django_db
SQUARE, ADDED = "SELECT %s::int * %s::int", "SELECT 1 + %s::int UNION ALL SELECT 2 ORDER BY 1"


@pytest.fixture(params=["kept", "filled in"])
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Send as to a server that keeps statements, and as through a pooler that gives away its connections."""
    connection.ensure_connection()
    ours = connection.connection
    before = ours.prepare_threshold
    ours.prepare_threshold = SEEN_BEFORE if request.param == "kept" else None
    yield
    ours.prepare_threshold = before


def _kept() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


@pytest.mark.usefixtures("_way")
def test_each_statement_gets_its_own_values_and_its_own_answer() -> None:
    for number in range(SEEN_BEFORE + 2):
        with connection.cursor() as cursor:
            cursor.execute(Message((SQUARE, 2), (ADDED, 1), ("SELECT '%%'", 0)), [number, 3, number])
            assert cursor.fetchall() == [(number * 3,)]
            assert cursor.nextset()
            assert cursor.fetchall() == sorted([(1 + number,), (2,)])
            assert cursor.nextset()
            assert cursor.fetchall() == [("%",)]
            assert not cursor.nextset()
            cursor.execute("SELECT 5")
            assert cursor.fetchall() == [(5,)]


@pytest.mark.usefixtures("_way")
def test_values_may_have_names() -> None:
    statement = "SELECT %(first)s::int - %(second)s::int, %(first)s::int"
    for number in range(SEEN_BEFORE + 2):
        with connection.cursor() as cursor:
            cursor.execute(Message((statement, 2)), {"second": 1, "first": number})
            assert cursor.fetchall() == [(number - 1, number)]


@pytest.mark.usefixtures("_way")
def test_a_statement_that_fails_undoes_those_before_it() -> None:
    session: tuple[Any, ...] = ("key", "data", datetime(2026, 11, 23, tzinfo=UTC))
    insertion = 'INSERT INTO "django_session" (session_key, session_data, expire_date) VALUES (%s, %s, %s)'
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(Message((insertion, 3), ("SELECT 1 / %s::int", 1)), [*session, 0])
    assert not Session.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(Message((insertion, 3), ("SELECT 1 / %s::int", 1)), [*session, 1])
    assert Session.objects.get().session_key == "key"


def test_a_statement_is_kept_once_it_has_been_seen_a_few_times() -> None:
    statement = "SELECT %s::int + 41"
    for number in range(SEEN_BEFORE + 2):
        assert (statement.replace("%s", "$1") in _kept()) == (number > SEEN_BEFORE)
        with connection.cursor() as cursor:
            cursor.execute(Message((statement, 1)), [number])
            assert cursor.fetchall() == [(number + 41,)]


def test_more_than_fits_on_the_line_goes_through_both_ways() -> None:
    """Neither side waits for the other to read what it has written."""
    words = "x" * 200_000
    for _time in range(SEEN_BEFORE + 2):
        with connection.cursor() as cursor:
            cursor.execute(Message(*[("SELECT %s::text, %s::int", 2)] * 40), [words, 1] * 40)
            for _statement in range(40):
                assert cursor.fetchall() == [(words, 1)]
                cursor.nextset()


@pytest.mark.django_db(transaction=True)
def test_what_was_to_be_kept_after_a_failure_is_asked_anew() -> None:
    """The first statement fails when the second was to be kept, and was not."""

    def asked(number: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(Message(("SELECT 1 / %s::int", 1), ("SELECT 7 + %s::int", 1)), [number, number])
            return cursor.fetchall()

    for number in (1, 1, 0, 1, 1, 1, 0, 1):
        with nullcontext() if number else pytest.raises(DataError):
            assert asked(number) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_anew_after_a_failure_is_not_let_go_with_what_was_kept_before() -> None:
    """The message that keeps a statement again is the one with which the server lets all go."""

    def asked(*statements: tuple[str, int]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(Message(*statements), [3] * len(statements))
            return cursor.fetchall()

    for times in (1, 1, 1, 1):
        asked(*[("SELECT 7 + %s::int", 1)] * times)
    with pytest.raises(DataError):
        asked(("SELECT 1 / (%s::int - 3)", 1))
    for times in (SEEN_BEFORE + 2, 1):
        assert asked(*[("SELECT 7 + %s::int", 1)] * times) == [(10,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("within", [True, False])
def test_a_message_of_which_a_part_cannot_be_sent_leaves_no_answers_to_the_next(within: bool) -> None:  # noqa: FBT001 - a case
    """The line is given up: what the first statement answers would be read as the answer to the next message."""
    number = 2**16
    too_many = " + ".join(["%s::int"] * number)
    with (
        pytest.raises(OperationalError, match="number of parameters"),
        transaction.atomic() if within else nullcontext(),
        connection.cursor() as cursor,
    ):
        cursor.execute(Message(("SELECT 7 + %s::int", 1), (f"SELECT {too_many}", number)), [1] * (number + 1))
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute(Message(("SELECT 70 + %s::int", 1)), [1])
        assert cursor.fetchall() == [(71,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("within", [True, False])
def test_a_line_that_is_cut_is_said_to_be(within: bool) -> None:  # noqa: FBT001 - a case
    cut = ("SELECT pg_terminate_backend(pg_backend_pid()), %s::int", 1)
    for place in range(3):
        parts = [("SELECT 7 + %s::int", 1)] * 3
        parts[place] = cut
        with (
            pytest.raises(OperationalError),
            transaction.atomic() if within else nullcontext(),
            connection.cursor() as cursor,
        ):
            cursor.execute(Message(*parts), [1, 1, 1])
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute(Message(*parts[:place]) if place else Message(("SELECT %s::int", 1)), [1] * max(place, 1))


@pytest.mark.django_db(transaction=True)
def test_what_is_only_checked_at_the_end_of_a_message_fails_it() -> None:
    """A reference that may be checked last, outside a transaction: all that was sent is undone."""
    opened = """
        INSERT INTO accounts_openedsession (id, session_key, account_id)
        SELECT id, %s, id FROM gen_random_uuid() AS id RETURNING session_key
    """
    for _time in range(SEEN_BEFORE + 2):
        with pytest.raises(IntegrityError, match="foreign key"), connection.cursor() as cursor:
            cursor.execute(Message((opened, 1), (SQUARE, 2)), ["somebody", 2, 3])
        with connection.cursor() as cursor:
            cursor.execute(Message((SQUARE, 2), ("SELECT count(*) FROM accounts_openedsession", 0)), [2, 3])
            assert cursor.fetchall() == [(6,)]
            assert cursor.nextset()
            assert cursor.fetchall() == [(0,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("within", [True, False])
def test_a_column_that_changes_its_type_costs_one_transaction_at_most(within: bool) -> None:  # noqa: FBT001 - a case
    """Without a transaction nothing is lost: what was asked is asked again."""

    def asked() -> Any:
        with transaction.atomic() if within else nullcontext(), connection.cursor() as cursor:
            cursor.execute(Message(("SELECT word FROM kept_words", 0), (SQUARE, 2)), [2, 3])
            return cursor.fetchall()

    _as_owner("CREATE TABLE kept_words (word varchar(10))")
    try:
        for _time in range(SEEN_BEFORE + 2):
            assert asked() == []
        _as_owner("ALTER TABLE kept_words ALTER COLUMN word TYPE varchar(20)")
        if within:
            with pytest.raises(NotSupportedError):
                asked()
        for _time in range(SEEN_BEFORE + 2):
            assert asked() == []
    finally:
        _as_owner("DROP TABLE kept_words")


def _as_owner(statement: str) -> None:
    """Do what a migration does, on a connection of its own."""
    known = connection.settings_dict
    address = {"host": known["HOST"], "port": known["PORT"], "dbname": known["NAME"]}
    with psycopg.connect(**address, user=settings.TONGBAN_ROLES.owner) as owner:
        owner.execute(f"SET search_path TO {settings.TONGBAN_SCHEMA}")
        owner.execute(statement)


def test_only_the_server_itself_is_trusted_to_keep_statements() -> None:
    """PgBouncer greets with a number of its own: see `tests/operate/test_statements_behind_pgbouncer.py`."""
    connection.ensure_connection()
    ours = connection.connection
    assert isinstance(ours, Connection)
    ours.prepare_threshold = None
    keep_statements(ours)
    assert ours.prepare_threshold == SEEN_BEFORE


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23 09:30:01.25+00", "2026-11-23 09:30:01+00", "1900-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00",
        "2026-11-23 09:30:01.000001+08", "2026-11-23 09:30:01-03:30",
    ],
)  # fmt: skip
def test_instants_are_read_as_django_reads_them(written: str) -> None:
    connection.ensure_connection()
    ours = connection.connection
    assert ours is not None
    theirs = type("Theirs", (BaseTzLoader,), {"timezone": UTC})(0, ours)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, %s::timestamptz::text", [written, written])
        read, text = cursor.fetchone()
    assert read == theirs.load(text.encode())
    assert read.utcoffset() == timedelta(0)


def test_what_is_no_day_of_a_calendar_is_refused_as_ever() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError):
            cursor.fetchone()


def test_values_that_do_not_fit_their_places_are_refused_and_nothing_is_sent() -> None:
    wrong: list[tuple[str, Any, type[Exception]]] = [
        ("SELECT %s, %s", (1,), ProgrammingError),
        ("SELECT %s", (1, 2), ProgrammingError),
        ("SELECT 1", (1,), ProgrammingError),
        ("SELECT %(one)s", (1,), TypeError),
        ("SELECT %s", {"one": 1}, TypeError),
        ("SELECT %(one)s", {"other": 1}, KeyError),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    ours = connection.connection
    for statement, values, refusal in wrong:
        with pytest.raises(refusal):
            send_together(ours, [("CREATE TABLE never (id int)", ()), (statement, values)])
    assert send_together(ours, [("SELECT to_regclass('never')", ()), ("SELECT %(one)s + %(one)s", {"one": 2})]) == [
        [(None,)],
        [(4,)],
    ]
