"""Whether a connection of the pool is still there, without a round trip for each request."""

import select

from psycopg import Connection
from psycopg_pool import ConnectionPool


def check(connection: "Connection[object]") -> None:
    """Raise OperationalError for a connection that the server has left.

    Between requests a server says nothing: a socket with something to read was closed, or tells of its end. Only then
    it is asked, and the pool puts another in its place. A server that dies with its network unheard shows itself at
    the first statement, as it would at a question asked before it.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)
