"""Lay down a register, and what it holds: without programming. Its entry in the catalogue is drafted with it."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange import actions as exchange
from tongban.exchange import queries as exchange_queries
from tongban.exchange.queries import entries
from tongban.exchange.rules.entries import EntryDraft
from tongban.ledger import actions as ledger
from tongban.registers import errors
from tongban.registers.events import RegisterMade
from tongban.registers.models import Register, RegisterSchema
from tongban.registers.rules import schemas

if TYPE_CHECKING:
    from tongban.exchange.models import Resource


@transaction.atomic
def make_register(
    *, actor: Actor, keeper_id: UUID, entry: EntryDraft, now: datetime, names_subjects: bool = False
) -> Register:
    """Make a register of what an entry of the catalogue names. It is read once that entry has been published.

    `names_subjects`: its office gives the numbers, and says which of them are one and the same.
    Raises `exchange.errors`: NotYours, NotComplete.
    """
    version = exchange.draft_resource(actor=actor, provider_id=keeper_id, draft=entry, now=now)
    exchange.set_source(
        actor=actor, resource_id=version.resource_id, kind="register", settings={"register": entry.slug}, now=now
    )
    register = Register.objects.create(
        code=entry.slug,
        name=entry.name,
        name_en=entry.name_en,
        keeper_id=keeper_id,
        subject_kind=entry.subject_kind,
        resource_id=version.resource_id,
        names_subjects=names_subjects,
        created_at=now,
    )
    _lay_down(register, 1, entry, actor, now)
    return register


@transaction.atomic
def publish_schema(*, actor: Actor, register_id: UUID, entry: EntryDraft, now: datetime) -> RegisterSchema:
    """Lay down the next version of what a register holds, and draft the next version of its entry.

    What was recorded under the versions before stays as it is. Raises NotFound, WrongRecord (a field may not change
    so), and `exchange.errors`: NotYours, NotComplete, NotInThisState.
    """
    register = Register.objects.select_for_update().filter(id=register_id).first()
    if register is None:
        raise NotFound
    newest = register.schemas.order_by("-version").first()
    before = schemas.read(newest.fields) if newest else ()
    if wrong := schemas.problems(before, entry.items):
        raise errors.WrongRecord(wrong)
    draft = replace(entry, slug=register.code, subject_kind=register.subject_kind)
    exchange.draft_resource(actor=actor, provider_id=register.keeper_id, draft=draft, now=now)
    return _lay_down(register, newest.version + 1 if newest else 1, entry, actor, now)


@transaction.atomic
def make_register_of(
    *, actor: Actor, resource_id: UUID, seen: UUID, now: datetime, names_subjects: bool = False
) -> Register:
    """Make a register of an entry in force: its information items are the fields.

    `seen`: the version that was looked at. Raises NotFound, NotInForce, `exchange.errors.NotYours`.
    """
    resource, entry = _in_force(resource_id, seen)
    if entries.is_read(resource.id):
        raise errors.ReadElsewhere
    exchange.set_source(
        actor=actor, resource_id=resource.id, kind="register", settings={"register": resource.slug}, now=now
    )
    if Register.objects.filter(resource_id=resource.id).exists():  # somebody was faster: the source was locked till now
        raise errors.ReadElsewhere
    register = Register.objects.create(
        code=resource.slug,
        name=entry.name,
        name_en=entry.name_en,
        keeper_id=resource.provider_id,
        subject_kind=resource.subject_kind,
        resource_id=resource.id,
        names_subjects=names_subjects,
        created_at=now,
    )
    _lay_down(register, 1, entry, actor, now)
    return register


@transaction.atomic
def follow_entry(*, actor: Actor, register_id: UUID, seen: UUID, now: datetime) -> RegisterSchema:
    """Lay down the next version of what a register holds, as its entry in force says it.

    What was recorded under the versions before stays as it is. `seen`: the version of the entry that was looked at.
    Raises NotFound, NotTheKeeper, NotInForce, NothingNew, WrongRecord (a field may not change so).
    """
    register = Register.objects.select_for_update().filter(id=register_id).first()
    if register is None:
        raise NotFound
    if not exchange_queries.stewards(actor, register.keeper_id):
        raise errors.NotTheKeeper
    _resource, entry = _in_force(register.resource_id, seen)
    newest = register.schemas.order_by("-version").first()
    before = schemas.read(newest.fields) if newest else ()
    if schemas.as_fields(before) == schemas.as_fields(entry.items):
        raise errors.NothingNew
    if wrong := schemas.problems(before, entry.items):
        raise errors.WrongRecord(wrong)
    register.name, register.name_en = entry.name, entry.name_en
    register.save(update_fields=["name", "name_en"])
    return _lay_down(register, newest.version + 1 if newest else 1, entry, actor, now)


def _in_force(resource_id: UUID, seen: UUID) -> tuple["Resource", EntryDraft]:
    """Return a resource with what its version in force says, if that is the one that was seen."""
    resource = entries.resource_by_id(resource_id)
    if resource.in_force is None or resource.in_force.id != seen:
        raise errors.NotInForce
    return resource, entries.entry_of(resource.in_force)


def _lay_down(register: Register, version: int, entry: EntryDraft, actor: Actor, now: datetime) -> RegisterSchema:
    schema = RegisterSchema.objects.create(
        register=register,
        version=version,
        fields=schemas.written(entry.items),
        published_at=now,
        published_by_id=actor.official_id,
    )
    ledger.record(RegisterMade(subject_id=register.id, schema=version), actor=actor, now=now)
    return schema
