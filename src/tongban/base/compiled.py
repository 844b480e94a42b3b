"""Queries that are compiled once and then only run.

Django builds, resolves and compiles a query anew at every request: 0.3 to 0.8 ms of processor time for one with a few
joins, several times what PostgreSQL needs to answer it. A function that returns a queryset and is decorated with
`compiled_once` is compiled when first called, with stand-ins for its arguments, and from then on only sends its
statement with the arguments of the call and makes the same objects of the answer. What the query says stays written
in the ORM's words, in one place.

What a page needs of several tables it asks for in one message to the server (`together`): each way there and back
costs both sides more than most of these statements themselves.

The arguments are plain values, given by position: ids, texts, numbers, dates, instants, or collections of them. None,
True and False, and the size of a collection (rounded up, the last value repeated) may change the statement, so each of
these has its own. A value that the ORM would change on its way (the text of a LIKE, a limit) is refused when compiling.
Texts, numbers, yes and no that do not come from an argument are written into the statement: only then can a plan that
the server keeps use an index of the open ones only, and what it knows of how many these are.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from itertools import count
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
)
from django.db.transaction import TransactionManagementError
from psycopg.sql import Literal

from tongban.base.objects import object_maker
from tongban.base.postgres.engine.messages import Message

Row = TypeVar("Row")
Arguments = ParamSpec("Arguments")
MOST_SHAPES = 64
"""Statements kept for one function: sizes of collections are rounded up to powers of two, so they are few."""
_FIRST_DAY = date(2, 1, 1)
_FIRST_NUMBER = 1_987_654_321
_numbers = count()


def compiled_once(build: "Callable[Arguments, QuerySet[Any, Row]]") -> "Compiled[Arguments, Row]":
    """Return a function that answers what the queryset of `build` would hold, compiled once for each shape."""
    return Compiled(build)


class Compiled(Generic[Arguments, Row]):
    """A query that is compiled once for each shape of its arguments."""

    def __init__(self, build: "Callable[Arguments, QuerySet[Any, Row]]") -> None:
        """`build` is called with stand-ins for the arguments."""
        update_wrapper(self, build)
        self._build = build
        self._kept: dict[tuple[object, ...], _Statement] = {}

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Row]:
        """Ask the database and return what it finds."""
        return self.asking(*args, **kwargs).rows()

    def first(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Row | None:
        """Ask the database and return the first of what it finds, None when there is nothing."""
        found = self(*args, **kwargs)
        return found[0] if found else None

    def asking(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> "Question[Row]":
        """Return the question, to be asked with others (`together`)."""
        if kwargs:
            message = "a compiled query takes its arguments by position"
            raise TypeError(message)
        given = tuple(map(_padded, args))
        shape = tuple(map(_shape, given))
        statement = self._kept.get(shape)
        if statement is None:
            statement = _compile(self._build, given)
            if len(self._kept) < MOST_SHAPES:
                self._kept[shape] = statement
        return Question(statement, given)


class Written(Generic[Row]):
    """A statement by hand, asked together with compiled ones: for what the ORM has no words for, such as LATERAL.

    Also for functions of the database, whose plan the server keeps: where making it takes longer than running it. `%s`
    stands for each value; a list is an array, and costs less as a text (`as_array`). A row of the answer is given to
    `make`.
    """

    def __init__(self, sql: str, make: Callable[[Sequence[Any]], Row]) -> None:
        """Nothing is asked yet."""
        self._statement = _ByHand(sql, [], make=make, converters=[])

    def asking(self, *values: object) -> "Question[Row]":
        """Return the question with these values."""
        return Question(self._statement, values)


@dataclass(frozen=True, slots=True)
class Question(Generic[Row]):
    """A compiled statement with the arguments of one call."""

    statement: "_Statement"
    given: tuple[object, ...]
    sliced: str = ""

    def page(self, *, offset: int, limit: int) -> "Question[Row]":
        """Return the question for a part of the rows only. It needs no statement of its own."""
        return replace(self, sliced=f" LIMIT {int(limit)} OFFSET {int(offset)}")

    @property
    def sql(self) -> str:
        """What is sent; "" when the answer is known to be empty."""
        return self.statement.sql and self.statement.sql + self.sliced

    def rows(self) -> list[Row]:
        """Ask it alone."""
        if not self.sql:
            return []
        values = self.statement.bound(self.given)
        with connection.cursor() as cursor:
            cursor.execute(Message((self.sql, len(values))), values)
            return self.statement.made(cursor.fetchall())


def as_array(ids: Iterable[uuid.UUID]) -> str:
    """Return ids as PostgreSQL writes an array of them."""
    return "{" + ",".join(map(str, ids)) + "}"


def texts_as_array(texts: Iterable[str]) -> str:
    """Return texts as PostgreSQL writes an array of them: a tenth of what psycopg takes for a list."""
    return "{" + ",".join('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in texts) + "}"


def together(*questions: Question[Any]) -> tuple[list[Any], ...]:
    """Ask several questions in one message, and return the rows of each in their order."""
    sent = [(question, question.statement.bound(question.given)) for question in questions if question.sql]
    answers: dict[int, list[tuple[Any, ...]]] = {}
    if sent:
        message = Message(*((question.sql, len(values)) for question, values in sent))
        with connection.cursor() as cursor:
            cursor.execute(message, [value for _question, values in sent for value in values])
            for question, _values in sent:
                answers[id(question)] = cursor.fetchall()
                cursor.nextset()
    return tuple(question.statement.made(answers.get(id(question), [])) for question in questions)


def _padded(value: object) -> object:
    """Return a collection as a tuple whose size is a power of two, its last value repeated; all else as it is."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        return value
    values = tuple(value)
    if any(one is None or isinstance(one, bool) for one in values):
        message = "a collection of a compiled query holds ids, texts, numbers or dates"
        raise TypeError(message)
    size = 1 << (len(values) - 1).bit_length() if values else 0
    return values + values[-1:] * (size - len(values))


def _shape(value: object) -> object:
    """Return what of an argument may change the statement."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return (len(value), *map(type, value[:1]))
    return type(value)


def _stand_in(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    """Return a value of the same type that is found again among the parameters of a statement."""
    number = next(_numbers)
    match value:
        case None | bool():
            return value
        case tuple():
            return [_stand_in(one) for one in value]
        case uuid.UUID():
            return uuid.uuid4()
        case datetime():
            return datetime.combine(_FIRST_DAY, datetime.min.time(), UTC) + timedelta(seconds=number)
        case date():
            return _FIRST_DAY + timedelta(days=number % 100_000)
        case str():
            return f"·{uuid.uuid4().hex}"
        case int():
            return _FIRST_NUMBER + number % 100_000_000
        case _:
            message = f"a compiled query takes plain values, not {type(value).__name__}"
            raise TypeError(message)


@dataclass(slots=True)
class _Statement:
    """A compiled statement: its text, its parameters, and how an object is made of a row."""

    sql: str
    parameters: list[tuple[int, object]]
    """(place of the argument among all values given, constant); the place is -1 for a constant."""
    make: Callable[[Sequence[Any]], Any] = field(repr=False)
    converters: list[tuple[int, list[Callable[..., Any]], Any]] = field(repr=False)
    prefetch: tuple[Any, ...] = ()
    locks: bool = False

    def bound(self, given: Sequence[object]) -> list[Any]:
        """Return the parameters of the statement for these arguments."""
        if self.locks and not connection.in_atomic_block:
            message = "select_for_update cannot be used outside of a transaction."
            raise TransactionManagementError(message)
        values = _flat(given)
        return [constant if place < 0 else values[place] for place, constant in self.parameters]

    def made(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what the queryset would make of these rows."""
        made = [self.make(self._converted(row)) for row in found]
        if self.prefetch and made:
            prefetch_related_objects(made, *self.prefetch)
        return made

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        values = list(row)
        for place, functions, expression in self.converters:
            for convert in functions:
                values[place] = convert(values[place], expression, connection)
        return values


class _ByHand(_Statement):
    """A statement whose values are sent as they are."""

    def bound(self, given: Sequence[object]) -> list[Any]:
        """Return the values of one call."""
        return list(given)


def _flat(given: Sequence[object]) -> list[object]:
    values: list[object] = []
    for one in given:
        values.extend(one) if isinstance(one, (list, tuple)) else values.append(one)
    return values


def _compile(build: "Callable[..., QuerySet[Any, Any]]", given: Sequence[object]) -> _Statement:
    stand_ins = [_stand_in(value) for value in given]
    queryset = build(*stand_ins)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        if () not in given:
            message = "this query finds nothing for any argument, or only for the stand-ins: it cannot be compiled once"
            raise TypeError(message) from None
        return _Statement("", [], make=tuple, converters=[])
    if queryset.query.distinct and queryset.query.order_by and queryset._iterable_class is not ModelIterable:  # noqa: SLF001 - as QuerySet does
        message = "the ORM adds columns to what is distinct and in order: this query cannot be compiled once"
        raise TypeError(message)
    sql, places = _written_in(sql, _places(parameters, _flat(stand_ins)))
    return _Statement(
        sql=sql,
        locks=queryset.query.select_for_update,
        parameters=places,
        make=_maker(queryset, compiler),
        converters=[
            (place, functions, expression)
            for place, (functions, expression) in compiler.get_converters(
                [column[0] for column in compiler.select]
            ).items()
        ],
        prefetch=queryset._prefetch_related_lookups,  # type: ignore[attr-defined]  # noqa: SLF001 - as QuerySet does
    )


def _places(parameters: Sequence[object], stand_ins: list[object]) -> list[tuple[int, object]]:
    known = {(type(one), one): place for place, one in enumerate(stand_ins) if not isinstance(one, bool | None)}
    found = [(known.get((type(one), one), -1) if _hashable(one) else -1, one) for one in parameters]
    if missing := set(known.values()) - {place for place, _constant in found}:
        message = f"the ORM changes or leaves out an argument ({sorted(missing)}): this query cannot be compiled once"
        raise TypeError(message)
    return found


def _written_in(sql: str, places: Sequence[tuple[int, object]]) -> tuple[str, list[tuple[int, object]]]:
    """Write plain constants into a statement; return it with the places of the values that are still to be sent."""
    given, sent = iter(places), list[tuple[int, object]]()

    def put(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        place, constant = next(given)
        if place < 0 and isinstance(constant, (str, int)):
            return Literal(constant).as_string().replace("%", "%%")
        sent.append((place, constant))
        return found[0]

    return re.sub("%%|%s", put, sql), sent


def _hashable(value: object) -> bool:
    return type(value).__hash__ is not None


def _maker(queryset: "QuerySet[Any, Any]", compiler: Any) -> Callable[[Sequence[Any]], Any]:  # noqa: ANN401 - Django's SQLCompiler
    """Return what makes of a row what the queryset would give."""
    kind = queryset._iterable_class  # noqa: SLF001 - as QuerySet does
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is ValuesListIterable:
        return tuple
    if kind is not ModelIterable:
        message = f"a compiled query gives objects or values, not {kind.__name__}"
        raise TypeError(message)
    return object_maker(compiler)
