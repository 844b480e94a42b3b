"""Registers and their schemas."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base.errors import NotFound
from tongban.exchange import queries as exchange
from tongban.exchange.rules.calls import About
from tongban.registers.models import Merger, RecordVersion, Register, RegisteredSubject, RegisterSchema

MOST_STRETCHES = 200
"""On one subject, on one page."""


def register_by_code(code: str) -> Register:
    """Return a register; raises NotFound."""
    found = Register.objects.select_related("keeper", "resource").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def registers() -> list[Register]:
    """Return all registers by their code."""
    return list(Register.objects.select_related("keeper", "resource").order_by("code"))


def newest_schema(register: Register) -> RegisterSchema:
    """Return the schema by which is written now; raises NotFound."""
    found = register.schemas.order_by("-version").first()
    if found is None:
        raise NotFound
    return found


def schemas_of(register: Register) -> list[RegisterSchema]:
    """Return all versions of what a register holds, the newest first."""
    return list(register.schemas.select_related("published_by").order_by("-version"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """That something is recorded under a key, and for which days. What it says is asked at the gate."""

    key: str
    valid_from: date
    valid_to: date | None
    recorded_from: datetime


def stretches_on(register: Register, about: About) -> list[Stretch]:
    """Return for which days something is known of a subject now, by key, the newest first.

    To be shown with an answer of the gate only: that something is recorded tells already of somebody.
    """
    subject = exchange.subject_of(about)
    if subject is None:
        return []
    key, seen = subject.key, set[UUID]()
    while key not in seen:
        seen.add(key)
        key = (
            Merger.objects.filter(origin_id=key, until__isnull=True).values_list("target_id", flat=True).first() or key
        )
    found = RecordVersion.objects.filter(
        record__register=register, record__subject_id=key, recorded_to__isnull=True
    ).order_by("record__key", "-valid_from")
    rows = found.values_list("record__key", "valid_from", "valid_to", "recorded_from")[:MOST_STRETCHES]
    return [Stretch(*row) for row in rows]


def numbers() -> Iterator[dict[int, bytes]]:
    """Give the indexes of the number of each subject that registers know, under each index key that is given."""
    after = UUID(int=0)
    while rows := list(RegisteredSubject.objects.filter(key__gt=after).order_by("key")[:1000]):
        after = rows[-1].key
        for row in rows:
            if row.kind == "person":
                yield accounts.identity_indexes(row.identity_kind, row.number)
            else:
                yield exchange.enterprise_indexes(row.number)
