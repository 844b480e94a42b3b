"""Record, correct, end: what is true changes, or what was said of it was wrong. What was known stays readable."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.text import clean_line
from tongban.exchange import actions as exchange
from tongban.exchange.rules.calls import About
from tongban.ledger import actions as ledger
from tongban.registers import errors
from tongban.registers.actions.keeping import (
    Keeping,
    Values,
    add_version,
    again,
    close,
    in_order,
    keeping,
    know,
    known_versions,
    locked_record,
    make_room,
    subject_for,
    values_of,
    write_values,
)
from tongban.registers.events import RecordChanged
from tongban.registers.models import Record

LONGEST_KEY = 60


@transaction.atomic
def record(
    *,
    actor: Actor,
    register_id: UUID,
    about: About,
    values: Values,
    valid_from: date,
    now: datetime,
    valid_to: date | None = None,
    key: str = "",
) -> Record:
    """Record what is so from a day on. Whatever was known for these days is known no longer.

    Raises NotFound, NotTheKeeper, WrongRecord, RecordedLater.
    """
    kept = keeping(actor, register_id, now)
    subject, said = subject_for(kept, about), values_of(kept, values, whole=True)
    stretch = in_order(valid_from, valid_to)
    know([subject], now)
    found = locked_record(kept, subject.key, clean_line(key)[:LONGEST_KEY], make=True)
    make_room(kept, found, stretch)
    add_version(kept, found, stretch, said)
    _tell(kept, found, "recorded", actor)
    return found


@transaction.atomic
def correct(
    *, actor: Actor, register_id: UUID, about: About, values: Values, now: datetime, key: str = "", on: date
) -> Record:
    """Correct fields of what is known for a day: it never was so. The stretch of days stays as it was.

    Raises NotFound, NotTheKeeper, WrongRecord, NoSuchRecord, RecordedLater.
    """
    kept = keeping(actor, register_id, now)
    subject, said = subject_for(kept, about), values_of(kept, values, whole=False)
    found = locked_record(kept, subject.key, clean_line(key)[:LONGEST_KEY])
    for version in known_versions(found, now):
        if version.valid_from <= on and (version.valid_to is None or on < version.valid_to):
            close(version, now)
            corrected = again(kept, version, found, (version.valid_from, version.valid_to), without=list(values))
            write_values(kept, corrected, said)
            _tell(kept, found, "corrected", actor)
            return found
    raise errors.NoSuchRecord


@transaction.atomic
def end(*, actor: Actor, register_id: UUID, about: About, valid_to: date, now: datetime, key: str = "") -> Record:
    """Record that from a day on it is so no longer: moved away, struck off, left.

    Raises NotFound, NotTheKeeper, WrongRecord, NoSuchRecord, RecordedLater.
    """
    kept = keeping(actor, register_id, now)
    subject = subject_for(kept, about)
    found = locked_record(kept, subject.key, clean_line(key)[:LONGEST_KEY])
    if not any(one.valid_to is None or one.valid_to > valid_to for one in known_versions(found, now)):
        raise errors.NoSuchRecord
    make_room(kept, found, (valid_to, None))
    _tell(kept, found, "ended", actor)
    return found


def _tell(kept: Keeping, found: Record, change: str, actor: Actor) -> None:
    happened = RecordChanged(
        subject_id=found.subject_id, register_id=kept.register.id, record_id=found.id, change=change
    )
    ledger.record(happened, actor=actor, now=kept.now)
    exchange.note_update(resource_id=kept.register.resource_id, now=kept.now)
