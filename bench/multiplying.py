"""Many open cases out of a few that were played through the actions: copied by SQL, each with ids of its own."""

from collections.abc import Iterator, Mapping

import psycopg
from psycopg import sql

Copies = Mapping[str, tuple[str, Mapping[str, str]]]
"""By table: what its rows (`old`) are joined with to be copied, and the columns that a copy has of its own."""


def new_id(place: str) -> str:
    """Return an id as they are in life, in SQL: they sort by the time of their making, what belongs together is near.

    `place` is an expression: copies with a higher one were made later.
    """
    return (
        f"(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 10000000 + {place}), 12, '0')"
        " || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid"
    )


def multiply(connection: psycopg.Connection, places: str, copies: Copies, **known: object) -> None:
    """Copy the rows for which `places` makes temporary tables. Foreign keys and indexes are made anew: asked once."""
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(places, known)
        made_again = [definition for table in copies for definition in _stripped(cursor, table)]
        for table, (source, changed) in copies.items():
            _copy(cursor, table, source, changed)
        for definition in made_again:
            cursor.execute(definition)
    connection.commit()
    connection.autocommit = True
    for table in copies:
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    connection.autocommit = False


_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'f'
"""
_INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %(table)s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def _stripped(cursor: psycopg.ClientCursor, table: str) -> Iterator[str]:
    """Drop the foreign keys of a table and its indexes that are no constraint, and return how they are made again."""
    for asked in (_KEYS, _INDEXES):
        cursor.execute(asked, {"table": table})
        for drop, definition in cursor.fetchall():
            cursor.execute(drop)
            yield definition


def _copy(cursor: psycopg.ClientCursor, table: str, source: str, changed: Mapping[str, str]) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " AND table_schema = current_schema() ORDER BY ordinal_position",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    values = ", ".join(changed.get(column, f'old."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS old JOIN {source} ORDER BY copy.id")  # noqa: S608 - our own names
