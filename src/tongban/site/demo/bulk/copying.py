"""The owner's connection: rules and indexes are taken off, rows are copied in, rules and indexes are put back.

All in one transaction: a city that was copied in half is not there. The tables are emptied in it, and what they held
is copied back first. Into a table that was emptied in the same transaction rows can be copied frozen, so that nothing
need write them a second time, and a server with `wal_level=minimal` keeps no log of them: see `base.postgres.settings`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import psycopg
from psycopg import sql

from tongban.site.demo.bulk.moulds import columns_of
from tongban.site.demo.bulk.proving import LEAF_COLUMNS, TILE_COLUMNS

BINARY = {"ledger_leaf": LEAF_COLUMNS, "ledger_tile": TILE_COLUMNS}
"""Tables whose rows are all of one length, which cost a third in binary."""
_HEAD, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_RULES = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype
    FROM pg_constraint
    WHERE (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
        AND contype IN ('f', 'p', 'u') AND connamespace = current_schema()::regnamespace
    ORDER BY contype = 'f' DESC, conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
    )
"""


@contextmanager
def owner_connection(address: str, schema: str) -> Iterator[psycopg.Connection]:
    """Open a connection of the owner in the schema, with time in UTC and memory for building indexes."""
    with psycopg.connect(address) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET max_parallel_maintenance_workers = 2")
        connection.execute("SET work_mem = '256MB'")
        connection.commit()  # nothing is held until the pouring begins
        yield connection


class WithoutRules:
    """Takes keys and indexes off tables within a transaction, and puts them back as they were, keys first."""

    def __init__(self, connection: psycopg.Connection, tables: Sequence[str]) -> None:
        """Remember how they are."""
        self._connection = connection
        asked = {"tables": list(tables)}
        self._rules = connection.execute(_RULES, asked).fetchall()
        self._indexes = connection.execute(_INDEXES, asked).fetchall()

    def take_off(self) -> None:
        """Drop them."""
        for table, name, _definition, _kind in self._rules:
            self._connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_named(table), _named(name)))
        for name, _definition in self._indexes:
            self._connection.execute(sql.SQL("DROP INDEX {}").format(_named(name)))

    def put_back(self) -> Iterator[str]:
        """Make them again; gives the name of each before it is made. Raises psycopg.Error where rows break a rule."""
        for table, name, definition, kind in self._rules:
            if kind != "f":
                yield name
                self._add(table, name, definition)
        for name, definition in self._indexes:
            yield name
            self._connection.execute(definition)
        for table, name, definition, kind in self._rules:
            if kind == "f":
                yield name
                self._add(table, name, definition)

    def _add(self, table: str, name: str, definition: str) -> None:
        add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(_named(table), _named(name))
        self._connection.execute(add + sql.SQL(definition))


def _named(name: str) -> sql.Composable:
    return sql.SQL(".").join(sql.Identifier(part.strip('"')) for part in name.split("."))


def empty_but_keep(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Write the rows of tables, which are few, anew in this transaction: then COPY may freeze what comes after them."""
    for table in tables:
        named = sql.Identifier(table)
        with connection.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(named)) as copy:
                kept = [bytes(piece) for piece in copy]
            cursor.execute(sql.SQL("TRUNCATE {}").format(named))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary, FREEZE)").format(named)) as copy:
                for piece in kept:
                    copy.write(piece)


def copy_rows(connection: psycopg.Connection, table: str, pieces: Iterable[bytes]) -> None:
    """Copy rows into a table: texts, or binary ones where it has a binary form here."""
    asked, before, after = _copying(table)
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        copy.write(before)
        for piece in pieces:
            copy.write(piece)
        copy.write(after)


@cache
def _copying(table: str) -> tuple[sql.Composed, bytes, bytes]:
    """Return what is said to the database, and what stands before and after the rows."""
    binary = BINARY.get(table)
    columns = sql.SQL(", ").join(map(sql.Identifier, binary or columns_of(table)))
    form = sql.SQL("FREEZE, FORMAT binary" if binary else "FREEZE")
    asked = sql.SQL("COPY {} ({}) FROM STDIN ({})").format(sql.Identifier(table), columns, form)
    return (asked, _HEAD, _END) if binary else (asked, b"", b"")
