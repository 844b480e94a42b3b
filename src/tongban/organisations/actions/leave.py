"""Officials on leave, and who stands in for them."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Forbidden, Invalid, NotFound, Words
from tongban.ledger.actions import record
from tongban.organisations import queries
from tongban.organisations.errors import DeputyAway, LeaveOverlaps
from tongban.organisations.events import LeaveCancelled, LeaveTaken
from tongban.organisations.models import Leave, PostHolding

LONGEST_DAYS = 366


@transaction.atomic
def take_leave(*, actor: Actor, deputy_id: UUID, first_day: date, last_day: date, now: datetime) -> Leave:
    """Note that the actor is away; a colleague acts by their posts meanwhile.

    Days are the office's dates, both included. Raises Invalid, LeaveOverlaps, DeputyAway, Forbidden.
    """
    if actor.official_id is None:
        raise Forbidden
    _check_days(first_day, last_day, office_date(now))
    if deputy_id not in {colleague.id for colleague in queries.colleagues(actor)}:
        raise Invalid({"deputy": [_("Please choose a colleague of your office.")]})
    _lock((actor.official_id, deputy_id))
    days = {"first_day__lte": last_day, "last_day__gte": first_day, "cancelled_at__isnull": True}
    if Leave.objects.filter(official_id=actor.official_id, **days).exists():
        raise LeaveOverlaps
    if Leave.objects.filter(official_id=deputy_id, **days).exists():
        raise DeputyAway({"deputy": [_("This colleague is away too on some of these days. Please choose another.")]})
    leave = Leave.objects.create(
        official_id=actor.official_id, deputy_id=deputy_id, first_day=first_day, last_day=last_day, created_at=now
    )
    record(
        LeaveTaken(
            subject_id=actor.official_id, leave_id=leave.id, deputy_id=deputy_id, first_day=first_day, last_day=last_day
        ),
        actor=actor,
        now=now,
    )
    return leave


def _check_days(first_day: date, last_day: date, today: date) -> None:
    wrong: dict[str, list[Words]] = {}
    if first_day < today:
        wrong["first_day"] = [_("Leave can be noted from today on.")]
    if last_day < first_day:
        wrong["last_day"] = [_("The last day is before the first day.")]
    elif (last_day - first_day).days >= LONGEST_DAYS:
        wrong["last_day"] = [_("Leave can be noted for a year at most.")]
    if wrong:
        raise Invalid(wrong)


def _lock(official_ids: tuple[UUID, UUID]) -> None:
    """Let changes of the leave of these officials wait for each other, always in the same order."""
    list(
        PostHolding.objects.select_for_update(of=("self",))
        .filter(official_id__in=official_ids)
        .order_by("id")
        .values_list("id", flat=True)
    )


@transaction.atomic
def cancel_leave(*, actor: Actor, leave_id: UUID, now: datetime) -> None:
    """Cancel one's own leave, or come back early: the deputy acts no more from now on. Raises NotFound."""
    if actor.official_id is None:
        raise NotFound
    leave = (
        Leave.objects.select_for_update()
        .filter(id=leave_id, official_id=actor.official_id, cancelled_at__isnull=True, last_day__gte=office_date(now))
        .first()
    )
    if leave is None:
        raise NotFound
    leave.cancelled_at = now
    leave.save(update_fields=["cancelled_at"])
    record(LeaveCancelled(subject_id=leave.official_id, leave_id=leave.id), actor=actor, now=now)
