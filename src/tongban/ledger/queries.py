"""How to find what happened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from tongban.base.compiled import compiled_once
from tongban.ledger import kinds
from tongban.ledger.events import RecordedEvent
from tongban.ledger.models import Event

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
    GROUP BY event.id
    ORDER BY event.id
    LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What an operator asks: how much waits for the sealer, how much for its handlers, and since when."""

    unsealed: int
    owed: int
    oldest_owed_at: datetime | None


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


def events_after(position: int, *, limit: int = 500) -> list[RecordedEvent]:
    """Return the sealed events after a position, in order. Whoever goes on from the last one misses none."""
    rows = Event.objects.filter(position__gt=position).order_by("position").only(*FIELDS)[:limit]
    return [recorded(row) for row in rows]


def owed(*, limit: int, until: datetime | None = None, sealed_after: int | None = None) -> list[int]:
    """Return ids of events that some handler still owes its effect, oldest first.

    `until` bounds when they happened; with `sealed_after` only events with a later position are looked at.
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
            },
        )
        return [row[0] for row in cursor.fetchall()]


def state(now: datetime, *, at_most: int = 1000) -> LedgerState:
    """Return how far the ledger is behind; counts stop at `at_most`."""
    ids = owed(limit=at_most, until=now)
    oldest = Event.objects.filter(id__in=ids[:1]).values_list("happened_at", flat=True).first()
    unsealed = Event.objects.filter(position__isnull=True)[:at_most].count()
    return LedgerState(unsealed=unsealed, owed=len(ids), oldest_owed_at=oldest)
