"""Write a whole register to lines of JSON, and read such lines: for moving it, by the operator alone.

The app cannot read values; this is given a connection of the owner's. That it happened stands in the ledger before the
first line is written. What is written is what is known now, in the form that `load` takes.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

import psycopg
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import Forbidden
from tongban.exchange.rules.calls import About
from tongban.ledger import actions as ledger
from tongban.registers.actions.loading import Loaded
from tongban.registers.events import RegisterDumped
from tongban.registers.models import RecordVersion, Register, RegisteredSubject
from tongban.registers.queries.reading import open_value

AT_ONCE = 1000
_VALUES = """
    SELECT version_id, field, value::text, sealed FROM registers_recordedvalue WHERE version_id = ANY(%s) ORDER BY field
"""


def dump(*, actor: Actor, register: Register, owner: psycopg.Connection, into: IO[str], now: datetime) -> int:
    """Write all that a register knows now, and return how many records. Raises Forbidden to all but the system."""
    if actor.kind != "system":
        raise Forbidden
    versions = RecordVersion.objects.filter(record__register=register, recorded_to__isnull=True).order_by("id")
    ids = list(versions.values_list("id", flat=True))
    with transaction.atomic():
        ledger.record(RegisterDumped(subject_id=register.id, records=len(ids)), actor=actor, now=now)
    for place in range(0, len(ids), AT_ONCE):
        for line in _lines(register, owner, ids[place : place + AT_ONCE]):
            into.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(ids)


def _lines(register: Register, owner: psycopg.Connection, ids: list[int]) -> Iterator[dict[str, Any]]:
    values: dict[int, dict[str, Any]] = {}
    for version_id, field, plain, sealed in owner.execute(_VALUES, [ids]).fetchall():
        value = json.loads(plain) if sealed is None else open_value(register.resource_id, field, bytes(sealed))
        values.setdefault(version_id, {})[field] = value
    versions = RecordVersion.objects.filter(id__in=ids).select_related("record__subject").order_by("id")
    for version in versions:
        subject: RegisteredSubject = version.record.subject
        yield {
            "kind": subject.kind,
            "identity_kind": subject.identity_kind,
            "number": subject.number,
            "key": version.record.key,
            "valid_from": version.valid_from.isoformat(),
            "valid_to": version.valid_to.isoformat() if version.valid_to else None,
            "values": values.get(version.id, {}),
        }


def read_lines(lines: Iterable[str]) -> Iterator[Loaded]:
    """Return the records of lines that `dump` has written. Raises ValueError, KeyError where a line is none."""
    for line in lines:
        one = json.loads(line)
        yield Loaded(
            about=About(kind=one["kind"], number=one["number"], identity_kind=one["identity_kind"]),
            values=one["values"],
            valid_from=date.fromisoformat(one["valid_from"]),
            valid_to=date.fromisoformat(one["valid_to"]) if one["valid_to"] else None,
            key=one["key"],
        )
