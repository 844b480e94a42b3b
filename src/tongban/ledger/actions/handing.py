"""Hand events on to their handlers: exactly once in effect, in order for each subject, a failing one apart.

One worker at a time hands on (an advisory lock, gone with its holder). It takes the head of what is owed. Handlers that
say `together` run in one transaction for the whole batch; an event with another handler has a transaction of its own,
and later events of its subject wait for it, unless that handler says (`only`) that it has nothing to do on it. Whatever
fails is undone and done again one by one.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from tongban.ledger import events, kinds, queries
from tongban.ledger.models import Event, Owed

BATCH = 100
FIRST_WAIT = timedelta(seconds=2)
"""Wait after the first failure; doubled with each further one."""
LONGEST_WAIT = timedelta(minutes=10)

logger = logging.getLogger("tongban.ledger")


class NotAllHandled(Exception):  # noqa: N818 - says how it ended
    """Some handlers failed; what they had begun is undone, and they will be tried again."""


@dataclass(slots=True)
class Handed:
    """What became of a round: how many effects there were, and whether more may be waiting."""

    effects: int = 0
    more: bool = False


def hand_on(*, now: datetime, limit: int = BATCH) -> Handed:
    """Hand on the head of what is owed; one worker at a time does, another returns at once with nothing done.

    A handler that fails keeps nobody from theirs but later events of its subject, for `queries.HELD_BACK` tries; it is
    tried again with growing waits for ever, and an operator sees it (`queries.state`).
    """
    handed = Handed()
    head: list[events.RecordedEvent] = []
    try:
        with transaction.atomic():
            head = queries.head_of_owed(now=now, limit=limit) if _alone() else []
            idle = _idle(head, now)
            together, apart = _parted(head, idle)
            handed.effects = _handle_all(together, now, idle)
            _no_longer_owed(together)
    except Exception:  # the worker's loop: which one it was shows when each runs by itself
        if not head:  # the database is away
            raise
        logger.warning("a batch of events is handed on one by one", exc_info=True)
        together, apart = [], head
    handed.effects += _hand_on_apart(apart, now)
    handed.more = len(head) == limit
    return handed


_HANDS_ON = "hashtextextended('ledger.hand_on:' || current_schema(), 0)"


def _alone() -> bool:
    """Whether nobody else hands on until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_HANDS_ON})")
        return bool(cursor.fetchone()[0])


def _wait_to_be_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_HANDS_ON})")


Idle = Collection[tuple[int, str]]
"""Events and handlers that have nothing to do on them."""


def _idle(head: Iterable[events.RecordedEvent], now: datetime) -> Idle:
    """Ask the handlers that say on which events they have something to do, each once for all of them."""
    asked: dict[kinds.Only, list[tuple[events.RecordedEvent, str]]] = {}
    for happened in head:
        for handler in kinds.handlers_of(happened.kind):
            if handler.only is not None:
                asked.setdefault(handler.only, []).append((happened, handler.name))
    idle: set[tuple[int, str]] = set()
    for only, pairs in asked.items():
        wanted = set(only([happened for happened, _name in pairs], now=now))
        idle.update((happened.id, name) for happened, name in pairs if happened.id not in wanted)
    return idle


def _parted(
    head: Iterable[events.RecordedEvent], idle: Idle
) -> tuple[list[events.RecordedEvent], list[events.RecordedEvent]]:
    """Return what may be done in one transaction, and what comes after it, each event by itself."""
    together, apart, subjects = [], [], set()
    for happened in head:
        handlers = kinds.handlers_of(happened.kind)
        fits = all(handler.together or (happened.id, handler.name) in idle for handler in handlers)
        if fits and happened.subject_id not in subjects:
            together.append(happened)
        else:
            subjects.add(happened.subject_id)
            apart.append(happened)
    return together, apart


class _NotNow(Exception):  # noqa: N818 - says how it ended
    """Another worker hands on: it goes on from where everything stands now, not from the head we have read."""


def _hand_on_apart(head: Sequence[events.RecordedEvent], now: datetime) -> int:
    effects = 0
    waiting: set[UUID] = set()
    for happened in head:
        if happened.subject_id in waiting:
            continue
        try:
            effects += _hand_on_one(happened, now, waiting)
        except _NotNow:
            break
        except NotAllHandled as fault:
            waiting.add(happened.subject_id)
            _put_off(happened.id, fault, now)
    return effects


def _hand_on_one(happened: events.RecordedEvent, now: datetime, waiting: set[UUID]) -> int:
    """Hand on one event in one transaction; when that fails, each of its handlers in its own."""
    try:
        with transaction.atomic():
            if not _alone():
                raise _NotNow  # noqa: TRY301 - undoes the transaction
            owed = Owed.objects.select_for_update().filter(event_id=happened.id).first()
            if owed is None:
                return 0
            if owed.not_before is not None and owed.not_before > now:
                waiting.add(happened.subject_id)
                return 0
            effects = _handle_all([happened], now)
            _no_longer_owed([happened])
            return effects
    except _NotNow:
        raise
    except Exception:  # noqa: BLE001 - told by the try that follows
        return handle_event(happened.id, now=now)


def _put_off(event_id: int, fault: BaseException, now: datetime) -> None:
    """Try a failing event again later; an operator sees how often it failed, and with what."""
    with transaction.atomic():
        owed = Owed.objects.select_for_update().filter(event_id=event_id).first()
        if owed is None:
            return
        owed.not_before = now + min(FIRST_WAIT * 2 ** min(owed.tries, 20), LONGEST_WAIT)
        owed.tries, owed.fault = owed.tries + 1, type(fault.__cause__ or fault).__name__[:80]
        owed.save(update_fields=["not_before", "tries", "fault"])


def _handle_all(batch: Sequence[events.RecordedEvent], now: datetime, idle: Idle = ()) -> int:
    """Mark and handle a batch in the transaction of the caller; what is marked already has had its effect."""
    wanted = [(happened, handler) for happened in batch for handler in kinds.handlers_of(happened.kind)]
    marked = _mark_handled([(happened.id, handler.name) for happened, handler in wanted], now)
    _handle([pair for pair in wanted if (pair[0].id, pair[1].name) in marked.difference(idle)], now)
    return len(marked)


def _handle(due: Iterable[tuple[events.RecordedEvent, kinds.Handler]], now: datetime) -> None:
    """Call handlers that are marked, and at the end do at once what those who gather have returned."""
    gathered: dict[kinds.Gather, list[object]] = {}
    for _id, pairs in groupby(due, key=lambda pair: pair[0].id):
        event = None
        for happened, handler in pairs:
            event = event or happened.event
            wanted = handler.handle(event, recorded=happened, now=now)
            if handler.gather is not None:
                gathered.setdefault(handler.gather, []).append(wanted)
    for gather, all_wanted in gathered.items():
        gather(all_wanted, now=now)


def _mark_handled(pairs: Sequence[tuple[int, str]], now: datetime) -> set[tuple[int, str]]:
    """Return the pairs that are ours. Another worker that is at one makes us wait until it has ended, either way."""
    if not pairs:
        return set()
    event_ids, handlers = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_handled (event_id, handler, handled_at)
            SELECT event_id, handler, %s FROM unnest(%s::bigint[], %s::text[]) AS pair (event_id, handler)
            ON CONFLICT DO NOTHING RETURNING event_id, handler
            """,
            [now, list(event_ids), list(handlers)],
        )
        return set(cursor.fetchall())


def _no_longer_owed(batch: Iterable[events.RecordedEvent]) -> None:
    ids = [happened.id for happened in batch]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_owed WHERE event_id = ANY(%s)", [ids])


def handle_event(event_id: int, *, now: datetime) -> int:
    """Hand an event to each of its handlers that has not had it. Returns how many had it now.

    Each handler's effect and the mark that it is done are one transaction: exactly once in effect, whatever dies. A
    handler that fails does not keep the others from theirs; raises NotAllHandled after the last.
    """
    happened = queries.recorded(Event.objects.get(id=event_id))
    done, failed = 0, []
    for handler in kinds.handlers_of(happened.kind):
        try:
            done += _handle_once(handler, happened, now)
        except Exception as fault:  # the worker's loop: whatever it was, it is told and tried again
            logger.exception("handler=%s event=%s fault=%s", handler.name, event_id, type(fault).__name__)
            failed.append(fault)
    if failed:
        raise NotAllHandled(event_id) from failed[0]
    _no_longer_owed([happened])
    return done


def _handle_once(handler: kinds.Handler, happened: events.RecordedEvent, now: datetime) -> bool:
    with transaction.atomic():
        if not _mark_handled([(happened.id, handler.name)], now):
            return False
        _handle([(happened, handler)], now)
    return True


def handle_pending(*, now: datetime, limit: int = 200) -> int:
    """Hand on what is owed, oldest first. Returns how many events there were. A handler's exception goes through.

    Waits until no worker hands on: two that take overlapping heads would wait for each other in a circle.
    """
    with transaction.atomic():
        _wait_to_be_alone()
        head = queries.head_of_owed(now=now, limit=limit)
        _handle_all(head, now)
        _no_longer_owed(head)
    return len(head)


def drain(now: datetime) -> int:
    """Hand on all that is owed, what the handlers record in turn too: for tests and for loading a demo city."""
    total = 0
    while done := handle_pending(now=now):
        total += done
    return total
