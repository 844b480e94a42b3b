"""Several statements in one message, and each of them planned once by a server that we speak to directly.

Reading and planning a statement costs PostgreSQL several times what it then takes to run it: of the four milliseconds
that a page of a case took in the database, three. A server can keep the plan of a statement (a prepared statement),
for as long as a connection lasts. Behind a pooler that gives each transaction another connection there is nothing to
keep: there the statements go as one text, as they do where Django sends them.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from psycopg import ClientCursor, Connection, OperationalError, pq
from psycopg.errors import FeatureNotSupported, error_from_result

from tongban.base.postgres.engine.sending import Statement, Values, send_together

if TYPE_CHECKING:
    from contextlib import _GeneratorContextManager

    from psycopg import Copy

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
    opening: Sequence[str] = ()
    """What opens the transaction in front of its first statement, where Django has begun an atomic block."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:  # noqa: ANN401 - psycopg's signature
        """Send a statement, or all of a message; `nextset` goes on to the answer of the next."""
        self._answers = None
        if not isinstance(query, Message):
            self.open_transaction()
            return super().execute(query, params, **options)
        if self.connection.prepare_threshold is None:
            self.open_transaction()
            return super().execute(query.filled_in(self.connection, params))
        opening = [(statement, ()) for statement in self._owed()]
        self._answers = deque(_asked(self.connection, query.with_values(params), opening))
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg's signature
        """Send a statement for each of many values."""
        self.open_transaction()
        super().executemany(query, params_seq, **options)

    def stream(self, query: Any, params: Any = None, **options: Any) -> Iterator[Any]:  # noqa: ANN401 - psycopg's signature
        """Send a statement and return its rows as they come."""
        self.open_transaction()
        return super().stream(query, params, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> "_GeneratorContextManager[Copy]":  # noqa: ANN401 - psycopg's signature
        """Begin a COPY."""
        self.open_transaction()
        return super().copy(statement, params, **options)

    def open_transaction(self) -> None:
        """Open the transaction now, if it is still to be opened, in one round trip."""
        if opening := self._owed():
            line = self.connection.pgconn
            result = line.exec_("; ".join(opening).encode())
            if result.status == pq.ExecStatus.FATAL_ERROR:
                if line.status == pq.ConnStatus.BAD:
                    raise OperationalError(result.get_error_message(), info=result)
                raise error_from_result(result)

    def _owed(self) -> Sequence[str]:
        """Return the opening, unless the transaction is open, has failed, or is no longer wanted."""
        is_to_be_opened = self.opening and self.connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
        return self.opening if is_to_be_opened and not self.connection.autocommit else ()

    def fetchall(self) -> list[Any]:
        """Return the rows of the answer at hand."""
        return super().fetchall() if self._answers is None else self._answers[0]

    def nextset(self) -> bool | None:
        """Go on to the next answer."""
        if self._answers is None:
            return super().nextset()
        self._answers.popleft()
        return bool(self._answers) or None


def _asked(
    connection: "Connection[Any]", statements: Sequence[Statement], opening: Sequence[Statement]
) -> list[list[Any]]:
    """Send the statements, all before the first answer, and return the rows of each.

    The type of a column may have changed since a statement was kept ("cached plan must not change result type"). What
    is kept is let go at a failure. Where there is no transaction, the statements are sent again.
    """
    try:
        return send_together(connection, statements, opening)
    except FeatureNotSupported:
        if connection.info.transaction_status != pq.TransactionStatus.IDLE:
            raise
        return send_together(connection, statements)
