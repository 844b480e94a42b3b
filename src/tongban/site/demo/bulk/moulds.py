"""A mould: all that a life has written into the tables, with places for what differs from life to life.

It is read from the tables themselves, every column of every row, so that what is poured cannot drift from what the
actions write. Sealed values are opened, cut like any text, and sealed anew for each life.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from tongban.base import crypto
from tongban.base.models import SealedTextField
from tongban.site.demo.bulk.cutting import Cut, Cutter, Slot, Stamp, Text, joined
from tongban.site.demo.bulk.proving import cut_event

NULL = "\\N"
GROUPS = (
    ("id",),
    (
        "day",
        "cn_day",
        "due",
        "due_at",
        "cn_due",
        "provisional",
        "json_provisional",
        "nearest",
        "nearest_provisional",
        "figure",
    ),
    ("paper", "serial", "year"),
    ("event", "position", "handled", "row"),
    ("number", "person", "item", "official", "official_account"),
)
"""Kinds of slots in the order in which they are filled; what is reckoned from filled texts comes after them."""

Row = dict[str, Any]
Cell = Callable[[Row, "Casting"], "Slot | Text | str | None"]
"""What stands in a column instead of its text: a slot, a text cut already, a constant, or None for the text itself."""

Told = Callable[[str, Cut, Row, "Casting"], "Text | None"]


@dataclass(frozen=True)
class Reckoned:
    """A text that is filled first: its digest (`before` and `after` are hashed with it), or itself sealed."""

    stamp: Stamp
    context: str = ""
    before: bytes = b""
    after: bytes = b""

    def digest(self, values: list[bytes]) -> bytes:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.before + self.stamp.filled(values) + self.after).hexdigest().encode()

    def sealed(self, values: list[bytes]) -> bytes:
        """Return the text sealed, as COPY reads bytes."""
        return b"\\\\x" + crypto.seal(self.stamp.filled(values).decode(), context=self.context).hex().encode()


@dataclass
class Mould:
    """What is filled for each life: base slots by group, then digests, then sealed texts, then the rows of tables."""

    groups: list[list[Slot]]
    digests: list[Reckoned]
    seals: list[Reckoned]
    tables: dict[str, Stamp]
    events: list[Stamp]
    """What is proven of each event, in their order: see `leaves`."""
    handled: int
    facts: dict[str, Any] = field(default_factory=dict)
    times: dict[int, list[str]] = field(default_factory=dict)
    years: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    heads: tuple[int, list[tuple[str, int]]] = (-1, [])
    """Ids so many weeks earlier, each as the text that stays and the number that is changed; of the last weeks only."""

    def poured(self, values: list[bytes], *, without: frozenset[str] = frozenset()) -> Iterable[tuple[str, bytes]]:
        """Give the rows of each table, as COPY reads them, from the filled base slots, which are filled further."""
        values += [one.digest(values) for one in self.digests]
        values += [one.sealed(values) for one in self.seals]
        for table, stamp in self.tables.items():
            if table not in without:
                yield table, stamp.filled(values)


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table, in the order in which they are poured."""
    return tuple(str(one.column) for one in _models()[table]._meta.concrete_fields)  # noqa: SLF001 - Django's public name


@cache
def sealed_columns(table: str) -> dict[str, str]:
    """Return the sealed columns of a table, each with what it is bound to."""
    fields = _models()[table]._meta.concrete_fields  # noqa: SLF001 - Django's public name
    return {str(one.column): f"{table}.{one.column}" for one in fields if isinstance(one, SealedTextField)}


@cache
def key_of(table: str) -> str:
    """Return the column of the primary key."""
    return str(_models()[table]._meta.pk.column)  # noqa: SLF001 - Django's public name


def rows_of(table: str, where: str, values: Mapping[str, Any]) -> list[Row]:
    """Return rows as texts; sealed columns opened."""
    sealed = sealed_columns(table)
    asked = ", ".join(f'"{column}"' + ("" if column in sealed else "::text") for column in columns_of(table))
    with connection.cursor() as cursor:
        order = f'{table}."{key_of(table)}"'  # the column itself: the text of it would put 1000 before 999
        cursor.execute(f"SELECT {asked} FROM {table} WHERE {where} ORDER BY {order}", values)  # noqa: S608 - our own
        found = [dict(zip(columns_of(table), row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        for column, context in sealed.items():
            if row[column] is not None:
                row[column] = crypto.open_sealed(bytes(row[column]), context=context)
    return found


def canonical(text: str) -> str:
    """Return a JSON text as it is hashed: keys in order, no gaps. Other texts stay."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except ValueError:
        return text


@dataclass
class Casting:
    """Makes one mould from the rows of one life."""

    rows: dict[str, list[Row]]
    cutter: Cutter
    cells: Mapping[tuple[str, str], Cell]
    hashes: list[tuple[str, Text, str, str]] = field(default_factory=list)
    """Digests that are reckoned: as it stands in the rows, the text hashed, and what stands around it."""
    facts: dict[str, Any] = field(default_factory=dict)
    told: Told = lambda _text, _cut, _row, _casting: None
    """How a text is cut that holds what an event says, beside its column: None as any text is."""

    def cast(self) -> Mould:
        """Cut all rows and put the slots in order. Raises ValueError when a digest is not that of its text."""
        self._seals: list[tuple[str, Text]] = []
        texts = {
            table: joined([self._line(table, row) for row in rows], "") for table, rows in self.rows.items() if rows
        }
        proven = [self._proven(row) for row in self.rows.get("ledger_event", ())]
        base = dict.fromkeys(
            slot
            for text in [
                *texts.values(),
                *proven,
                *(text for _c, text in self._seals),
                *(text for _d, text, _b, _a in self.hashes),
            ]
            for slot in text.slots
            if slot[0] not in {"digest", "sealed"}
        )
        groups = [[slot for slot in base if slot[0] in kinds] for kinds in GROUPS]
        order = [slot for group in groups for slot in group]
        if len(order) != len(base):
            message = f"slots of unknown kinds: {set(base) - set(order)}"
            raise ValueError(message)
        order += [("digest", place) for place in range(len(self.hashes))]
        order += [("sealed", place) for place in range(len(self._seals))]
        places = {slot: place for place, slot in enumerate(order)}
        return Mould(
            groups=groups,
            digests=[
                Reckoned(Stamp(text, places), "", before.encode(), after.encode())
                for _d, text, before, after in self.hashes
            ],
            seals=[Reckoned(Stamp(text, places), context) for context, text in self._seals],
            tables={table: Stamp(text, places) for table, text in texts.items()},
            events=[Stamp(text, places) for text in proven],
            handled=len(self.rows.get("ledger_handled", ())),
            facts=self.facts,
        )

    def _proven(self, row: Row) -> Text:
        return cut_event(row, self.cutter, lambda said, cut: self.told(said, cut, row, self))

    def _line(self, table: str, row: Row) -> Text:
        return joined([self._cell(table, column, row) for column in columns_of(table)], "\t", "\n")

    def _cell(self, table: str, column: str, row: Row) -> Text:
        rule = self.cells.get((table, column))
        said = rule(row, self) if rule is not None else None
        if isinstance(said, tuple):
            return Text.of_slot(said)
        if isinstance(said, Text):
            return said
        if isinstance(said, str):
            return Text.of(said)
        value = row[column]
        if value is None:
            return Text.of(NULL)
        if (context := sealed_columns(table).get(column)) is not None:
            text = canonical(value)
            self._seals.append((context, self.cutter.cut(text, copied=False)))
            return Text.of_slot(("sealed", len(self._seals) - 1))
        instant = column.endswith(("_at", "since", "until", "_until")) or column == "at"
        return self.cutter.cut(value, dues=not instant)
