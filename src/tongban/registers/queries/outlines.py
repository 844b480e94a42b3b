"""That something is recorded on a subject, and since when: not what it says, which is asked at the gate."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from tongban.registers.models import Merger, RecordVersion, Register

DEEPEST = 20
"""Mergers of mergers that are followed, as in the database's own function."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A record as it stands: which one of several, since when it is so, since when it is known."""

    key: str
    valid_from: date
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """How much a register holds on a subject now, and since when the oldest of it is so."""

    records: int
    since: date


def register_of_resource(resource_id: UUID) -> Register | None:
    """Return the register whose entry in the catalogue a resource is; None where another source is read."""
    return Register.objects.filter(resource_id=resource_id).first()


def outlines(resource_id: UUID, key: UUID, *, on: date, now: datetime) -> list[Outline]:
    """Return the records of a register on a subject, in the order in which the gate answers them."""
    found = _standing(key, on, now).filter(record__register__resource_id=resource_id)
    rows = found.order_by("record__key", "id").values_list("record__key", "valid_from", "recorded_from")
    return [Outline(*row) for row in rows]


def holdings(key: UUID, *, on: date, now: datetime) -> dict[UUID, Holding]:
    """Return for each resource that holds something on a subject how much, in one query."""
    rows = (
        _standing(key, on, now)
        .values("record__register__resource_id")
        .annotate(records=Count("id"), since=Min("valid_from"))
        .order_by()
    )
    return {row["record__register__resource_id"]: Holding(row["records"], row["since"]) for row in rows}


def _standing(key: UUID, on: date, now: datetime) -> QuerySet[RecordVersion]:
    valid = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    known = Q(recorded_to__isnull=True) | Q(recorded_to__gt=now)
    return RecordVersion.objects.filter(
        valid, known, record__subject_id=_merged_into(key, now), valid_from__lte=on, recorded_from__lte=now
    )


def _merged_into(key: UUID, now: datetime) -> UUID:
    for _step in range(DEEPEST):
        open_now = Q(until__isnull=True) | Q(until__gt=now)
        target = (
            Merger.objects.filter(open_now, origin_id=key, since__lte=now).values_list("target_id", flat=True).first()
        )
        if target is None:
            break
        key = target
    return key
