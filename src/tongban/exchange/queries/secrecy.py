"""What everybody may know of look-ups under secrecy: how many there were in a quarter, how many are overdue.

Only quarters that are over are told, and only in total: who watched a number grow could else guess whom it is about.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import ExtractQuarter, ExtractYear

from tongban.base.actor import Actor
from tongban.base.clock import OFFICE_ZONE
from tongban.base.errors import NotFound
from tongban.exchange.models import LookUp, Opening, SecrecyExtension
from tongban.exchange.queries.rights import stewards

GRACE = timedelta(hours=1)
"""The clock opens every ten minutes: what is not opened an hour after its date is overdue."""


@dataclass(frozen=True, slots=True)
class QuarterTotal:
    """How many look-ups of a quarter were under secrecy when they were made."""

    year: int
    quarter: int
    look_ups: int


@dataclass(frozen=True, slots=True)
class SecrecyTotals:
    """What is published of secrecy."""

    quarters: tuple[QuarterTotal, ...]
    extended: int
    """How many are secret beyond the date first said, by an order."""
    overdue: int
    """How many are past their date without an order, and not opened."""


def secrecy_totals(now: datetime) -> SecrecyTotals:
    """Return what everybody may know."""
    return SecrecyTotals(tuple(_quarters(now)), _extended(now).count(), due_for_opening(now - GRACE).count())


def _quarters(now: datetime) -> list[QuarterTotal]:
    local = now.astimezone(OFFICE_ZONE)
    first = local.replace(month=local.month - (local.month - 1) % 3, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = (
        LookUp.objects.filter(secret_until__isnull=False, at__lt=first)
        .annotate(year=ExtractYear("at", tzinfo=OFFICE_ZONE), quarter=ExtractQuarter("at", tzinfo=OFFICE_ZONE))
        .values("year", "quarter")
        .annotate(look_ups=Count("id"))
        .order_by("-year", "-quarter")
    )
    return [QuarterTotal(row["year"], row["quarter"], row["look_ups"]) for row in rows]


def _longer(now: datetime) -> Exists:
    return Exists(SecrecyExtension.objects.filter(look_up_id=OuterRef("pk"), until__gt=now))


def _extended(now: datetime) -> QuerySet[LookUp]:
    return LookUp.objects.filter(_longer(now), secret_until__lte=now)


def due_for_opening(now: datetime) -> QuerySet[LookUp]:
    """Return the look-ups whose secrecy is over by an instant and which have not joined their chains."""
    opened = Exists(Opening.objects.filter(look_up_id=OuterRef("pk")))
    return LookUp.objects.filter(~opened, ~_longer(now), secret_until__lte=now).order_by("secret_until", "id")


def secret_until(look_up: LookUp) -> datetime | None:
    """Return until when a look-up is secret by its last order; None for one that never was."""
    if look_up.secret_until is None:
        return None
    last = look_up.extensions.order_by("-until").values_list("until", flat=True).first()
    return max(last, look_up.secret_until) if last else look_up.secret_until


def secret_look_up_for(actor: Actor, look_up_id: UUID, now: datetime) -> LookUp:
    """Return a look-up that is secret now, to data stewards of the office that asked; raises NotFound.

    Nobody lists them: who extends the secrecy of one knows its number from the order.
    """
    found = LookUp.objects.select_related("consumer", "resource").filter(id=look_up_id, secret_until__isnull=False)
    look_up = found.exclude(id__in=Opening.objects.filter(look_up_id=look_up_id).values("look_up_id")).first()
    until = secret_until(look_up) if look_up else None
    if look_up is None or look_up.consumer_id is None or until is None or until <= now:
        raise NotFound
    if not stewards(actor, look_up.consumer_id):
        raise NotFound
    return look_up
