"""How to find what happened."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tongban.base.compiled import compiled_once
from tongban.ledger import kinds
from tongban.ledger.events import RecordedEvent
from tongban.ledger.models import Event, Owed
from tongban.ledger.queries.leaves import tree_size

FIELDS = (
    "id",
    "uid",
    "kind",
    "happened_at",
    "actor_kind",
    "account_id",
    "official_id",
    "post_id",
    "subject_kind",
    "subject_id",
    "data",
    "position",
)

_OWED = """
    SELECT event.id
    FROM ledger_event AS event
    JOIN unnest(%(kinds)s::text[], %(handlers)s::text[]) AS wanted (kind, handler) ON wanted.kind = event.kind
    LEFT JOIN ledger_handlerplace AS place ON place.handler = wanted.handler
    WHERE (event.position IS NULL OR event.position > COALESCE(place.position, 0))
      AND (%(sealed_after)s::bigint IS NULL OR event.position > %(sealed_after)s::bigint)
      AND event.happened_at <= COALESCE(%(until)s, 'infinity'::timestamptz)
      AND NOT EXISTS (
        SELECT FROM ledger_handled AS handled
        WHERE handled.event_id = event.id AND handled.handler = wanted.handler
      )
      AND (NOT %(missed)s OR NOT EXISTS (SELECT FROM ledger_owed AS kept WHERE kept.event_id = event.id))
    GROUP BY event.id
    ORDER BY event.id
    LIMIT %(limit)s
"""


HELD_BACK = 9
"""Tries (about 17 minutes) for which later events of a subject wait for one that fails; then they go on without it."""
_HEAD = f"""
    SELECT {", ".join(f"event.{name}" for name in FIELDS)}
    FROM ledger_owed AS owed
    JOIN ledger_event AS event ON event.id = owed.event_id
    WHERE (owed.not_before IS NULL OR owed.not_before <= %s)
      AND NOT EXISTS (
        SELECT FROM ledger_owed AS earlier
        WHERE earlier.subject_id = owed.subject_id AND earlier.event_id < owed.event_id
          AND earlier.tries > 0 AND earlier.tries <= {HELD_BACK}
      )
    ORDER BY owed.event_id
    LIMIT %s
"""  # noqa: S608 - names of our own columns


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What an operator asks: how much waits for the sealer, for the tree, for handlers and since when, what fails."""

    unsealed: int
    owed: int
    oldest_owed_at: datetime | None
    failing: int = 0
    faults: tuple[str, ...] = ()
    outside_tree: int = 0


def recorded(event: Event) -> RecordedEvent:
    """Return a row as what others are given."""
    return RecordedEvent(**{name: getattr(event, name) for name in FIELDS})


def history_of(subject_kind: str, subject_id: UUID) -> list[RecordedEvent]:
    """Return all that happened to a subject, oldest first."""
    return [recorded(row) for row in rows_of_subject(subject_kind, subject_id)]


@compiled_once
def rows_of_subject(subject_kind: str, subject_id: UUID) -> QuerySet[Event]:
    """Return the same as rows, to be asked for together with other things; `recorded` makes events of them."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id").only(*FIELDS)


def words_of(happened: RecordedEvent, reader: kinds.Reader) -> str:
    """Return the sentence its room has for an event; "" where it has none for this reader."""
    event = happened.event
    if event is None or happened.kind not in kinds.DESCRIPTIONS:
        return ""
    return kinds.DESCRIPTIONS[happened.kind](event, reader)


def events_by_id(event_ids: list[int]) -> list[RecordedEvent]:
    """Return events by their ids, in order."""
    return [recorded(row) for row in Event.objects.filter(id__in=event_ids).order_by("id").only(*FIELDS)]


def events_after(position: int, *, limit: int = 500) -> list[RecordedEvent]:
    """Return the sealed events after a position, in order. Whoever goes on from the last one misses none."""
    rows = Event.objects.filter(position__gt=position).order_by("position").only(*FIELDS)[:limit]
    return [recorded(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Passed:
    """An event by its place alone, for whoever reads on and fetches what it is about itself."""

    position: int
    event_id: int
    kind: str
    subject_id: UUID
    happened_at: datetime


def passed_after(position: int, subject_kinds: list[str], *, limit: int) -> list[Passed]:
    """Return the sealed events about such subjects after a position, in order, without what they say."""
    rows = Event.objects.filter(position__gt=position, subject_kind__in=subject_kinds).order_by("position")
    return [
        Passed(place or 0, event_id, kind, subject_id, happened_at)
        for place, event_id, kind, subject_id, happened_at in rows.values_list(
            "position", "id", "kind", "subject_id", "happened_at"
        )[:limit]
    ]


def of_kinds_between(after: int, until: int, kinds_wanted: list[str]) -> list[RecordedEvent]:
    """Return the sealed events of some kinds after one position and up to another, in order."""
    rows = Event.objects.filter(position__gt=after, position__lte=until, kind__in=kinds_wanted)
    return [recorded(row) for row in rows.order_by("position").only(*FIELDS)]


@compiled_once
def last_sealed() -> QuerySet[Event, int]:
    """Return the position of the last sealed event, to be asked for together with other things."""
    sealed = Event.objects.filter(position__isnull=False).order_by("-position")
    return cast("QuerySet[Event, int]", sealed.values_list("position", flat=True)[:1])


def last_position() -> int:
    """Return the position of the last sealed event, 0 when there is none."""
    return last_sealed.first() or 0


def subjects_after(subject_kind: str, position: int, *, but_for: str = "", **data: str | int) -> list[UUID]:
    """Return the subjects of a kind to which something has happened after a position, also if it has none yet.

    Events of the kind `but_for` with these data do not count.
    """
    rows = Event.objects.filter(subject_kind=subject_kind).filter(Q(position__gt=position) | Q(position__isnull=True))
    if but_for:
        rows = rows.exclude(kind=but_for, **{f"data__{name}": value for name, value in data.items()})
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True).distinct())


def owed(
    *, limit: int, until: datetime | None = None, sealed_after: int | None = None, missed: bool = False
) -> list[int]:
    """Return ids of events that some handler still owes its effect, oldest first: by what was handled, the truth.

    `until` bounds when they happened; with `sealed_after` only events with a later position are looked at; `missed`
    leaves out those that wait to be handed on.
    """
    handlers = kinds.HANDLERS.values()
    if not handlers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED,
            {
                "kinds": [entry.kind for entry in handlers],
                "handlers": [entry.name for entry in handlers],
                "until": until,
                "sealed_after": sealed_after,
                "limit": limit,
                "missed": missed,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def head_of_owed(*, now: datetime, limit: int) -> list[RecordedEvent]:
    """Return the events to be handed on next, oldest first.

    Without those that failed and wait, and without later ones of their subjects as long as these are held back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [now, limit])
        rows = [dict(zip(FIELDS, row, strict=True)) for row in cursor.fetchall()]
    return [RecordedEvent(**{**row, "data": json.loads(row["data"])}) for row in rows]


@compiled_once
def _due(now: datetime) -> QuerySet[Owed, int]:
    due = Owed.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=now)).order_by()
    return due.values_list("event_id", flat=True)[:1]


def is_anything_owed(*, now: datetime) -> bool:
    """Whether an event waits for a handler, and for no later time: a worker asks it twice a second."""
    return _due.first(now) is not None


def is_anything_fresh_owed() -> bool:
    """Whether events wait for their first try: those that failed and wait for another do not count."""
    return Owed.objects.filter(tries=0).exists()


def state(*, at_most: int = 1000) -> LedgerState:
    """Return how far the ledger is behind; counts stop at `at_most`."""
    ids = list(Owed.objects.order_by("event_id").values_list("event_id", flat=True)[:at_most])
    oldest = Event.objects.filter(id__in=ids[:1]).values_list("happened_at", flat=True).first()
    unsealed = Event.objects.filter(position__isnull=True)[:at_most].count()
    failing = list(Owed.objects.filter(tries__gt=0).values_list("fault", flat=True)[:at_most])
    outside = Event.objects.filter(position__gt=tree_size())[:at_most].count()
    return LedgerState(unsealed, len(ids), oldest, len(failing), tuple(sorted(set(failing))), outside)
