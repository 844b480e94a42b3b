"""Search: results with filters, and suggestions while typing."""

import threading
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from tongban.base.web import anybody
from tongban.base.web.kept_pages import PAGES_FOUND, kept_for_strangers
from tongban.catalogue import queries
from tongban.catalogue.queries import Filters
from tongban.catalogue.queries.searching import LONGEST_QUERY, PAGE
from tongban.catalogue.rules import THEMES
from tongban.catalogue.web.addresses import listed_departments
from tongban.catalogue.web.filters import audience_choices, department_options

FEW_DEPARTMENTS = 12
LONGEST_NUMBER = 9
"""Digits: longer numbers of a page are nobody's."""

threading.Thread(target=queries.warm_up, name="words", daemon=True).start()
"""The dictionary loads while the process starts, so that the first who searches does not wait for it."""


@anybody
@kept_for_strangers(queries.catalogue_revision, asked=PAGES_FOUND)
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits the words and filters, best first; nothing of the reader's but what the address says."""
    words = request.GET.get("q", "")[:LONGEST_QUERY]
    filters = _filters(request)
    number = _page_number(request)
    found = queries.search(words, filters, start=(number - 1) * PAGE)
    context: dict[str, Any] = {
        "words": found.words,
        "found": found,
        "filters": filters,
        "chosen": sum(map(bool, (filters.audience, filters.department, filters.applicable))),
        "audiences": audience_choices(found, filters),
        "departments": department_options(found, filters),
        "page": Paginator(range(min(found.total, queries.MOST_HITS)), PAGE).get_page(number),
        "most": queries.MOST_HITS,
        "rows": [hit.row for hit in found.hits],
        "all_departments": [] if found.total else listed_departments()[:FEW_DEPARTMENTS],
        "theme": queries.theme(filters.theme) if filters.theme else None,
    }
    return render(request, "catalogue/search.html", context)


def _filters(request: HttpRequest) -> Filters:
    audience = request.GET.get("for", "")
    theme = request.GET.get("theme", "")
    return Filters(
        audience=audience if audience in {"person", "enterprise"} else "",
        department=request.GET.get("department", "")[:200].replace("\x00", ""),
        theme=theme if theme in THEMES else "",
        applicable=request.GET.get("applicable") == "yes",
    )


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    readable = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
    return max(1, min(int(number), queries.MOST_PAGES)) if readable else 1


@anybody
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer what is typed with a few lines: `{"suggestions": [{"text", "url", "hint"}]}`."""
    lines = [
        {
            "text": one.words,
            "url": reverse("catalogue:item", args=[one.code]) if one.code else "",
            "hint": one.note,
        }
        for one in queries.suggest(request.GET.get("q", ""))
    ]
    response = JsonResponse({"suggestions": lines})
    response["Cache-Control"] = "private, max-age=60"  # names are in the language of a cookie
    return response
