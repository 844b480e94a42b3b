"""How outside sources fare is noted by whoever sees it: a look-up, a trial, the clock. When it changes, it is said."""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongban.base.actor import SYSTEM
from tongban.exchange import events
from tongban.exchange.actions.dropping import take_in
from tongban.exchange.actions.sources import TRIAL_NUMBER, trial_of
from tongban.exchange.models import Source, SourceWatch
from tongban.exchange.providers import DECLARED, Rest, SourceAway
from tongban.exchange.queries.sources import due_sources, settings_of
from tongban.ledger import actions as ledger
from tongban.ledger.events import EventData

LOOK_AGAIN = timedelta(minutes=5)
LOOK_AGAIN_AT_FAILING = timedelta(minutes=1)
AT_ONCE = 20
NOTED_EVERY = 60.0
"""Seconds: a source that is asked a thousand times a second is not noted as well a thousand times a second."""
NO_FAULT = frozenset({"resting", "busy", "only_now", "number_unknown"})
"""Reasons that say nothing new about the source."""
_noted: dict[UUID, tuple[str, float]] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw of a source. `why` is empty when all is well."""

    why: str = ""
    about: str = ""
    milliseconds: int | None = None
    added: tuple[str, ...] = ()
    rest: Rest = field(default_factory=Rest)


def note_in_passing(*, source: Source, seen: Seen, now: datetime) -> None:
    """Note what a look-up saw, unless this process has noted the same within the last minute."""
    if seen.why in NO_FAULT:
        return
    mark, moment = seen.why, time.monotonic()
    with _lock:
        before = _noted.get(source.id)
        if before is not None and before[0] == mark and moment - before[1] < NOTED_EVERY and not seen.rest.seconds:
            return
        _noted[source.id] = (mark, moment)
    note(source=source, seen=seen, now=now)


@transaction.atomic
def note(*, source: Source, seen: Seen, now: datetime) -> None:
    """Note how a source fares; an event says when that changes."""
    watch = SourceWatch.objects.select_for_update().filter(source=source).first()
    was_failing = watch is not None and watch.state == SourceWatch.State.FAILING
    if watch is None:
        watch = SourceWatch(source=source, look_again_at=now)
    watch.seen_at, watch.added = now, list(seen.added)[:50]
    if seen.milliseconds is not None:
        watch.milliseconds = seen.milliseconds
    if seen.why:
        watch.state, watch.failed_at, watch.why, watch.about = (
            SourceWatch.State.FAILING,
            now,
            seen.why,
            seen.about[:300],
        )
        watch.failing_since, watch.failures = watch.failing_since or now, watch.failures + 1
        watch.resting_until = now + timedelta(seconds=seen.rest.seconds) if seen.rest.seconds else None
        watch.look_again_at = now + LOOK_AGAIN_AT_FAILING
    else:
        watch.state, watch.succeeded_at, watch.failing_since = SourceWatch.State.WELL, now, None
        watch.failures, watch.resting_until = 0, None
        watch.look_again_at = now + LOOK_AGAIN
    watch.save()
    if bool(seen.why) != was_failing:
        ledger.record(_change(source, seen), actor=SYSTEM, now=now)


def _change(source: Source, seen: Seen) -> EventData:
    if seen.why:
        return events.SourceWentAway(subject_id=source.resource_id, source_kind=source.kind, why=seen.why)
    return events.SourceCameBack(subject_id=source.resource_id, source_kind=source.kind)


@transaction.atomic
def take_due(*, now: datetime) -> list[UUID]:
    """Return the sources to be looked at now, and leave them to the caller: any number of workers may ask."""
    due = due_sources(now).select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("changed_at")
    found = list(due[:AT_ONCE])
    watches = [
        SourceWatch(source=one, state=SourceWatch.State.WELL, seen_at=now, look_again_at=now + LOOK_AGAIN)
        for one in found
    ]
    SourceWatch.objects.bulk_create(
        watches, update_conflicts=True, unique_fields=["source"], update_fields=["look_again_at"]
    )
    return [one.id for one in found]


def look_at(*, source_id: UUID, now: datetime) -> Seen | None:
    """Look at a source: take in what was dropped, read the test subject. No transaction is open meanwhile."""
    source = Source.objects.select_related("resource").filter(id=source_id, kind__in=DECLARED).first()
    if source is None:
        return None
    fault: SourceAway | None = None
    if source.kind == "csv":
        try:
            take_in(source=source, now=now)
        except SourceAway as away:
            fault = away
    if fault is not None:
        seen = Seen(fault.why, fault.about)
    elif TRIAL_NUMBER in source.secrets:
        trial = trial_of(source, now=now)
        rest = DECLARED[source.kind].rest(settings_of(source, source.resource))
        seen = Seen(trial.why, trial.about, trial.milliseconds, tuple(trial.inspected.added), rest)
    else:
        seen = Seen()
    if seen.why != "still_written":
        note(source=source, seen=seen, now=now)
    return seen
