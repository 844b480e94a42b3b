"""The catalogue as officials read it, and the grants that they have a part in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import either
from tongban.exchange.models import Grant, Resource, ResourceItem
from tongban.exchange.queries.rights import STEWARD, reviews, stewards
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation


def resources(
    *, words: str = "", provider_id: UUID | None = None, sharing: str = "", opening: str = ""
) -> QuerySet[Resource]:
    """Return the resources in force found by words, by office and name.

    Words are looked for in the name, code and summary of a resource, in the name of its office, and in the names,
    codes and data of its items.
    """
    found = Resource.objects.filter(in_force__isnull=False)
    if words:
        named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words) | Q(slug=words)
        named |= Q(provider__name__icontains=words) | Q(provider__name_en__icontains=words)
        said = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code=words) | Q(datum=words)
        items = ResourceItem.objects.filter(said, in_force=True)
        inside = Q(in_force__summary__icontains=words) | Q(in_force__in=items.values("version"))
        found = found.filter(named | inside)
    if provider_id is not None:
        found = found.filter(provider_id=provider_id)
    if sharing:
        of_class = ResourceItem.objects.filter(sharing_class=sharing, in_force=True)
        found = found.filter(in_force__in=of_class.values("version"))
    if opening:
        opened = ResourceItem.objects.filter(opening_class=opening, in_force=True)
        found = found.filter(in_force__in=opened.values("version"))
    return found.select_related("provider", "in_force").order_by("provider__name", "name", "id")


def providers() -> list["Organisation"]:
    """Return the offices that have something in the catalogue, by name."""
    offering = Resource.objects.filter(in_force__isnull=False).values("provider")
    return list(organisations.organisations().filter(id__in=offering))


def resource_by_slug(slug: str) -> Resource:
    """Return a resource in force; raises NotFound."""
    found = Resource.objects.filter(slug=slug, in_force__isnull=False).select_related("provider", "in_force").first()
    if found is None:
        raise NotFound
    return found


def items_of(resource: Resource) -> list[ResourceItem]:
    """Return the information items in force, in their order."""
    return list(ResourceItem.objects.filter(version_id=resource.in_force_id).order_by("position"))


def item_names(resource_ids: Collection[UUID]) -> dict[tuple[UUID, str], tuple[str, str]]:
    """Return Chinese and English name of each information item in force of these resources, by resource and code."""
    items = ResourceItem.objects.filter(version__resource_id__in=resource_ids, in_force=True)
    rows = items.values_list("version__resource_id", "code", "name", "name_en")
    return {(resource_id, code): (name, english) for resource_id, code, name, english in rows}


def grants_standing(purpose: str, *, now: datetime) -> list[Grant]:
    """Return the grants for a purpose that may be used now, the oldest first."""
    found = Grant.objects.filter(purpose=purpose, state=Grant.State.ACTIVE, valid_from__lte=now, valid_until__gt=now)
    return list(found.order_by("granted_at", "id"))


def standing_words(kind: str) -> str:
    """Return a standing reference in words; "" for what is none."""
    return str(dict(Grant.Standing.choices).get(kind, "")) if kind else ""


def conflicts() -> list[str]:
    """Return data that several resources in force hold and for which nobody leads: one source is to be named."""
    held = ResourceItem.objects.filter(in_force=True).exclude(datum="").values("datum")
    offices = Count("version__resource__provider", distinct=True)
    found = held.annotate(offices=offices, led=Count("id", filter=Q(is_lead=True)))
    return [row["datum"] for row in found.filter(offices__gt=1, led=0).order_by("datum")]


SOON = timedelta(days=30)
"""Before a grant ends its office is told, so that it can ask for the next one in time."""
DAYS_SHOWN = 30


def grants(actor: Actor, *, words: str = "") -> QuerySet[Grant]:
    """Return the grants in which an office has a part whose data the actor keeps: given or held; all, for reviewers."""
    found = Grant.objects.select_related("resource__provider", "consumer").order_by("-granted_at", "-id")
    if words:
        of_resource = Q(resource__name__icontains=words) | Q(resource__name_en__icontains=words)
        of_consumer = Q(consumer__name__icontains=words) | Q(consumer_system__icontains=words)
        found = found.filter(of_resource | of_consumer | Q(purpose_words__icontains=words) | Q(purpose=words))
    if reviews(actor):
        return found
    own = stewarded(actor)
    return found.filter(Q(resource__provider_id__in=own) | Q(consumer_id__in=own))


def grants_to_use(actor: Actor, resource_id: UUID, now: datetime) -> list[Grant]:
    """Return the grants by which the actor's offices may ask for a resource now, those without a case first."""
    found = Grant.objects.filter(
        resource_id=resource_id,
        consumer_id__in=actor.organisation_ids,
        state=Grant.State.ACTIVE,
        valid_from__lte=now,
        valid_until__gt=now,
    )
    return list(found.select_related("consumer").order_by("-standing", "granted_at", "id"))


def expiring(found: QuerySet[Grant], now: datetime) -> QuerySet[Grant]:
    """Return those of some grants that end within a month, the soonest first."""
    live = found.exclude(state=Grant.State.WITHDRAWN)
    return live.filter(valid_until__gt=now, valid_until__lte=now + SOON).order_by("valid_until", "id")


def expired(found: QuerySet[Grant], now: datetime) -> QuerySet[Grant]:
    """Return those of some grants whose time is over, the last ones first."""
    return found.filter(valid_until__lte=now).order_by("-valid_until", "id")


def stewarded(actor: Actor) -> Collection[UUID]:
    """Return the offices whose data the actor keeps."""
    return {post.organisation_id for post in actor.posts if STEWARD in post.roles}


def grants_of_resource(actor: Actor, resource: Resource) -> list[Grant]:
    """Return what of `grants` is about a resource."""
    return list(grants(actor).filter(resource=resource)[:200])


def grant_for(actor: Actor, grant_id: UUID) -> Grant:
    """Return a grant in which the actor's office has a part; raises NotFound."""
    found = grants(actor).filter(id=grant_id).first()
    if found is None:
        raise NotFound
    return found


def may_change_grant(actor: Actor, grant: Grant) -> bool:
    """Whether the actor may suspend, resume and withdraw a grant."""
    return stewards(actor, grant.resource.provider_id) or reviews(actor)


def uses_of(grant: Grant) -> list[tuple[str, date | None, int]]:
    """Return each field of a grant with the last day of its use and how often it was used, None and 0 where never."""
    rows = grant.uses.values("field").annotate(last=Max("day"), total=Sum("times"))
    known = {row["field"]: (row["last"], row["total"]) for row in rows}
    return [(code, *known.get(code, (None, 0))) for code in grant.fields]


def days_of(grant: Grant) -> list[tuple[date, int]]:
    """Return the last days on which a grant was used, with the number of look-ups, the newest first."""
    return list(grant.days.order_by("-day").values_list("day", "look_ups")[:DAYS_SHOWN])


def names_of_items(resource: Resource) -> dict[str, str]:
    """Return the names of the information items in force, by code."""
    return {item.code: either(item.name, item.name_en) for item in items_of(resource)}
