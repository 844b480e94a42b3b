"""The state of a handling item 在用 暂停 取消, and how often it is applied for."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.catalogue.actions.publishing import require_manager
from tongban.catalogue.errors import WrongMove
from tongban.catalogue.events import HandlingItemCancelled, HandlingItemResumed, HandlingItemSuspended
from tongban.catalogue.models import HandlingItem
from tongban.ledger import actions as ledger

State = HandlingItem.State


def _locked(code: str) -> HandlingItem:
    try:
        return HandlingItem.objects.select_for_update().get(code=code)
    except HandlingItem.DoesNotExist as missing:
        raise NotFound from missing


@transaction.atomic
def suspend(*, actor: Actor, code: str, now: datetime) -> HandlingItem:
    """Let nobody begin to apply until it is resumed. Cases under way go on. Raises WrongMove, NotFound."""
    require_manager(actor)
    item = _locked(code)
    if item.state != State.IN_USE:
        raise WrongMove
    _move(item, State.SUSPENDED, now)
    ledger.record(HandlingItemSuspended(subject_id=item.id, code=item.code), actor=actor, now=now)
    return item


@transaction.atomic
def resume(*, actor: Actor, code: str, now: datetime) -> HandlingItem:
    """Put a suspended item in use again. Raises WrongMove, NotFound."""
    require_manager(actor)
    item = _locked(code)
    if item.state != State.SUSPENDED:
        raise WrongMove
    _move(item, State.IN_USE, now)
    ledger.record(HandlingItemResumed(subject_id=item.id, code=item.code), actor=actor, now=now)
    return item


@transaction.atomic
def cancel(*, actor: Actor, code: str, now: datetime) -> HandlingItem:
    """End it: it is no longer done here. Publishing it again puts it back in use. Raises WrongMove, NotFound."""
    require_manager(actor)
    item = _locked(code)
    if item.state == State.CANCELLED:
        raise WrongMove
    _move(item, State.CANCELLED, now)
    ledger.record(HandlingItemCancelled(subject_id=item.id, code=item.code), actor=actor, now=now)
    return item


def _move(item: HandlingItem, state: str, now: datetime) -> None:
    item.state = state
    item.changed_at = now
    item.save(update_fields=["state", "changed_at"])


_COUNT_ONE = "UPDATE catalogue_handlingitem SET times_applied = times_applied + %s WHERE id = %s"
_COUNT_SEVERAL = """
    WITH counted AS (
        SELECT id, times FROM unnest(%s::uuid[], %s::integer[]) AS one (id, times)
    ), locked AS (
        SELECT id FROM catalogue_handlingitem WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE NOWAIT
    )
    UPDATE catalogue_handlingitem AS item SET times_applied = item.times_applied + counted.times
    FROM counted JOIN locked ON locked.id = counted.id WHERE item.id = counted.id
"""


def count_applications(times: Mapping[str, int]) -> None:
    """Count more applications of items (by id), for the list of the most used.

    Officials lock rows of items too, an import many of them. Whoever counts several therefore waits for nobody: the
    database refuses (OperationalError), and each is to be counted in a transaction of its own. One alone waits.
    """
    ids, counts = list(times), list(times.values())
    with connection.cursor() as cursor:
        if len(ids) == 1:
            cursor.execute(_COUNT_ONE, [*counts, *ids])
        elif ids:
            cursor.execute(_COUNT_SEVERAL, [ids, counts, ids])
