"""Each transaction says role and search path by itself, with the BEGIN in front of its first statement."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import pq

from tongban.base.postgres.engine.messages import SEEN_BEFORE, Message
from tongban.base.rows import Change, write_last


def _ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row and row[0]


@pytest.mark.django_db
def test_a_transaction_runs_as_the_app_in_the_schema_of_the_jurisdiction() -> None:
    assert _ask("SELECT current_user") == settings.TONGBAN_ROLES.app
    assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA


@pytest.mark.django_db(transaction=True)
def test_role_and_search_path_end_with_the_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO pg_catalog")
        with transaction.atomic():
            assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA
        assert _ask("SHOW search_path") == "pg_catalog"
        cursor.execute("RESET search_path")


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_a_transaction_finds_the_tables_too() -> None:
    assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA
    assert _ask("SELECT count(*) FROM django_session") == 0


@pytest.mark.django_db
def test_the_app_owns_nothing_and_is_no_superuser() -> None:
    question = (
        "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls) FROM pg_roles WHERE rolname = '{}'"
    )
    assert _ask(question.format(settings.TONGBAN_ROLES.app)) is True
    owners = "SELECT count(*) FROM pg_tables WHERE schemaname = '{}' AND tableowner = '{}'"
    assert _ask(owners.format(settings.TONGBAN_SCHEMA, settings.TONGBAN_ROLES.app)) == 0


_WHO = "SELECT current_user || ' ' || current_setting('search_path')"


def _expected() -> str:
    return f"{settings.TONGBAN_ROLES.app} {settings.TONGBAN_SCHEMA}"


@pytest.mark.django_db(transaction=True)
def test_what_takes_no_statement_beside_it_runs_in_the_same_kind_of_transaction() -> None:
    """A copy, a stream, a statement many times, a cursor of the server: each as the first of its transaction."""
    asked = f"COPY ({_WHO}) TO STDOUT"
    with transaction.atomic(), connection.cursor() as cursor, cursor.cursor.copy(asked) as copy:
        assert [bytes(one) for one in copy] == [f"{_expected()}\n".encode()]
    with transaction.atomic(), connection.cursor() as cursor:
        assert list(cursor.cursor.stream(_WHO)) == [(_expected(),)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("SELECT set_config('tongban.noted', current_user, true) WHERE %s", [(True,), (True,)])
        assert _ask("SELECT current_setting('tongban.noted')") == settings.TONGBAN_ROLES.app
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_WHO)
        assert cursor.fetchall() == [(_expected(),)]


@pytest.mark.django_db(transaction=True)
def test_the_first_message_of_a_transaction_opens_it() -> None:
    """There is no round trip for the opening alone; also not once its statements are kept."""
    for _round in range(SEEN_BEFORE + 2):
        with transaction.atomic(), connection.cursor() as cursor:
            assert _status() == pq.TransactionStatus.IDLE
            cursor.execute(Message((_WHO, 0), ("SELECT %s::int", 1)), [7])
            assert cursor.fetchall() == [(_expected(),)]
            assert cursor.nextset()
            assert cursor.fetchall() == [(7,)]
            assert _status() == pq.TransactionStatus.INTRANS
            assert _ask(_WHO) == _expected()
        assert _status() == pq.TransactionStatus.IDLE


@pytest.mark.django_db(transaction=True)
def test_a_cursor_that_outlives_its_block_opens_nothing() -> None:
    with transaction.atomic():
        cursor = connection.cursor()
    cursor.execute(Message(("SELECT 1", 0), ("SELECT 2", 0)), [])
    assert _status() == pq.TransactionStatus.IDLE


def _status() -> int:
    return int(connection.connection.pgconn.transaction_status)


@pytest.mark.django_db(transaction=True)
def test_a_first_message_that_fails_leaves_nothing_open() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(Message(("SELECT 1", 0), ("SELECT 1 / 0", 0)), [])
    with transaction.atomic():
        assert _ask(_WHO) == _expected()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wrong", ["SELEC", "SELECT 1 / 0"])
def test_a_first_statement_that_fails_leaves_nothing_open(wrong: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(wrong)
    with transaction.atomic():
        assert _ask(_WHO) == _expected()


@pytest.mark.django_db(transaction=True)
def test_the_last_changes_are_committed_in_their_own_message() -> None:
    """Others see them while the block still stands; without a change that fails, nothing of them is there."""
    kept, undone = Change(_INSERTED, ["kept"]), Change(_INSERTED, ["undone"])
    with transaction.atomic():
        write_last(kept)
        assert _seen_by_another() == "kept"
    with pytest.raises(DatabaseError), transaction.atomic():
        write_last(undone, Change("SELECT 1 / 0", []))
    assert _seen_by_another() == "kept"


@pytest.mark.django_db(transaction=True)
def test_the_last_changes_of_an_inner_transaction_are_those_of_the_outer_one() -> None:
    with transaction.atomic():
        with transaction.atomic():
            write_last(Change(_INSERTED, ["undone"]))
        transaction.set_rollback(True)
    assert _ask("SELECT count(*) FROM django_session") == 0


def _seen_by_another() -> object:
    def look() -> object:
        try:
            return _ask("SELECT string_agg(session_key, ' ') FROM django_session")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


_INSERTED = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())"
