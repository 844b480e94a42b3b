"""The page of a matter: its guide 办事指南."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.base.web import anybody
from tongban.base.web.kept_pages import kept_for_strangers
from tongban.catalogue import queries
from tongban.catalogue.web.guide_page import guide_page, to_come_page


@anybody
@kept_for_strangers(queries.guide_revision)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide: at a glance, questions first where answers change what is needed, then what applies.

    `?print` shows the same for paper. Nothing of the reader's goes into what is shown but the answers in the address,
    so that this page can be kept for whoever is not signed in.
    """
    published = queries.published(code)
    if not published.guide.has_guide:
        return render(request, "catalogue/to_come.html", to_come_page(published))
    template = "catalogue/print.html" if "print" in request.GET else "catalogue/item.html"
    return render(request, template, guide_page(published, request.GET))
