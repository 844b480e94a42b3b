"""What of grants is not used, and which of them end soon."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.clock import OFFICE_ZONE
from tongban.exchange.models import Grant, GrantUse, ResourceItem


def ending(*, after: datetime, until: datetime) -> QuerySet[Grant]:
    """Return the active grants of offices that end in a stretch of time, the next to end first."""
    found = Grant.objects.filter(state=Grant.State.ACTIVE, consumer__isnull=False, valid_until__gt=after)
    return found.filter(valid_until__lte=until).select_related("resource__provider", "consumer").order_by("valid_until")


def unused_fields(*, since: date, now: datetime, apart: Iterable[object] = ()) -> list[tuple[Grant, list[str]]]:
    """Return active grants with those fields that nobody has used since a day, the grants being older than that.

    A grant that allows look-ups under secrecy is left out: those are not counted, so nobody can say what it needs.
    """
    begin = datetime(since.year, since.month, since.day, tzinfo=OFFICE_ZONE)
    standing = Grant.objects.filter(
        state=Grant.State.ACTIVE, may_be_secret=False, granted_at__lt=begin, valid_from__lt=begin, valid_until__gt=now
    )
    grants = list(standing.exclude(id__in=list(apart)).select_related("resource__provider").order_by("id"))
    used = GrantUse.objects.filter(grant__in=grants, day__gte=since).values_list("grant_id", "field").distinct()
    known = set(used)
    found = ((grant, [code for code in grant.fields if (grant.id, code) not in known]) for grant in grants)
    return [(grant, idle) for grant, idle in found if idle]


def length_of(grant: Grant) -> timedelta:
    """Return for how long a grant was given."""
    return grant.valid_until - grant.valid_from


def grant_by_id(grant_id: UUID) -> Grant:
    """Return a grant to the system itself, for handlers."""
    return Grant.objects.select_related("resource", "consumer").get(id=grant_id)


def items_by_resource(resource_ids: Collection[UUID]) -> dict[tuple[UUID, str], ResourceItem]:
    """Return the items of resources by (resource, code), as the newest version that has them says."""
    items = ResourceItem.objects.filter(version__resource_id__in=list(resource_ids)).select_related("version")
    return {(item.version.resource_id, item.code): item for item in items.order_by("version__number")}
