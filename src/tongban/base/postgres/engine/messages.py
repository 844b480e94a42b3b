"""Several statements in one message, and each of them planned once by a server that we speak to directly.

Reading and planning a statement costs PostgreSQL several times what it then takes to run it: of the four milliseconds
that a page of a case took in the database, three. A server can keep the plan of a statement (a prepared statement),
for as long as a connection lasts. Behind a pooler that gives each transaction another connection there is nothing to
keep: there the statements go as one text, as they do where Django sends them.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Self

from psycopg import ClientCursor, Connection, pq
from psycopg.errors import FeatureNotSupported

from tongban.base.postgres.engine.sending import Statement, Values, send_together

SEEN_BEFORE = 2
"""A statement is kept from the time after so many: what is asked once is not worth it."""
MOST_KEPT = 250
"""Statements kept for a connection, about 70 kB each in the server; beyond, the one longest unused is let go."""


class Message(str):
    """Statements that are sent at once; as a text they stand one after the other, for whoever counts or logs them."""

    __slots__ = ("parts",)
    parts: tuple[tuple[str, int], ...]
    """Each statement, and how many of the values are its own."""

    def __new__(cls, *parts: tuple[str, int]) -> Self:
        """Put it together."""
        made = super().__new__(cls, ";\n".join(statement for statement, _number in parts))
        made.parts = parts
        return made

    def with_values(self, values: Values) -> list[Statement]:
        """Return the statements, each with its own of all values; those that have names are everybody's."""
        if isinstance(values, Mapping):
            return [(statement, values) for statement, _number in self.parts]
        given = iter(values)
        return [(statement, tuple(islice(given, number))) for statement, number in self.parts]

    def filled_in(self, connection: "Connection[Any]", values: Values) -> str:
        """Return the statements as one text, the values in their places."""
        cursor = ClientCursor(connection)
        return ";\n".join(cursor.mogrify(statement, own) for statement, own in self.with_values(values))


def keep_statements(connection: "Connection[Any]") -> None:
    """Let a new connection keep statements, if the server at its other end is the one that answered when it was made.

    A pooler greets its clients with a number of its own, in the place of the server process's.
    """
    number = connection.execute("SELECT pg_backend_pid()").fetchone()
    if number == (connection.info.backend_pid,):
        connection.prepare_threshold, connection.prepared_max = SEEN_BEFORE, MOST_KEPT


class MessageCursor(ClientCursor[Any]):
    """The cursor that Django uses; it sends the statements of a `Message` so that plans are kept, where they can be."""

    _answers: deque[list[Any]] | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:  # noqa: ANN401 - psycopg's signature
        """Send a statement, or all of a message; `nextset` goes on to the answer of the next."""
        self._answers = None
        if not isinstance(query, Message):
            return super().execute(query, params, **options)
        if self.connection.prepare_threshold is None:
            return super().execute(query.filled_in(self.connection, params))
        self._answers = deque(_asked(self.connection, query.with_values(params)))
        return self

    def fetchall(self) -> list[Any]:
        """Return the rows of the answer at hand."""
        return super().fetchall() if self._answers is None else self._answers[0]

    def nextset(self) -> bool | None:
        """Go on to the next answer."""
        if self._answers is None:
            return super().nextset()
        self._answers.popleft()
        return bool(self._answers) or None


def _asked(connection: "Connection[Any]", statements: Sequence[Statement]) -> list[list[Any]]:
    """Send the statements, all before the first answer, and return the rows of each.

    The type of a column may have changed since a statement was kept ("cached plan must not change result type"). What
    is kept is let go at a failure. Where there is no transaction, the statements are sent again.
    """
    try:
        return send_together(connection, statements)
    except FeatureNotSupported:
        if connection.info.transaction_status != pq.TransactionStatus.IDLE:
            raise
        return send_together(connection, statements)
