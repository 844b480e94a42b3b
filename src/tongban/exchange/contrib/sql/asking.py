"""Reads a table or view of another office's database: the columns declared, on one number, and nothing else.

The statement is built, never typed: names are quoted, values bound, the transaction reads only. Texts are cut by the
server itself at the longest that the catalogue declares, so that no value is larger than is taken. Decision: "Outside
databases are read through SQLAlchemy".
"""

import os
import socket
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tongban.exchange.contrib.outside.guard import GUARD, let_go
from tongban.exchange.contrib.outside.source import Asked, check_place
from tongban.exchange.contrib.sql import engines
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import SqlSettings

POSTGRESQL = "postgresql"
CONNECT_SECONDS = 3
_STATES = {"42P01": "no_such_table", "42703": "no_such_column", "42501": "not_allowed_there", "57014": "deadline"}
"""What PostgreSQL says, by SQLSTATE."""
_LOGIN = ("28", "3D")
"""Classes of SQLSTATE: invalid authorization, no such database."""
_LOGIN_WORDS = ("authentication failed", "no pg_hba.conf entry", "does not exist", "no password supplied")
"""What libpq says while connecting, where there is no SQLSTATE yet."""


def records_of(asked: Asked[SqlSettings]) -> list[dict[str, Any]]:
    """Return the rows on the number, within the time declared. Raises SourceAway."""
    check = engines.check_file if asked.settings.place.startswith("file:") else check_place
    check(asked.settings.place)
    running = _Running()
    let_go()
    return GUARD.ask(
        asked.source.resource_id,
        partial(_rows, asked, running),
        seconds=asked.settings.seconds + CONNECT_SECONDS,
        cut=running.cut,
    )


@dataclass
class _Running:
    """The line to the database on which somebody waits."""

    raw: list[Any] = field(default_factory=list)

    def cut(self) -> None:
        """Cut it off, where the driver shows its socket: the thread that waits ends, and the line with it."""
        for raw in self.raw:
            number = getattr(raw, "fileno", None)
            if number is None:
                continue
            try:
                with socket.socket(fileno=os.dup(number())) as line:
                    line.shutdown(socket.SHUT_RDWR)
            except (OSError, ValueError, sa.exc.SQLAlchemyError):
                continue


def _rows(asked: Asked[SqlSettings], running: _Running) -> list[dict[str, Any]]:
    """Ask, in a transaction that reads only and ends with it."""
    declared = asked.settings
    try:
        engine = engines.engine_for(asked.source, declared)
        with engine.connect() as plain:
            is_postgresql = engine.dialect.name == POSTGRESQL
            line = plain.execution_options(postgresql_readonly=True) if is_postgresql else plain
            running.raw.append(line.connection.driver_connection)
            if is_postgresql:
                line.execute(_limited(declared.seconds))
            found = line.execute(statement_of(asked), parameters_of(asked))
            return [dict(zip(asked.fields, row, strict=True)) for row in found]
    except (NoSuchModuleError, ImportError) as missing:
        raise SourceAway(Why.NO_DRIVER, declared.url.drivername) from missing
    except PoolTimeout as busy:
        raise SourceAway(Why.BUSY) from busy
    except DBAPIError as refused:
        raise _away(refused, declared) from refused
    except SQLAlchemyError as wrong:
        raise SourceAway(Why.SQL, type(wrong).__name__) from wrong


def _limited(seconds: int) -> sa.Select[Any]:
    """Return what has the server itself end a statement, and any wait for a lock, within the transaction."""
    limit = str(seconds * 1000)
    return sa.select(
        sa.func.set_config("statement_timeout", limit, sa.true()), sa.func.set_config("lock_timeout", limit, sa.true())
    )


def statement_of(asked: Asked[SqlSettings]) -> sa.Select[Any]:
    """Return the one statement that a source of this kind is ever asked."""
    declared = asked.settings
    names = {declared.fields[code] for code in asked.fields} | {declared.number_column}
    names |= {one for one in (declared.valid_from_column, declared.valid_to_column) if one}
    columns: dict[str, sa.ColumnClause[Any]] = {name: sa.column(_quoted(name)) for name in sorted(names)}
    schema = _quoted(declared.table_schema) if declared.table_schema else None
    table = sa.table(_quoted(declared.table), *columns.values(), schema=schema)
    wanted = [
        _bounded(columns[declared.fields[code]], asked, code).label(f"item_{place}")
        for place, code in enumerate(asked.fields)
    ]
    asking = sa.select(*wanted).select_from(table)
    asking = asking.where(columns[declared.number_column] == sa.bindparam("number", type_=sa.String()))
    if declared.valid_from_column:
        asking = asking.where(columns[declared.valid_from_column] <= sa.bindparam("day", type_=sa.Date()))
    if declared.valid_to_column:
        end = columns[declared.valid_to_column]
        asking = asking.where(sa.or_(end.is_(None), end > sa.bindparam("day", type_=sa.Date())))
    return asking.limit(declared.most_records + 1)


def parameters_of(asked: Asked[SqlSettings]) -> dict[str, Any]:
    """Return the values that are bound."""
    bound: dict[str, Any] = {"number": asked.subject.number}
    if asked.settings.valid_from_column:
        bound["day"] = asked.as_of.valid_on
    return bound


def _bounded(column: "sa.ColumnClause[Any]", asked: Asked[SqlSettings], code: str) -> "sa.ColumnElement[Any]":
    shape = asked.source.shapes[code]
    if shape.type not in "CM":
        return column
    longest = shape.longest + 1
    return sa.func.substr(sa.cast(column, sa.String(longest)), 1, longest, type_=sa.String())


def _quoted(name: str) -> sa.quoted_name:
    return sa.quoted_name(name, quote=True)


def _away(refused: DBAPIError, declared: SqlSettings) -> SourceAway:
    """Return what the driver says, without a word of what stands in the table."""
    state = getattr(refused.orig, "sqlstate", None) or ""
    if state in _STATES:
        table = f"{declared.table_schema}.{declared.table}" if declared.table_schema else declared.table
        return SourceAway(_STATES[state], table)
    words = str(refused.orig).lower()
    if state[:2] in _LOGIN or (not state and any(one in words for one in _LOGIN_WORDS)):
        return SourceAway(Why.LOGIN)
    if refused.connection_invalidated or not state or state.startswith("08"):
        return SourceAway(_file_fault(words) or "connect", declared.table)
    return SourceAway(Why.SQL, state)


def _file_fault(words: str) -> str:
    """Return what SQLite says, which knows no SQLSTATE."""
    if "no such table" in words:
        return "no_such_table"
    return "no_such_column" if "no such column" in words else ""
