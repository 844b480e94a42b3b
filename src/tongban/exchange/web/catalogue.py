"""Pages of the catalogue: search, and a resource with its items, classes and grants."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.base.clock import now
from tongban.base.text import clean_line
from tongban.base.web import actor_of, official_with
from tongban.exchange import queries
from tongban.exchange.models.catalogue import SharingClass
from tongban.exchange.providers import offers_for

PAGE_SIZE = 25
LONGEST_SEARCH = 60


@official_with("steward")
def listed(request: HttpRequest) -> HttpResponse:
    """Show the resources in force, found by words, office or class of sharing."""
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    sharing = request.GET.get("sharing", "")
    sharing = sharing if sharing in SharingClass.values else ""
    provider_id = _provider(request.GET.get("provider", ""))
    found = queries.resources(words=words, sharing=sharing, provider_id=provider_id)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "words": words,
        "sharing": sharing,
        "classes": SharingClass.choices,
        "conflicts": queries.conflicts(),
    }
    return render(request, "exchange/catalogue.html", context)


def _provider(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@official_with("steward")
def resource(request: HttpRequest, resource: str) -> HttpResponse:
    """Show a resource with its elements, its information items, and the grants that one has a part in."""
    found = queries.resource_by_slug(resource)
    context = {
        "resource": found,
        "version": found.in_force,
        "items": queries.items_of(found),
        "grants": queries.grants_of_resource(actor_of(request), found),
        "is_outside": queries.is_outside(found),
        "watch": queries.watch_of(found),
        "drop": queries.drop_in_force(found),
        "may_declare": queries.may_declare(actor_of(request), found),
        "now": now(),
        "offers": offers_for(actor_of(request), found),
    }
    return render(request, "exchange/resource.html", context)
