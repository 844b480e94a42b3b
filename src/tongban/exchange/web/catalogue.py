"""Pages of the catalogue: search, and a resource with its items, classes and grants."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.base.clock import now
from tongban.base.text import clean_line
from tongban.base.web import actor_of, official_with
from tongban.exchange import queries
from tongban.exchange.models import Resource
from tongban.exchange.models.catalogue import OpeningClass, SharingClass
from tongban.exchange.providers import offers_for
from tongban.exchange.queries.entries import waiting_for_review
from tongban.organisations import queries as organisations

PAGE_SIZE = 25
LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class Searched:
    """What was asked of the catalogue, and what was found."""

    found: QuerySet[Resource]
    words: str
    sharing: str
    opening: str
    provider_id: UUID | None


def searched(request: HttpRequest) -> Searched:
    """Return what an address asks for: words, office, class of sharing or of opening."""
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    sharing, opening = (request.GET.get(name, "") for name in ("sharing", "opening"))
    sharing = sharing if sharing in SharingClass.values else ""
    opening = opening if opening in OpeningClass.values else ""
    provider_id = _provider(request.GET.get("provider", ""))
    found = queries.resources(words=words, sharing=sharing, opening=opening, provider_id=provider_id)
    return Searched(found, words, sharing, opening, provider_id)


def _provider(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@official_with("steward")
def listed(request: HttpRequest) -> HttpResponse:
    """Show the resources in force, found by words, office, class of sharing or of opening."""
    asked = searched(request)
    narrowed = {name: request.GET[name] for name in ("q", "sharing", "opening", "provider") if request.GET.get(name)}
    context = {
        "page": Paginator(asked.found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "asked": asked,
        "classes": SharingClass.choices,
        "openings": OpeningClass.choices,
        "providers": queries.providers(),
        "address": f"?{urlencode(narrowed)}" if narrowed else "",
        "waiting": waiting_for_review(actor_of(request)),
        "of_centre": queries.reviews(actor_of(request)),
        "conflicts": queries.conflicts(),
    }
    return render(request, "exchange/catalogue.html", context)


@official_with("steward")
def resource(request: HttpRequest, resource: str) -> HttpResponse:
    """Show a resource with its elements, its information items, and the grants that one has a part in."""
    found, actor = queries.resource_by_slug(resource), actor_of(request)
    context = {
        "resource": found,
        "may_keep": queries.stewards(actor, found.provider_id) or queries.reviews(actor),
        "version": found.in_force,
        "items": queries.items_of(found),
        "credit_code": organisations.credit_codes([found.provider_id]).get(found.provider_id, ""),
        "grants": queries.grants_of_resource(actor, found),
        "is_outside": queries.is_outside(found),
        "watch": queries.watch_of(found),
        "drop": queries.drop_in_force(found),
        "may_declare": queries.may_declare(actor, found),
        "now": now(),
        "offers": offers_for(actor, found),
    }
    return render(request, "exchange/resource.html", context)
