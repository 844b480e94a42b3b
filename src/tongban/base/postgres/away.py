"""Whether an exception tells that the database cannot be had now, rather than that we asked it for something wrong."""

from collections.abc import Iterator

import psycopg
from django.db import Error, connection

AWAY = frozenset(
    {
        "25006",  # read-only: a standby answers, or what was the primary until now
        "57P01",  # it is being stopped, or somebody ended this session
        "57P02",  # another process of it has crashed
        "57P03",  # it is starting up, shutting down or recovering
        "57P05",  # it has ended a session that did nothing
    }
)
AWAY_CLASSES = frozenset(
    {
        "08",  # the line; PgBouncer says 08P01 for nearly all of its own
        "53",  # it has no room: too many connections, disk full, out of memory
        "58",  # its machine: the disk cannot be read
    }
)
"""SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html; the first two characters are the class."""


def away(fault: BaseException) -> str:
    """Return why the database cannot be had, as a code for the operator; "" when the fault is another one."""
    return next((code for one in _led_to(fault) if (code := _code(one))), "")


def let_go() -> None:
    """Close the connection of this thread: the pool then gives it to nobody, and a new one may find another server."""
    if connection.connection is not None:
        connection.connection.close()


def _led_to(fault: BaseException) -> Iterator[BaseException]:
    """Go through an exception and what led to it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [fault]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


def _code(fault: BaseException) -> str:
    """Return the code of one exception.

    What has no SQLSTATE comes from this side of a line that broke. This thread may hold a new connection by now: Django
    takes one when it leaves the transaction, so that the connection itself tells nothing any more.
    """
    if not isinstance(fault, psycopg.Error):
        return "closed" if isinstance(fault, Error) and fault.__cause__ is None and _is_cut() else ""
    if fault.sqlstate is not None:
        return fault.sqlstate if fault.sqlstate in AWAY or fault.sqlstate[:2] in AWAY_CLASSES else ""
    is_about_the_line = isinstance(fault, psycopg.OperationalError) or type(fault) is psycopg.DatabaseError
    return type(fault).__name__ if is_about_the_line or _is_cut() else ""


def _is_cut() -> bool:
    """Whether this thread holds a connection that is gone."""
    return connection.connection is not None and connection.connection.closed
