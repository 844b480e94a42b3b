"""Queries that Django works out once in a process, for what is asked hundreds of times a second.

Half of the time of a short query goes into building its SQL anew: names, joins, columns, converters. `Prepared` keeps
what Django has built, and gives it new values each time. The SQL is Django's, and so are the objects that come back.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=Model)
_PROBES: dict[type, Callable[[], Any]] = {
    UUID: uuid4,
    str: lambda: uuid4().hex,
    int: lambda: uuid4().int % (1 << 30),
    date: lambda: date.fromordinal(1_000_000 + uuid4().int % 1_000_000),
    datetime: lambda: datetime(2400, 1, 1, tzinfo=UTC) + timedelta(microseconds=uuid4().int % (1 << 50)),
}
"""Values that occur nowhere else: where they turn up in the parameters is where the caller's values go."""


class Prepared(Generic[Row]):
    """A query by its builder: `Prepared(lambda case_id: Case.objects.filter(id=case_id), case_id=UUID)`.

    The builder must build the same query whatever the values: no `if`, no list whose length counts. Every value must
    end up among the parameters as it is.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **types: type) -> None:
        """Remember how the query is built; it is built when it is asked for the first time."""
        self._build, self._types = build, types
        self._lock = Lock()
        self._built: _Built[Row] | None = None

    def all(self, **values: Any) -> list[Row]:  # noqa: ANN401 - of the types given
        """Return the objects for these values."""
        return list(self._known().objects(values))

    def first(self, **values: Any) -> Row | None:  # noqa: ANN401 - see above
        """Return the first object for these values."""
        return next(self._known().objects(values), None)

    def _known(self) -> "_Built[Row]":
        if self._built is None:
            with self._lock:
                probes = {name: _PROBES[kind]() for name, kind in self._types.items()}
                self._built = _Built(self._build(**probes), probes)
        return self._built


class _Built(Generic[Row]):
    """What Django has worked out: the statement, and how its rows become objects."""

    def __init__(self, queryset: QuerySet[Row], probes: dict[str, Any]) -> None:
        query = queryset.query
        self._locks = query.select_for_update
        compiler = self._compiler = query.get_compiler(connection=connection)
        self._statement, parameters = compiler.as_sql()
        self._parameters = list(parameters)
        names = {probe: name for name, probe in probes.items()}
        self._places = {place: names[given] for place, given in enumerate(parameters) if _hashable(given) in names}
        if set(self._places.values()) != set(probes):
            message = f"values that are no parameters as they are: {set(probes) - set(self._places.values())}"
            raise ValueError(message)
        known = compiler.klass_info
        self._model = known["model"]
        self._first, self._end = known["select_fields"][0], known["select_fields"][-1] + 1
        self._names = [column[0].target.attname for column in compiler.select[self._first : self._end]]
        populators: Callable[..., list[Any]] = get_related_populators
        self._related = populators(known, compiler.select, connection.alias)
        self._annotations = compiler.annotation_col_map or {}
        self._converters = compiler.get_converters([column[0] for column in compiler.select])

    def objects(self, values: dict[str, Any]) -> Iterator[Row]:
        if self._locks and not connection.in_atomic_block:
            message = "select_for_update cannot be used outside of a transaction."
            raise TransactionManagementError(message)
        parameters = list(self._parameters)
        for place, name in self._places.items():
            parameters[place] = values[name]
        with connection.cursor() as cursor:
            cursor.execute(self._statement, parameters)
            rows = cursor.fetchall()
        for row in self._compiler.apply_converters(rows, self._converters):
            found = self._model.from_db(connection.alias, self._names, row[self._first : self._end])
            for populator in self._related:
                populator.populate(row, found)
            for name, place in self._annotations.items():
                setattr(found, name, row[place])
            yield found


def _hashable(given: object) -> object:
    return given if isinstance(given, (UUID, str, int, date, datetime)) else None
