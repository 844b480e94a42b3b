"""The page of the log of look-ups. Whoever opens it is in the ledger."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.base.clock import now
from tongban.base.web import actor_of, official_with
from tongban.exchange import actions, queries

PAGE_SIZE = 50
OUTCOMES = ("refused", "answered")


@official_with("steward")
def listed(request: HttpRequest) -> HttpResponse:
    """Show the look-ups of one's office's data and those that it made, the newest first."""
    outcome = request.GET.get("outcome", "")
    filters = queries.LogFilters(
        resource_id=_id(request.GET.get("resource", "")),
        grant_id=_id(request.GET.get("grant", "")),
        outcome=outcome if outcome in OUTCOMES else "",
    )
    found = actions.read_log(actor=actor_of(request), filters=filters, now=now())
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "filters": filters,
        "resources": queries.resources(),
    }
    return render(request, "exchange/log.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
