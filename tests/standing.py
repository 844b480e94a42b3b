"""What stands in all tables, so that a test can show that a refusal has changed nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Barrier, Thread
from typing import TypeVar

from django.apps import apps
from django.db import connection
from psycopg import sql

PASSING = frozenset({"django_session", "accounts_trycount"})
"""Sessions and counts of tries come and go with any request."""
Answer = TypeVar("Answer")


@cache
def _question() -> sql.Composable:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - PASSING)
    row = sql.SQL("SELECT {name} AS name, count(*), md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM {table} t")
    return sql.SQL(" UNION ALL ").join(
        row.format(name=sql.Literal(table), table=sql.Identifier(table))
        for table in tables
        if not table.startswith(("procrastinate", "auth_", "django_"))
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
