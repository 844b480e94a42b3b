"""Merge two numbers that are one person's, and split what stands under one number and is two persons'.

Records move as of now: what was known before is found as it was known, under the number under which it stood. The
whole is recorded with its grounds, and no number is used again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.text import clean_lines
from tongban.exchange.rules.calls import About
from tongban.ledger import actions as ledger
from tongban.registers import errors
from tongban.registers.actions.keeping import Keeping, again, close, keeping, know, known_versions, subject_for
from tongban.registers.events import RecordChanged
from tongban.registers.models import Merger, Record, RegisteredSubject, SubjectChange


@transaction.atomic
def merge(
    *, actor: Actor, register_id: UUID, origin: About, target: About, grounds: str, now: datetime
) -> SubjectChange:
    """Move all that registers say on one number to another: both are one person's.

    What is asked of the one is found with the other from now on. The office that gives the numbers
    says so, for all registers. Raises NotFound, NotTheKeeper, WrongRecord, NotToBeMerged, RecordedLater.
    """
    kept = keeping(actor, register_id, now)
    change = _change(kept, SubjectChange.Kind.MERGED, origin, target, grounds, actor)
    if Merger.objects.filter(origin_id__in=(change.origin_id, change.target_id), until__isnull=True).exists():
        raise errors.NotToBeMerged
    Merger.objects.create(origin_id=change.origin_id, target_id=change.target_id, since=now)
    records = Record.objects.select_for_update(no_key=True).filter(subject_id=change.origin_id).order_by("id")
    _move(kept, list(records), change, actor)
    return change


@transaction.atomic
def split(
    *,
    actor: Actor,
    register_id: UUID,
    origin: About,
    target: About,
    record_ids: Sequence[int],
    grounds: str,
    now: datetime,
) -> SubjectChange:
    """Move records from one number to another: they are another person's. A merger of the two ends with it.

    Raises NotFound, NotTheKeeper, WrongRecord, NoSuchRecord, NotToBeMerged, RecordedLater.
    """
    kept = keeping(actor, register_id, now)
    change = _change(kept, SubjectChange.Kind.SPLIT, origin, target, grounds, actor)
    Merger.objects.filter(origin_id=change.target_id, target_id=change.origin_id, until__isnull=True).update(until=now)
    records = Record.objects.select_for_update(no_key=True).filter(subject_id=change.origin_id, id__in=record_ids)
    found = list(records.order_by("id"))
    if not found or len(found) != len(set(record_ids)):
        raise errors.NoSuchRecord
    _move(kept, found, change, actor)
    return change


def _change(
    kept: Keeping, kind: SubjectChange.Kind, origin: About, target: About, grounds: str, actor: Actor
) -> SubjectChange:
    """Write down who was found to be whom, and lock both: of two changes at once one comes first."""
    if not kept.register.names_subjects:
        raise errors.NotTheKeeper
    said = clean_lines(grounds)[:500]
    if not said:
        raise errors.WrongRecord({"grounds": [_("Please say on what grounds.")]})
    one, other = subject_for(kept, origin), subject_for(kept, target)
    if one.key == other.key:
        raise errors.NotToBeMerged
    know([one, other], kept.now)
    keys = sorted((one.key, other.key))
    list(RegisteredSubject.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("key"))
    return SubjectChange.objects.create(
        kind=kind,
        origin_id=one.key,
        target_id=other.key,
        grounds=said,
        official_id=actor.official_id,
        at=kept.now,
    )


def _move(kept: Keeping, records: Sequence[Record], change: SubjectChange, actor: Actor) -> None:
    for record in records:
        versions = known_versions(record, kept.now)
        if not versions:
            continue
        moved = _place_for(record, change.target_id)
        for version in versions:
            close(version, kept.now)
            again(kept, version, moved, (version.valid_from, version.valid_to))
        for subject_id in (change.origin_id, change.target_id):
            happened = RecordChanged(
                subject_id=subject_id, register_id=record.register_id, record_id=moved.id, change=change.kind
            )
            ledger.record(happened, actor=actor, now=kept.now)


def _place_for(record: Record, target_id: UUID) -> Record:
    """Return where a record goes: its own key, or one beside it where the other has one with something in it."""
    taken = Record.objects.filter(subject_id=target_id, register_id=record.register_id)
    standing = taken.filter(key=record.key).first()
    if standing is None:
        return Record.objects.create(subject_id=target_id, register_id=record.register_id, key=record.key)
    if not standing.versions.filter(recorded_to__isnull=True).exists():
        return standing
    beside = f"{record.key[:30]}~{record.id}"
    return taken.filter(key=beside).first() or Record.objects.create(
        subject_id=target_id, register_id=record.register_id, key=beside
    )
