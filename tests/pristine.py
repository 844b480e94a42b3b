"""Between tests with real transactions the tables are given the rows that migrations have left.

Django empties each table, full or not, and loads what ships with the product anew: nine tenths of a second after each
such test. Here only what has rows is emptied, and what was there at first is copied back, with the same ids. Sequences
go on, as they do with Django.
"""

from collections import Counter

import psycopg
from psycopg import sql

_TABLES = """
    SELECT relname, array(
        SELECT attname::text FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
    )
    FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY relname
"""
_ASIDE = sql.Identifier("pristine")
PATIENCE = "60s"
"""For a transaction that a test has left open: then it fails, and says so."""
LEFT_BEHIND = 2000
"""Once so many rows of a table are gone, their room is given back: nothing else does it here."""


class Pristine:
    """The tables of a test database as they are now, kept in a schema beside them.

    It is the owner's connection, and it needs leave to set `session_replication_role`: rows that may only be added go
    as well, and no trigger looks at it.
    """

    def __init__(self, address: str, *, schema: str) -> None:
        """Connect and keep what is there."""
        self._connection = psycopg.connect(address, autocommit=True)
        columns: dict[str, list[str]] = dict(self._connection.execute(_TABLES, [schema]).fetchall())
        self._tables = {name: sql.Identifier(schema, name) for name in columns}
        self._connection.execute(sql.SQL("CREATE SCHEMA {}").format(_ASIDE))
        self._back = {name: self._keep(name, columns[name]) for name in self._with_rows()}
        self._gone: Counter[str] = Counter()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def restore(self) -> None:
        """Make the tables again what they were. Waits for whoever is still at them."""
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            self._connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(PATIENCE))
            self._connection.execute(
                sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(self._tables.values()))
            )
            for name in self._with_rows():
                deleted = self._connection.execute(sql.SQL("DELETE FROM {}").format(self._tables[name]))
                self._gone[name] += deleted.rowcount
            for statement in self._back.values():
                self._connection.execute(statement)
        for name in [name for name, number in self._gone.items() if number >= LEFT_BEHIND]:
            self._connection.execute(sql.SQL("VACUUM {}").format(self._tables[name]))
            del self._gone[name]

    def _with_rows(self) -> list[str]:
        looks = (
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, table)
            for name, table in self._tables.items()
        )
        return [name for (name,) in self._connection.execute(sql.SQL(" UNION ALL ").join(looks))]

    def _keep(self, name: str, columns: list[str]) -> sql.Composed:
        """Keep the rows of a table; return the statement that brings them back."""
        aside = sql.SQL("{}.{}").format(_ASIDE, sql.Identifier(name))
        self._connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(aside, self._tables[name]))
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        return sql.SQL("INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {aside}").format(
            table=self._tables[name], names=names, aside=aside
        )
