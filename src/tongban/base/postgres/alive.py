"""Whether a connection of the pool is still there, without a round trip for each request; how long one is awaited."""

import select
import time
from collections.abc import Callable
from typing import TypeVar

from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

Given = TypeVar("Given")
PATIENCE_SECONDS = 5.0
"""A request waits so long for a connection: most restarts are over by then, and nobody has noticed."""
KNOWN_AWAY_SECONDS = 0.5
"""Once one has waited in vain, until the database is there again: who holds a thread for long keeps it from others."""
ASKED_EVERY_SECONDS = 0.5
"""The pool is asked again so often, since it tries to connect only when it is asked."""
RECONNECT_SECONDS = 1.0
"""The pool gives up an attempt after this. Its own five minutes double the pause between tries, so that a database
would be called away for as long again as it was."""


def check(connection: "Connection[object]") -> None:
    """Raise OperationalError for a connection that the server has left.

    Between requests a server says nothing: a socket with something to read was closed, or tells of its end. Only then
    it is asked, and the pool puts another in its place. A server that dies with its network unheard shows itself at
    the first statement, as it would at a question asked before it.

    Where one is gone, the others that wait in the pool are most likely gone as well: all are replaced at once.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    if not poll.poll(0):
        return
    pool = connection._pool  # noqa: SLF001 - set by the pool that asks us
    try:
        ConnectionPool.check_connection(connection)
    except Exception:
        if isinstance(pool, ConnectionPool):
            pool.drain()
        raise


class Patience:
    """Waits for a connection: for the length of a restart, and hardly at all while the database is known to be away."""

    def __init__(self) -> None:
        """Think it there."""
        self._away = False

    def wait(self, ask: Callable[[], Given]) -> Given:
        """Ask until there is one. Raises PoolTimeout."""
        give_up = time.monotonic() + (KNOWN_AWAY_SECONDS if self._away else PATIENCE_SECONDS)
        while True:
            try:
                given = ask()
            except PoolTimeout:
                if time.monotonic() >= give_up:
                    self._away = True
                    raise
            else:
                self._away = False
                return given
