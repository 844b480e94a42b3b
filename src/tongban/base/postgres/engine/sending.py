"""Sends the statements of a message in one piece, waits once, and reads all answers.

psycopg's own pipeline asks the system before each statement whether the line is free and sends each by itself: twelve
changes are twelve packets, and wake the server twelve times. Here they are put together first. What is known of kept
statements stays with psycopg (`_prepared` of the connection), which forgets it after a rollback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from psycopg import Connection, _queries, adapt
from psycopg._preparing import Prepare
from psycopg.abc import Transformer
from psycopg.errors import OperationalError, ProgrammingError, error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from tongban.base.postgres.engine.statements import LONGEST, REMEMBERED

if TYPE_CHECKING:
    from psycopg._enums import PyFormat
    from psycopg._preparing import Key
    from psycopg.abc import Buffer, PQGen
    from psycopg.pq import Format

Values = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Values]
"""A statement and its values."""


def send_together(
    connection: "Connection[Any]", statements: Sequence[Statement], opening: Sequence[Statement] = ()
) -> list[list[Any]]:
    """Send the statements and return the rows of each. The first that fails is raised; those after it are not run.

    Outside a transaction they are one: all of them or none. `opening` opens one for them and for what comes after
    them: BEGIN, and what is said at its beginning; it goes in front of them in the same message.
    """
    with connection.lock:
        return connection.wait(_exchange(connection, statements, opening))


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as psycopg takes it apart, once: as the server reads it, and where which value goes."""

    query: bytes
    formats: "list[PyFormat]"
    order: list[str] | None
    """The names of its values in their places, where they have names."""


@dataclass(slots=True)
class _Query:
    """A statement with its values as they are sent. It has the names that psycopg's own has where these are read."""

    query: bytes
    params: "Sequence[Buffer | None]"
    types: tuple[int, ...]
    formats: "Sequence[Format] | None"


@dataclass(frozen=True, slots=True)
class _Put:
    """A statement that is on its way."""

    prepare: Prepare
    name: bytes
    key: "Key | None"
    """Where psycopg counts it anew, and wants to see the answer."""


def _exchange(
    connection: "Connection[Any]", statements: Sequence[Statement], opening: Sequence[Statement]
) -> "PQGen[list[list[Any]]]":
    if not opening:
        yield from connection._start_query()  # noqa: SLF001 - as psycopg's own cursors do
    transformer: Transformer = adapt.Transformer(connection)
    queries = [_query(transformer, *statement) for statement in (*opening, *statements)]
    line, kept = connection.pgconn, connection._prepared  # noqa: SLF001 - see above
    if line.transaction_status != TransactionStatus.INERROR:
        yield from kept.maintain_gen(connection)  # what is to be let go goes before anything is kept anew
    line.enter_pipeline_mode()
    try:
        put = [_put(connection, query) for query in queries]
        line.pipeline_sync()
        yield from send(line)
        results, others = yield from _answers(connection, put)
        line.exit_pipeline_mode()
    except BaseException:
        line.finish()  # answers that nobody has read would be taken for those to the next message
        raise
    for result in (*results, *others):
        if result.status == ExecStatus.FATAL_ERROR:
            kept.clear()  # what was to be kept may not have come that far
            raise error_from_result(result, encoding=connection.info.encoding)
    return [_rows(transformer, result) for result in results[len(opening) :]]


def _taken_apart(text: str, encoding: str) -> _Form:
    query, formats, order, _parts = _queries._query2pg_nocache(text.encode(encoding), encoding)  # noqa: SLF001 - as psycopg's own cursors do
    return _Form(query, formats, order)


_form = lru_cache(maxsize=REMEMBERED)(_taken_apart)


def _query(transformer: Transformer, text: str, values: Values) -> _Query:
    form = (_form if len(text) <= LONGEST else _taken_apart)(text, transformer.encoding)
    given = _in_places(form, values)
    if len(given) != len(form.formats):
        message = f"the query has {len(form.formats)} placeholders but {len(given)} values were given"
        raise ProgrammingError(message)
    params = transformer.dump_sequence(given, form.formats)
    return _Query(form.query, params, transformer.types or (), transformer.formats)


def _in_places(form: _Form, values: Values) -> Sequence[Any]:
    if not isinstance(values, Mapping):
        if form.order:
            message = "named placeholders take values by name"
            raise TypeError(message)
        return values
    if form.formats and not form.order:
        message = "positional placeholders take a sequence of values"
        raise TypeError(message)
    return [values[name] for name in form.order or ()]


def _put(connection: "Connection[Any]", query: _Query) -> _Put:
    """Put a statement to what is sent: by the name under which it is kept, or whole."""
    line, kept = connection.pgconn, connection._prepared  # noqa: SLF001 - as psycopg's own cursors do
    key = (query.query, query.types)
    if name := kept._names.get(key):  # noqa: SLF001 - nearly always: what `get` and `maybe_add_to_cache` do then
        kept._names.move_to_end(key)  # noqa: SLF001 - see above
        line.send_query_prepared(name, query.params, param_formats=query.formats)
        return _Put(Prepare.YES, name, None)
    return _put_anew(connection, query)


def _put_anew(connection: "Connection[Any]", query: _Query) -> _Put:
    """Put a statement that is not kept yet; from now on it is, when it has come often enough."""
    line, kept = connection.pgconn, connection._prepared  # noqa: SLF001 - as psycopg's own cursors do
    asked = cast("_queries.PostgresQuery", query)
    prepare, name = kept.get(asked)
    if prepare is Prepare.SHOULD:
        line.send_prepare(name, query.query, param_types=query.types)
    if prepare is Prepare.NO:
        line.send_query_params(query.query, query.params, param_types=query.types, param_formats=query.formats)
    else:
        line.send_query_prepared(name, query.params, param_formats=query.formats)
    return _Put(prepare, name, kept.maybe_add_to_cache(asked, prepare, name))


def _answers(connection: "Connection[Any]", put: Sequence[_Put]) -> "PQGen[tuple[list[PGresult], list[PGresult]]]":
    """Read all answers, to the end of the message; returns that of each statement, and what was said beside."""
    line, kept = connection.pgconn, connection._prepared  # noqa: SLF001 - as psycopg's own cursors do
    found, others = list[PGresult](), list[PGresult]()
    for one in put:
        if one.prepare is Prepare.SHOULD:
            others += yield from fetch_many(line)
        results = yield from fetch_many(line)
        if one.key is not None:
            kept.validate(one.key, one.prepare, one.name, results)
        found += results
    while not others or others[-1].status != ExecStatus.PIPELINE_SYNC:
        more = yield from fetch_many(line)
        if not more:  # nothing will ever come again
            raise OperationalError(line.get_error_message())
        others += more
    return found, others


def _rows(transformer: Transformer, result: PGresult) -> list[Any]:
    if result.status != ExecStatus.TUPLES_OK:
        return []
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)
