"""How a backup is put back, only into an empty place: files first, then the database in one transaction."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tongban.files import queries as files
from tongban.site.backup import keys, programs
from tongban.site.backup.copying import is_whole
from tongban.site.backup.manifest import DUMP, Manifest, Unfit, listed
from tongban.site.backup.taking import tables
from tongban.site.configuration import Configuration

AT_ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def refuse_unfit(known: Configuration, manifest: Manifest) -> None:
    """Raise Unfit when the backup is not for this installation: its names, keys, release."""
    if manifest.schema != known.schema or manifest.roles != list(known.roles.all()):
        message = (
            f"The backup is of jurisdiction {manifest.schema} with the roles {', '.join(manifest.roles)}: "
            "set TONGBAN_JURISDICTION and the three …_ROLE names so."
        )
        raise Unfit(message)
    here = keys.fingerprints(known)
    lacking = sorted(name for name, print_ in manifest.keys.items() if here.get(name) != print_)
    if lacking:
        message = (
            f"The keys here are not those of the backup ({', '.join(lacking)}): its sealed data could not be read."
        )
        raise Unfit(message)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = {f"{app}.{name}" for app, name in (*loader.disk_migrations, *loader.replacements)}
    unknown = [name for name in manifest.migrations if name not in own]
    if unknown:
        message = f"The backup is of a newer release ({manifest.release}): this one does not know {unknown[0]}."
        raise Unfit(message)


def refuse_unless_empty(connection: psycopg.Connection, known: Configuration, folder: Path) -> None:
    """Raise Unfit when something stands here already. Files that the backup holds too may: an attempt was cut short."""
    if tables(connection, known.schema):
        message = f"The database is not empty: the schema {known.schema} has tables. Restore into a new one."
        raise Unfit(message)
    ours = {one.sha256 for one in listed(folder)}
    for names in files.storage().arrived_before(AT_ANY_TIME):
        strangers = set(names) - ours
        if strangers:
            message = f"Files are kept here already that the backup does not hold ({len(strangers)} and more)."
            raise Unfit(message)


def put_back(known: Configuration, folder: Path, manifest: Manifest) -> Iterator[str]:
    """Put files and database back; tells each step when it is done. Raises Unfit."""
    if known.database is None:
        message = "There is no database to restore into."
        raise Unfit(message)
    with psycopg.connect(known.database.owner.address, autocommit=True) as connection:
        server = connection.info.server_version // 10000
        if server < manifest.server:
            message = f"The backup is of PostgreSQL {manifest.server}; this server is {server}, which is older."
            raise Unfit(message)
        refuse_unless_empty(connection, known, folder)
        program = programs.find("pg_restore", server=server, at_least=manifest.program)
        yield f"{_put_files_back(folder)} files are in their places."
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(known.schema)))
        arguments = ("--single-transaction", "--exit-on-error", "--no-owner", str(folder / DUMP))
        programs.finish(programs.start(program, known.database.owner, *arguments), "pg_restore")
        _compare_rows(connection, known.schema, manifest)
        connection.execute("ANALYZE")
    yield f"{sum(manifest.rows.values())} rows are in {len(manifest.rows)} tables."


def _put_files_back(folder: Path) -> int:
    storage: Storage = files.storage()
    count = 0
    for one in listed(folder):
        if not is_whole(one.place(folder), one.sha256):
            message = f"{one.place(folder)} is missing or damaged: nothing was restored into the database."
            raise Unfit(message)
        if not storage.exists(one.path):
            storage.save(one.path, ContentFile(one.place(folder).read_bytes()))
        count += 1
    return count


def _compare_rows(connection: psycopg.Connection, schema: str, manifest: Manifest) -> None:
    for table, expected in manifest.rows.items():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        if row is None or row[0] != expected:
            message = f"After restoring, {table} has {row and row[0]} rows instead of {expected}."
            raise Unfit(message)
