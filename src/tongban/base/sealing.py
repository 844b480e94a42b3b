"""Sealing anew: what is sealed under an older data key is sealed under the newest one, beside a running city.

Everything sealed lies in a place: the sealed columns of all tables are found by their fields, what else is sealed its
room registers in `PLACES`. Rows are taken in small batches, each a transaction of its own that locks what it changes
and passes over what somebody else is changing just then, so that nobody's change is lost and nobody waits in a circle.
Cut short it is taken up again: what is done is seen by the number of the key, which stands in the second byte.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from tongban.base import crypto
from tongban.base.models import SealedTextField
from tongban.base.registry import Registry

BATCH = 200
PLAIN = 0
"""Stands where the number of a key would, for what lies plain as a release before kept it."""
_ROUNDS = 5
"""How often rows are asked for again that somebody was changing; whoever changes one seals it under the newest key."""


class Cursor(Protocol):
    """Django's cursor, or psycopg's: whoever looks at a place may not be set up as its owner."""

    def execute(self, query: Any, params: Any = None) -> Any:  # noqa: ANN401 - theirs
        """Ask."""

    def fetchall(self) -> list[Any]:
        """Return all rows."""


@dataclass(slots=True)
class Done:
    """What came of a place: sealed anew, and what did not open (changed, or its key is missing)."""

    sealed: int = 0
    broken: int = 0


class Place(Protocol):
    """Where something sealed lies."""

    @property
    def name(self) -> str:
        """Table and column."""

    def numbers(self, cursor: Cursor) -> dict[int, int]:
        """Return the number of each key → how many values are sealed under it; PLAIN for what lies plain."""

    def seal_anew(self) -> Iterator[Done]:
        """Seal what is under older keys under the newest; gives what came of each batch."""


PLACES: Registry[Place] = Registry("place of sealed values")


def places() -> list[Place]:
    """Return all places, those of sealed columns first, in the order of their names."""
    return [*sorted(_columns(), key=lambda one: one.name), *PLACES.values()]


def _columns() -> Iterator["SealedColumn"]:
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.local_concrete_fields:  # noqa: SLF001 - Django's public name for it
            if isinstance(one, SealedTextField):
                table, keys = model._meta.db_table, tuple(str(key.column) for key in model._meta.pk_fields)  # noqa: SLF001
                yield SealedColumn(table, str(one.column), keys, f"'{table}.{one.column}'")


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values. `context`: SQL for what they are bound to, over the table `here` and `joined`."""

    table: str
    column: str
    keys: tuple[str, ...]
    context: str
    joined: str = ""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        """Name it."""
        object.__setattr__(self, "name", f"{self.table}.{self.column}")

    def numbers(self, cursor: Cursor) -> dict[int, int]:
        """Return the number of each key → how many values are sealed under it. Reads the table once."""
        number = f'get_byte(substr("{self.column}", 2, 1), 0)'
        cursor.execute(
            f'SELECT {number}, count(*) FROM {self.table} WHERE "{self.column}" IS NOT NULL GROUP BY 1'  # noqa: S608 - names of our own
        )
        return dict(cursor.fetchall())

    def seal_anew(self) -> Generator[Done, None, None]:
        """Go through the table by its key, until nothing older is left or all that is left is being changed."""
        for again in range(_ROUNDS):
            before: Sequence[Any] = ()
            found = 0
            while rows := self._batch(before, done := Done()):
                before, found = rows[-1], found + done.sealed
                yield Done(done.sealed, 0 if again else done.broken)
            if not found:
                return

    @transaction.atomic
    def _batch(self, before: Sequence[Any], done: Done) -> list[Sequence[Any]]:
        """Seal the next rows anew; returns their keys."""
        newest = max(settings.TONGBAN_DATA_KEYS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('tongban.sealing_anew', 'on', true)")
            cursor.execute(self._asked(bool(before)), [bytes([newest]), *before, BATCH])
            rows = cursor.fetchall()
            changes = []
            for *keys, sealed, context in rows:
                try:
                    changes.append([_resealed(bytes(sealed), context), *keys])
                except crypto.CannotOpen:
                    done.broken += 1
            if changes:
                cursor.executemany(self._change, changes)
        done.sealed = len(changes)
        return [row[:-2] for row in rows]

    def _asked(self, further: bool) -> str:  # noqa: FBT001 - a place to go on from, or none
        keys = ", ".join(f'here."{key}"' for key in self.keys)
        after = f"AND ({keys}) > ({', '.join('%s' for _key in self.keys)})" if further else ""
        return (
            f'SELECT {keys}, here."{self.column}", {self.context} FROM {self.table} AS here {self.joined} '  # noqa: S608 - names of our own
            f'WHERE here."{self.column}" IS NOT NULL AND substr(here."{self.column}", 2, 1) <> %s {after} '
            f"ORDER BY {keys} LIMIT %s FOR NO KEY UPDATE OF here SKIP LOCKED"
        )

    @property
    def _change(self) -> str:
        where = " AND ".join(f'"{key}" = %s' for key in self.keys)
        return f'UPDATE {self.table} SET "{self.column}" = %s WHERE {where}'  # noqa: S608 - names of our own


def _resealed(sealed: bytes, context: str) -> bytes:
    return crypto.seal(crypto.open_sealed(sealed, context=context), context=context)


def sealed_under(cursor: Cursor) -> dict[str, dict[int, int]]:
    """Return for each place the number of each key → how many values are sealed under it."""
    return {place.name: place.numbers(cursor) for place in places()}


def totals(found: dict[str, dict[int, int]]) -> dict[int, int]:
    """Return the number of each key → how many values are sealed under it anywhere."""
    total: Counter[int] = Counter()
    for numbers in found.values():
        total.update(numbers)
    return dict(sorted(total.items()))
