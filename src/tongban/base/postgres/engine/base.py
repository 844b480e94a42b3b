"""Django's PostgreSQL backend, which says role and search path at the start of each transaction.

`OPTIONS` takes two more names: `role` (SET LOCAL ROLE) and `schema` (SET LOCAL search_path). Both are said with
BEGIN, in the message of the transaction's first statement, so they cost nothing and PgBouncer's transaction mode works.
Statements outside a transaction run with the defaults of the login role.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, cast

from django.db.backends.postgresql import base, operations
from psycopg import Connection, sql
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
        """Return a cursor; inside an atomic block it opens the transaction first, with role and search path."""
        cursor = super().create_cursor(name)
        if not self.connection.autocommit:
            options = self.settings_dict["OPTIONS"]
            opening = _opening(options.get("role"), options.get("schema"))
            if isinstance(cursor, MessageCursor):
                cursor.opening = opening
            else:  # one with a name, which says itself when it is read
                opener = MessageCursor(self.connection)
                opener.opening = opening
                with self.wrap_database_errors:
                    opener.open_transaction()
        return cursor


@lru_cache(maxsize=16)
def _opening(role: str | None, schema: str | None) -> tuple[str, ...]:
    """Return the statements that open a transaction."""
    said = ["BEGIN"]
    if role:
        said.append(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)).as_string(None))
    if schema:
        said.append(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)).as_string(None))
    return tuple(said)
