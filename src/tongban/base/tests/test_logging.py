"""Log lines tell what happened and nothing that somebody typed."""

import logging
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tongban.base.logging import KeyValueFormatter, request_id

TYPED = "欧阳·买买提 430102199003070013 13900001234"


def _line(fault: BaseException | None = None, name: str = "tongban.test", message: str = "broke", *args: object) -> str:
    about = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, about)
    return KeyValueFormatter().format(record)


TWICE = "INSERT INTO ledger_handlerplace (handler, position) VALUES (%s, 1), (%s, 1)"


def _caught(statement: str) -> BaseException:
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, [TYPED] * statement.count("%s"))
        except DatabaseError as fault:
            return fault
    raise AssertionError(statement)


@pytest.mark.parametrize("statement", [TWICE, "SELECT %s::uuid", "SELECT %s::int"])
def test_what_the_database_quotes_is_not_told(db: None, statement: str) -> None:
    fault = _caught(statement)
    assert TYPED in f"{fault} {fault.__cause__}", "otherwise this test shows nothing"
    line = _line(fault)
    assert not any(word in line for word in TYPED.split())
    assert type(fault).__name__ in line
    assert "test_logging.py" in line


def test_the_name_of_a_constraint_is_told(db: None) -> None:
    fault = _caught(TWICE)
    assert isinstance(fault, IntegrityError)
    told = "UniqueViolation: duplicate key value violates unique constraint … 23505 ledger_handlerplace"
    assert f"{told} ledger_handlerplace_pkey" in _line(fault)


def test_what_libraries_quote_is_not_told() -> None:
    for convert in (
        lambda: int(TYPED),
        lambda: dict[str, str]()[TYPED],
        lambda: TYPED.encode("ascii"),
        lambda: date.fromisoformat(TYPED),
    ):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - any
            convert()
        line = _line(caught.value)
        assert not any(word in line for word in TYPED.split())
        assert type(caught.value).__name__ in line


def test_addresses_are_not_told() -> None:
    line = _line(None, "django.request", "%s: %s", "Internal Server Error", "/office/cases/20261123-7KQ4M2XA/")
    assert "Internal Server Error" in line
    assert "7KQ4M2XA" not in line


def test_a_line_carries_the_number_that_the_resident_reads_out() -> None:
    token = request_id.set("7KQ4M2XA")
    try:
        assert "request=7KQ4M2XA" in _line()
    finally:
        request_id.reset(token)


def test_a_connection_that_fails_does_not_tell_the_password() -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("postgresql://app:hidden@127.0.0.1:9/city", connect_timeout=2)
    assert "hidden" not in _line(caught.value)
