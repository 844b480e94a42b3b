"""Write rows of several tables in one message to the database.

An action that knows all it writes says it at once: `write(*new(case, task, clock), changed(draft, "state"))`. The
statements are those of Django's `save()`, worked out once for each table; what is saved is the time for building,
asking and answering each. Decision: "What is asked and written most is worked out once".
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from psycopg import Binary
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int2, Int4, Int8

from tongban.base.postgres.engine.messages import Message

if TYPE_CHECKING:
    Fields = Sequence["models.Field[Any, Any]"]
    Columns = Sequence[tuple["models.Field[Any, Any]", str, "Ways"]]
Row = TypeVar("Row", bound=models.Model)


class OutsideTransaction(RuntimeError):  # noqa: N818 - says what is wrong
    """Several rows, or a change and its event, are written in one transaction or not at all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement with its parameters."""

    statement: str
    parameters: Sequence[Any]


@contextmanager
def in_transaction() -> Iterator[None]:
    """Work in the caller's transaction, or in one of its own; without the savepoint that `atomic` would make.

    For actions that other actions call: what they refuse they refuse before they write.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


def new(*rows: models.Model) -> Iterator[Change]:
    """Insert rows, in their order; neighbours of one table in one statement. Their ids are made in Python already."""
    for model, some in groupby(rows, key=type):
        same = list(some)
        yield _inserting(model, same)
        _are_there(same)


def _inserting(model: type[models.Model], rows: Sequence[models.Model]) -> Change:
    columns = columns_of(model)
    if len(rows) < MANY:
        return Change(
            _insertion(model, len(rows)), [value for row in rows for value in _values(row, columns, adding=True)]
        )
    names = [str(field.column) for field, _name, _ways in columns]
    document = many([dict(zip(names, _values(row, columns, adding=True), strict=True)) for row in rows])
    return Change(_pouring(model), [document])


def _are_there(rows: Iterable[models.Model]) -> None:
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - Django's public name for it
        row._state.db = connection.alias  # noqa: SLF001 - see above


MANY = 20
"""From so many rows on they go as one document: thousands of values cost far more to be written into a statement."""


def many(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows, by column, as the document that `json_populate_recordset` reads; values as Django gives them."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_in_document)


def _in_document(value: object) -> Any:  # noqa: ANN401 - whatever JSON has
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Jsonb):
        return value.obj if value.dumps is None or value.dumps is json.dumps else json.loads(value.dumps(value.obj))
    if isinstance(value, Binary):
        return _in_document(value.obj)
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    message = f"a {type(value).__name__} has no place in a document of rows"
    raise TypeError(message)


def changed(row: models.Model, *names: str) -> Change:
    """Update the fields named of a row that is there: it is locked."""
    statement, columns = _update(type(row), names)
    return Change(statement, [*_values(row, columns, adding=False), row.pk])


def changed_alike(rows: Sequence[models.Model], *names: str) -> Iterator[Change]:
    """Update the same fields of many locked rows of one table, each with its own values, in one statement.

    For fields of plain values: ids, texts, numbers, dates, instants.
    """
    if not rows:
        return
    statement, columns = _update_alike(type(rows[0]), names)
    values = [_values(row, columns, adding=False) for row in rows]
    yield Change(statement, [[row.pk for row in rows], *(list(column) for column in zip(*values, strict=True))])


def gone(row: models.Model, *parts: type[models.Model]) -> Iterator[Change]:
    """Delete a row that is locked, and before it its parts: the rows of tables that point to it."""
    for part in parts:
        pointing = next(field for field in _fields(part) if field.related_model is type(row))
        yield Change(f"DELETE FROM {_table(part)} WHERE {_quoted(pointing.column)} = %s", [row.pk])  # noqa: S608 - our own names
    yield Change(f"DELETE FROM {_table(type(row))} WHERE id = %s", [row.pk])  # noqa: S608 - our own names


def write_unless_there(*rows: Row) -> list[Row]:
    """Insert rows of one table unless one with the same unique key is there, also of two at once.

    Returns those that are new.
    """
    if not rows:
        return []
    inserting = _inserting(type(rows[0]), rows)
    statement = f"{inserting.statement} ON CONFLICT DO NOTHING RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(Message((statement, len(inserting.parameters))), inserting.parameters)
        written = {row_id for (row_id,) in cursor.fetchall()}
    fresh = [row for row in rows if row.pk in written]
    _are_there(fresh)
    return fresh


_COMMIT = Change("COMMIT", ())


def write_last(*changes: Change) -> None:
    """Send the last changes of the outermost transaction and commit it, all in one message.

    Nothing may be asked or written in that transaction afterwards. Within another transaction, a test's for one, it is
    committed with that one, as ever.
    """
    write(*changes, *(() if connection.savepoint_ids else (_COMMIT,)))


def write(*changes: Change) -> None:
    """Send changes in their order, in one message. The statement that fails undoes all of them."""
    if not changes:
        return
    if not connection.in_atomic_block:
        raise OutsideTransaction
    message = Message(*((change.statement, len(change.parameters)) for change in changes))
    with connection.cursor() as cursor:
        cursor.execute(message, [parameter for change in changes for parameter in change.parameters])


def _values(row: models.Model, columns: "Columns", *, adding: bool) -> list[Any]:
    here = row.__dict__
    return [
        _asked(field, row, adding=adding)
        if (way := ways[type(value := here.get(name, _ABSENT))]) is None
        else way(value)
        for field, name, ways in columns
    ]


def _asked(field: "models.Field[Any, Any]", row: models.Model, *, adding: bool) -> Any:  # noqa: ANN401 - whatever a column takes
    return field.get_db_prep_save(field.pre_save(row, adding), connections[DEFAULT_DB_ALIAS])


_ABSENT = object()
"""What was not fetched with the row: its field asks for it."""
Way = Callable[[Any], Any]


class Ways(dict[type, Way | None]):
    """What a column is given for a value of a type; None where its field has to be asked."""

    def __init__(self, known: Mapping[type, Way]) -> None:
        """Begin with the types known."""
        super().__init__(known)

    def __missing__(self, kind: type) -> Way | None:
        """Take the words of a choice as the text that they are; all else is the field's to say."""
        way = str.__str__ if str in self and issubclass(kind, str) else None
        self[kind] = way
        return way


def _itself(value: Any) -> Any:  # noqa: ANN401 - any value
    return value


def _instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "an instant is written with its zone"
        raise ValueError(message)
    return value


_NONE = type(None)
_WAYS: dict[type["models.Field[Any, Any]"], dict[type, Way]] = {
    models.UUIDField: {UUID: _itself, _NONE: _itself},
    models.CharField: {str: _itself, _NONE: _itself},
    models.TextField: {str: _itself, _NONE: _itself},
    models.BooleanField: {bool: _itself, _NONE: _itself},
    models.DateField: {date: _itself, _NONE: _itself},
    models.DateTimeField: {datetime: _instant, _NONE: _itself},
    models.SmallIntegerField: {int: Int2, _NONE: _itself},
    models.PositiveSmallIntegerField: {int: Int2, _NONE: _itself},
    models.IntegerField: {int: Int4, _NONE: _itself},
    models.PositiveIntegerField: {int: Int4, _NONE: _itself},
    models.BigIntegerField: {int: Int8, _NONE: _itself},
    models.PositiveBigIntegerField: {int: Int8, _NONE: _itself},
    models.JSONField: {_NONE: _itself},
}
"""What fields give the database for values of these very types: to ask them takes longer than all else here."""


def _ways_of(field: "models.Field[Any, Any]") -> Ways:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    moved = getattr(target, "auto_now", False) or getattr(target, "auto_now_add", False)
    known = dict(_WAYS.get(type(target), {}))
    if type(target) is models.JSONField:
        known[dict] = known[list] = partial(connection.ops.adapt_json_value, encoder=target.encoder)
    return Ways({} if moved else known)


@lru_cache(maxsize=500)
def columns_of(model: type[models.Model]) -> "Columns":
    """Return the fields of a table, each with where its value stands and what of it need not be asked for."""
    return [(field, field.attname, _ways_of(field)) for field in _fields(model)]


@lru_cache(maxsize=2000)
def _insertion(model: type[models.Model], number: int) -> str:
    fields = _fields(model)
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * number)
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {places}"  # noqa: S608 - our own names


@lru_cache(maxsize=500)
def _pouring(model: type[models.Model]) -> str:
    columns, table = ", ".join(_quoted(field.column) for field in _fields(model)), _table(model)
    given = f"json_populate_recordset(NULL::{table}, %s::json)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {given}"  # noqa: S608 - our own names


@lru_cache(maxsize=1000)
def _update(model: type[models.Model], names: tuple[str, ...]) -> "tuple[str, Columns]":
    found = [column for name in names for column in columns_of(model) if column[0].name == name]
    if len(found) != len(names):
        message = f"{model.__name__} has not all of {names}"
        raise ValueError(message)
    pairs = ", ".join(f"{_quoted(field.column)} = %s" for field, _name, _ways in found)
    return f"UPDATE {_table(model)} SET {pairs} WHERE id = %s", found  # noqa: S608 - our own names


@lru_cache(maxsize=200)
def _update_alike(model: type[models.Model], names: tuple[str, ...]) -> "tuple[str, Columns]":
    _statement, columns = _update(model, names)
    quoted = [_quoted(field.column) for field, _name, _ways in columns]
    kinds = [str(field.db_type(connection)) for field, _name, _ways in columns]
    pairs = ", ".join(f"{column} = given.{column}" for column in quoted)
    arrays = ", ".join(f"%s::{kind}[]" for kind in ("uuid", *kinds))
    given = f"unnest({arrays}) AS given ({', '.join(('key', *quoted))})"
    return f"UPDATE {_table(model)} AS row SET {pairs} FROM {given} WHERE row.id = given.key", columns  # noqa: S608 - our own names


def _fields(model: type[models.Model]) -> "Fields":
    return model._meta.local_concrete_fields  # noqa: SLF001 - Django's public name for it


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)  # noqa: SLF001 - Django's public name for it


def _quoted(name: str | None) -> str:
    return f'"{name}"'
