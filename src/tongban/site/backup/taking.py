"""How a backup is taken while the city goes on serving.

One transaction looks at the database as it is at one moment. pg_dump writes that moment (it is given the snapshot), and
the files that it refers to are copied: they are named by their content and never change, so only removal could
disturb. Removal is held back by a lock until all is copied.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from tongban.base.postgres.login import Login
from tongban.files import queries as files
from tongban.site.backup import keys, programs
from tongban.site.backup.copying import copy_in, is_whole, lies_under
from tongban.site.backup.manifest import DUMP, FORMAT, LIST, ListedFile, Manifest, Unfit, digest_of
from tongban.site.configuration import Configuration

AT_ONCE = 4
BATCH = 1000
_FILES = """
    SELECT DISTINCT ON (sha256) sha256, size, path, data_key FROM files_storedfile WHERE erased_at IS NULL
    ORDER BY sha256, data_key
"""


def take(
    known: Configuration, folder: Path, *, now: datetime, previous: Path | None = None, passphrase: str = ""
) -> Manifest:
    """Write a backup into an empty or new folder. Bytes that the `previous` backup holds are linked, not copied again.

    Raises Unfit. A file that is recorded but not there is told in the manifest's `missing`; the rest is kept.
    """
    _make_empty(folder)
    with _moment(known) as (connection, snapshot):
        login = known.database.owner if known.database else Login("", "")
        server = connection.info.server_version // 10000
        program = programs.find("pg_dump", server=server)
        dumping = programs.start(
            program,
            login,
            "--format=custom",
            "--compress=1",
            f"--snapshot={snapshot}",
            f"--schema={known.schema}",
            f"--file={folder / DUMP}",
        )
        try:
            count, size, missing = _copy_files(connection, folder, previous)
            rows = dict(_rows(connection, known.schema))
            migrations = [
                f"{app}.{name}"
                for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
            ]
        except BaseException:
            dumping.kill()
            raise
        programs.finish(dumping, "pg_dump")
    if passphrase:
        keys.seal_into(folder, known, passphrase)
    manifest = Manifest(
        format=FORMAT,
        release=version("tongban"),
        made_at=now.isoformat(),
        server=server,
        program=program.major,
        schema=known.schema,
        roles=list(known.roles.all()),
        migrations=migrations,
        keys=keys.fingerprints(known),
        rows=rows,
        dump_sha256=digest_of(folder / DUMP),
        list_sha256=digest_of(folder / LIST),
        files=count,
        bytes=size,
        missing=missing,
    )
    os.sync()
    manifest.write(folder)
    os.sync()
    return manifest


def _make_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty: name a new folder for each backup."
        raise Unfit(message)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def _moment(known: Configuration) -> Iterator[tuple[psycopg.Connection, str]]:
    """Hold one moment of the database, and every file that it refers to. The lock comes first, then the moment."""
    if known.database is None:
        message = "There is no database to back up."
        raise Unfit(message)
    with psycopg.connect(known.database.owner.address, autocommit=True) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(known.schema)))
        connection.execute(f"SELECT pg_advisory_lock({files.REMOVES_BYTES})")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(found[0]) if found else ""


def _copy_files(connection: psycopg.Connection, folder: Path, previous: Path | None) -> tuple[int, int, list[str]]:
    """Copy what the moment refers to, a few at a time; returns how many, their bytes, and digests not found."""
    count, size, missing = 0, 0, []
    with (
        (folder / LIST).open("w", encoding="utf-8") as told,
        ThreadPoolExecutor(AT_ONCE) as hands,
        connection.cursor(name="files") as cursor,
    ):
        cursor.execute(_FILES)
        while rows := cursor.fetchmany(BATCH):
            batch, under = [ListedFile(*row[:3]) for row in rows], [row[3] for row in rows]
            for one, there in zip(batch, hands.map(_copier(folder, previous), batch, under), strict=True):
                if not there:
                    missing.append(one.sha256)
                    continue
                told.write(f"{one.sha256} {one.size} {one.path}\n")
                count, size = count + 1, size + one.size
    return count, size, missing


def _copier(folder: Path, previous: Path | None) -> Callable[[ListedFile, int], bool]:
    storage = files.storage()

    def copy(one: ListedFile, data_key: int) -> bool:
        place = one.place(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        if previous is not None and _linked(one, data_key, previous, place):
            return True
        try:
            with storage.open(one.path, "rb") as opened:
                return copy_in(opened, place, one.sha256)
        except FileNotFoundError:
            return False

    return copy


def _linked(one: ListedFile, data_key: int, previous: Path, place: Path) -> bool:
    """Whether the previous backup has the bytes on the same disk, under the same key, still what their name says.

    Each is read: bytes that have rotted there would otherwise go into every later backup, and those of before they were
    sealed anew would go on needing the old key.
    """
    before = one.place(previous)
    try:
        if not (lies_under(before, data_key) and is_whole(before, one.sha256)):
            return False
        place.hardlink_to(before)
    except OSError:
        return False
    return True


def _rows(connection: psycopg.Connection, schema: str) -> Iterable[tuple[str, int]]:
    """Count every table."""
    for table in tables(connection, schema):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        yield table, int(row[0]) if row else 0


def tables(connection: psycopg.Connection, schema: str) -> list[str]:
    """Return the names of all tables of a schema."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [str(row[0]) for row in found]
