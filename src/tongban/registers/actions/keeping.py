"""What all that write in a register share: who may, about whom, and how a version of a record is written."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange import actions as exchange
from tongban.exchange import queries as exchange_queries
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.entries import ItemDraft
from tongban.exchange.rules.subjects import Subject
from tongban.registers import errors
from tongban.registers.models import Merger, Record, RecordVersion, Register, RegisteredSubject, RegisterSchema
from tongban.registers.queries.finding import newest_schema
from tongban.registers.queries.reading import seal_value
from tongban.registers.rules import schemas
from tongban.registers.rules.stretches import Stretch, left_of
from tongban.registers.rules.values import Wrong, checked

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keeping:
    """A register that is written in, by its newest schema."""

    register: Register
    schema: RegisterSchema
    fields: tuple[ItemDraft, ...]
    now: datetime
    sensitive: frozenset[str]
    """Codes of the fields that are sealed."""


def keeping(actor: Actor, register_id: UUID, now: datetime) -> Keeping:
    """Return the register to write in. Raises NotFound, NotTheKeeper."""
    register = Register.objects.filter(id=register_id).first()
    if register is None:
        raise NotFound
    if not exchange_queries.stewards(actor, register.keeper_id):
        raise errors.NotTheKeeper
    schema = newest_schema(register)
    fields = schemas.read(schema.fields)
    return Keeping(register, schema, fields, now, frozenset(item.code for item in fields if item.is_sensitive))


def values_of(kept: Keeping, values: Values, *, whole: bool) -> dict[str, Any]:
    """Return values in their form. Raises WrongRecord."""
    try:
        return checked(kept.fields, values, whole=whole)
    except Wrong as wrong:
        raise errors.WrongRecord(wrong.fields) from wrong


def subject_for(kept: Keeping, about: About) -> Subject:
    """Return whom a record is about. Raises WrongRecord."""
    return fitting(kept, exchange.settled_subjects([about])[0])


def fitting(kept: Keeping, subject: Subject | None) -> Subject:
    """Return a subject that this register can have. Raises WrongRecord."""
    if subject is None or subject.kind != kept.register.subject_kind:
        raise errors.WrongRecord({"subject": [_("This is not the number of a subject of this register.")]})
    return subject


def know(subjects: Iterable[Subject], now: datetime) -> None:
    """Make subjects known that are not."""
    by_key = {one.key: one for one in subjects}
    known = set(RegisteredSubject.objects.filter(key__in=by_key).values_list("key", flat=True))
    rows = [
        RegisteredSubject(
            key=one.key, kind=one.kind, identity_kind=one.identity_kind, number=one.number, created_at=now
        )
        for one in by_key.values()
        if one.key not in known
    ]
    RegisteredSubject.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def standing(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return for each number under which its records stand now: another one where two were found to be one person's."""
    found = {key: key for key in keys}
    while moved := dict(
        Merger.objects.filter(origin_id__in=set(found.values()), until__isnull=True).values_list(
            "origin_id", "target_id"
        )
    ):
        found = {key: moved.get(at, at) for key, at in found.items()}
    return found


def locked_record(kept: Keeping, subject_key: UUID, key: str, *, make: bool = False) -> Record:
    """Return a record, locked, made if it is new and that is wanted. Raises NoSuchRecord."""
    place = {"register": kept.register, "subject_id": standing([subject_key])[subject_key], "key": key}
    if make:
        Record.objects.bulk_create([Record(**place)], ignore_conflicts=True)
    found = Record.objects.select_for_update(no_key=True).filter(**place).first()
    if found is None:
        raise errors.NoSuchRecord
    return found


def known_versions(record: Record, now: datetime) -> list[RecordVersion]:
    """Return what is known of a record now, the oldest stretch first. Raises RecordedLater."""
    versions = list(record.versions.filter(recorded_to__isnull=True).order_by("valid_from"))
    if any(version.recorded_from >= now for version in versions):
        raise errors.RecordedLater
    return versions


def make_room(kept: Keeping, record: Record, taken: Stretch) -> None:
    """End what is known for a stretch; what lies before and after it stays known, as of now."""
    for version in known_versions(record, kept.now):
        stretch = (version.valid_from, version.valid_to)
        pieces = left_of(stretch, taken)
        if pieces == [stretch]:
            continue
        close(version, kept.now)
        for piece in pieces:
            again(kept, version, record, piece)


def close(version: RecordVersion, now: datetime) -> None:
    """Note that a version is known no longer."""
    version.recorded_to = now
    version.save(update_fields=["recorded_to"])


def add_version(
    kept: Keeping, record: Record, stretch: Stretch, values: Values, schema_id: UUID | None = None
) -> RecordVersion:
    """Write a version with its values."""
    version = RecordVersion.objects.create(
        record=record,
        schema_id=schema_id or kept.schema.id,
        valid_from=stretch[0],
        valid_to=stretch[1],
        recorded_from=kept.now,
    )
    write_values(kept, version, values)
    return version


def again(
    kept: Keeping, origin: RecordVersion, record: Record, stretch: Stretch, without: Collection[str] = ()
) -> RecordVersion:
    """Write a version that says what another said, but for some fields. The database copies; nobody reads."""
    version = add_version(kept, record, stretch, {}, origin.schema_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT registers_carry(%s, %s, %s)", [origin.id, version.id, list(without)])
    return version


def write_values(kept: Keeping, version: RecordVersion, values: Values) -> None:
    """Write values of a version; those of sensitive fields sealed."""
    if not values:
        return
    rows = [as_kept(kept, code, value) for code, value in values.items()]
    places = ", ".join(["(%s, %s, %s, %s::jsonb, %s)"] * len(rows))
    statement = f"INSERT INTO registers_recordedvalue (version_id, record_id, field, value, sealed) VALUES {places}"  # noqa: S608 - places alone
    with connection.cursor() as cursor:
        cursor.execute(statement, [part for row in rows for part in (version.id, version.record_id, *row)])


def as_kept(kept: Keeping, code: str, value: object) -> tuple[str, str | None, bytes | None]:
    """Return code, plain value as JSON and sealed value, one of the two."""
    if code in kept.sensitive:
        return code, None, seal_value(kept.register.resource_id, code, value)
    return code, json.dumps(value, ensure_ascii=False), None


def in_order(valid_from: date, valid_to: date | None) -> Stretch:
    """Return a stretch. Raises WrongRecord when it ends before it begins."""
    if valid_to is not None and valid_to <= valid_from:
        raise errors.WrongRecord({"valid_to": [_("The end must lie after the beginning.")]})
    return valid_from, valid_to
