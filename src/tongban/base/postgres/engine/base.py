"""Django's PostgreSQL backend, which says role and search path at the start of each transaction.

`OPTIONS` takes two more names: `role` (SET LOCAL ROLE) and `schema` (SET LOCAL search_path). Both are said in
the round trip that opens the transaction, so they cost nothing and PgBouncer's transaction mode works.
Statements outside a transaction run with the defaults of the login role.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.db.backends.postgresql import base, operations
from psycopg import Connection, OperationalError, pq, sql
from psycopg.errors import error_from_result
from psycopg_pool import ConnectionPool

from tongban.base.postgres import alive
from tongban.base.postgres.engine.creation import DatabaseCreation
from tongban.base.postgres.engine.instants import read_instants
from tongban.base.postgres.engine.messages import Message, MessageCursor, keep_statements
from tongban.base.postgres.engine.schema import DatabaseSchemaEditor
from tongban.base.postgres.engine.statements import remember_more

OWN_OPTIONS = ("role", "schema")
patience = alive.Patience()
"""Of this process."""
remember_more()


class DatabaseOperations(operations.DatabaseOperations):
    """What differs between databases."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:  # noqa: ANN401 - Django's signature
        """Return what was sent, for whoever looks over the shoulder (tests): of a message its statements."""
        if isinstance(sql, Message):
            return sql.filled_in(cursor.connection, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    creation_class = DatabaseCreation
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    @property
    def pool(self) -> "ConnectionPool[Connection[Any]] | None":
        """The pool, with a check that costs no round trip; Django offers none but its own."""
        pool: ConnectionPool[Connection[Any]] | None = super().pool
        if pool is not None:
            pool._check = alive.check  # noqa: SLF001 - see above
        return pool

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg is given: Django's parameters without our own two, and our cursor."""
        given = {key: value for key, value in super().get_connection_params().items() if key not in OWN_OPTIONS}
        return given | {"cursor_factory": MessageCursor}

    def _configure_connection(self, connection: "Connection[Any]") -> bool:
        """Make a new connection ready, of the pool or not; returns whether a transaction may have begun with that."""
        super()._configure_connection(connection)  # type: ignore[misc]  # not in the stubs
        read_instants(connection, self.timezone)
        keep_statements(connection)
        return True

    def get_new_connection(self, conn_params: dict[str, Any]) -> "Connection[Any]":
        """Return a connection: of the pool, where there is one, as soon as there is one."""
        ask = cast("Callable[[], Connection[Any]]", partial(super().get_new_connection, conn_params))
        return ask() if self.pool is None else patience.wait(ask)

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ANN401 - Django's signature
        """Return a cursor; inside an atomic block the transaction is opened first, with role and search path."""
        if not self.connection.autocommit:
            self._open_transaction(self.connection)
        return super().create_cursor(name)

    def _open_transaction(self, connection: Connection) -> None:
        """Open the transaction in one round trip, unless it is open (or failed) already."""
        pgconn = connection.pgconn
        if pgconn.transaction_status != pq.TransactionStatus.IDLE:
            return
        result = pgconn.exec_(self._opening().as_bytes(connection))
        if result.status == pq.ExecStatus.FATAL_ERROR:
            with self.wrap_database_errors:
                if pgconn.status == pq.ConnStatus.BAD:
                    raise OperationalError(result.get_error_message(), info=result)
                raise error_from_result(result)

    def _opening(self) -> sql.Composable:
        options = self.settings_dict["OPTIONS"]
        statements: list[sql.Composable] = [sql.SQL("BEGIN")]
        if role := options.get("role"):
            statements.append(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        if schema := options.get("schema"):
            statements.append(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
        return sql.SQL("; ").join(statements)
