"""Sends the statements of a message in one piece, waits once, and reads all answers.

psycopg's own pipeline asks the system before each statement whether the line is free and sends each by itself: twelve
changes are twelve packets, and wake the server twelve times. Here they are put together first. What is known of kept
statements stays with psycopg (`_prepared` of the connection), which forgets it after a rollback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import Connection, adapt
from psycopg._preparing import Prepare
from psycopg._queries import PostgresQuery
from psycopg.abc import Transformer
from psycopg.errors import OperationalError, error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

if TYPE_CHECKING:
    from psycopg._preparing import Key
    from psycopg.abc import PQGen

Values = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Values]
"""A statement and its values."""


def send_together(connection: "Connection[Any]", statements: Sequence[Statement]) -> list[list[Any]]:
    """Send the statements and return the rows of each. The first that fails is raised; those after it are not run.

    Outside a transaction they are one: all of them or none.
    """
    with connection.lock:
        return connection.wait(_exchange(connection, statements))


@dataclass(frozen=True, slots=True)
class _Put:
    """A statement that is on its way."""

    prepare: Prepare
    name: bytes
    key: "Key | None"
    """Where psycopg counts it anew, and wants to see the answer."""


def _exchange(connection: "Connection[Any]", statements: Sequence[Statement]) -> "PQGen[list[list[Any]]]":
    yield from connection._start_query()  # noqa: SLF001 - as psycopg's own cursors do
    transformer: Transformer = adapt.Transformer(connection)
    queries = [_query(transformer, *statement) for statement in statements]
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
    return [_rows(transformer, result) for result in results]


def _query(transformer: Transformer, text: str, values: Values) -> PostgresQuery:
    query = PostgresQuery(transformer)
    query.convert(text, values)
    return query


def _put(connection: "Connection[Any]", query: PostgresQuery) -> _Put:
    """Put a statement to what is sent: by the name under which it is kept, or whole."""
    line, kept = connection.pgconn, connection._prepared  # noqa: SLF001 - as psycopg's own cursors do
    prepare, name = kept.get(query)
    if prepare is Prepare.SHOULD:
        line.send_prepare(name, query.query, param_types=query.types)
    if prepare is Prepare.NO:
        line.send_query_params(query.query, query.params, param_types=query.types, param_formats=query.formats)
    else:
        line.send_query_prepared(name, query.params, param_formats=query.formats)
    return _Put(prepare, name, kept.maybe_add_to_cache(query, prepare, name))


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
