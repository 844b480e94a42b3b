"""What stands in all tables of the jurisdiction, so that a test can show that a refusal has changed nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection
from psycopg import sql

PASSING = {
    "django_session": "whoever has signed in has one, and each request may touch it",
    "accounts_openedsession": "says whose it is, as often as it is touched",
    "accounts_trycount": "counts what is tried, refused or not: that is what it is for",
}
"""The only tables that a refusal may change, each with the reason. Left out too: what the app may not read (values of
registers, which change only with the versions of their records)."""
Answer = TypeVar("Answer")


@cache
def _question() -> sql.Composable:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
    assert set(PASSING) < set(tables)
    row = sql.SQL("SELECT {name} AS name, count(*), md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM {table} t")
    return sql.SQL(" UNION ALL ").join(
        row.format(name=sql.Literal(table), table=sql.Identifier(table)) for table in tables if table not in PASSING
    )


def standing() -> dict[str, tuple[int, str]]:
    """Return for each table how many rows it has, and a digest of them."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


@contextmanager
def nothing_changes(*besides: str) -> Iterator[None]:
    """Check that what is done within leaves every table as it was, but those named."""
    before = standing()
    yield
    after = standing()
    changed = {table for table in after if after[table] != before[table]} - set(besides)
    assert not changed, changed


def together(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Call all at the same time, each in a thread with a connection of its own; returns the answers in order."""
    answers: list[Answer | BaseException] = [RuntimeError("no answer")] * len(calls)
    start = Barrier(len(calls))

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = calls[place]()
        except BaseException as error:  # noqa: BLE001 - told below, by the thread that waits
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        found.append(answer)
    return found
