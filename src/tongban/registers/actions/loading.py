"""Load many records at once, by COPY: a register that is moved in. Each must be new; a wrong one stops the whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.exchange import actions as exchange
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.subjects import Subject
from tongban.ledger import actions as ledger
from tongban.registers import errors
from tongban.registers.actions.keeping import (
    Keeping,
    Values,
    as_kept,
    fitting,
    in_order,
    keeping,
    know,
    standing,
    values_of,
)
from tongban.registers.events import RegisterLoaded

AT_ONCE = 5000
_MOVE = """
    INSERT INTO registers_recordedvalue (version_id, record_id, field, value, sealed)
    SELECT version_id, record_id, field, value, sealed FROM registers_incoming WHERE load = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A record to be loaded: on whom, what, valid from when to when."""

    about: About
    values: Values
    valid_from: date
    valid_to: date | None = None
    key: str = ""


@transaction.atomic
def load(*, actor: Actor, register_id: UUID, records: Iterable[Loaded], now: datetime) -> int:
    """Load records and return how many. All or none.

    Raises NotFound, NotTheKeeper, WrongRecord: `fields` names the place of the first that is wrong ("17.birth_date").
    """
    kept = keeping(actor, register_id, now)
    number = 0
    remaining = iter(records)
    while some := list(islice(remaining, AT_ONCE)):
        _load(kept, some, number)
        number += len(some)
    ledger.record(RegisterLoaded(subject_id=kept.register.id, records=number), actor=actor, now=now)
    exchange.note_update(resource_id=kept.register.resource_id, now=now)
    return number


def _load(kept: Keeping, records: Sequence[Loaded], before: int) -> None:
    subjects = exchange.settled_subjects([one.about for one in records])
    checked = [
        _checked(kept, one, subject, before + place)
        for place, (one, subject) in enumerate(zip(records, subjects, strict=True))
    ]
    know((subject for subject, _values in checked), kept.now)
    places = standing(subject.key for subject, _values in checked)
    record_ids, version_ids = (
        _numbers("registers_record", len(records)),
        _numbers("registers_recordversion", len(records)),
    )
    _copy(
        "registers_record (id, register_id, subject_id, key)",
        (
            (record_id, kept.register.id, places[subject.key], one.key)
            for record_id, (subject, _values), one in zip(record_ids, checked, records, strict=True)
        ),
    )
    _copy(
        "registers_recordversion (id, record_id, schema_id, valid_from, valid_to, recorded_from)",
        (
            (version_id, record_id, kept.schema.id, one.valid_from, one.valid_to, kept.now)
            for version_id, record_id, one in zip(version_ids, record_ids, records, strict=True)
        ),
    )
    load_id = new_id()
    _copy(
        "registers_incoming (load, version_id, record_id, field, value, sealed)",
        (
            (load_id, version_id, record_id, *as_kept(kept, code, value))
            for version_id, record_id, (_subject, values) in zip(version_ids, record_ids, checked, strict=True)
            for code, value in values.items()
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [load_id])
        cursor.execute("DELETE FROM registers_incoming WHERE load = %s", [load_id])


def _checked(kept: Keeping, one: Loaded, subject: Subject | None, place: int) -> tuple[Subject, dict[str, Any]]:
    try:
        in_order(one.valid_from, one.valid_to)
        return fitting(kept, subject), values_of(kept, one.values, whole=True)
    except errors.WrongRecord as wrong:
        raise errors.WrongRecord({f"{place}.{name}": said for name, said in wrong.fields.items()}) from wrong


def _numbers(table: str, many: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, many])
        return [number for (number,) in cursor.fetchall()]


def _copy(into: str, rows: Iterator[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
