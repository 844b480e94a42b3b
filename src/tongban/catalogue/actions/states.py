"""The state of a handling item 在用 暂停 取消, and how often it is applied for."""

from datetime import datetime
from uuid import UUID

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


def count_application(*, handling_item_id: UUID | str) -> None:
    """Count one more application, for the list of the most used."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_handlingitem SET times_applied = times_applied + 1 WHERE id = %s", [handling_item_id]
        )
