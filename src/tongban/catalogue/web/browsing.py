"""Going through matters by audience, theme, life event and department."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import in_chinese
from tongban.base.web import anybody
from tongban.catalogue import queries
from tongban.catalogue.queries import Department, Listed
from tongban.catalogue.web.addresses import listed_departments

PAGE = 30


@anybody
def persons(request: HttpRequest) -> HttpResponse:
    """Show matters for persons 个人办事: life events, themes, most used, all."""
    return _audience(request, "person", _("Matters for persons"))


@anybody
def enterprises(request: HttpRequest) -> HttpResponse:
    """Show matters for enterprises 法人办事."""
    return _audience(request, "enterprise", _("Matters for enterprises"))


def _audience(request: HttpRequest, audience: str, title: str) -> HttpResponse:
    groups = queries.themes(audience=audience)
    context = {
        "audience": audience,
        "title": title,
        "life_events": [group for group in groups if group.theme.kind == "life_event"],
        "themes": [group for group in groups if group.theme.kind == "theme"],
        "most_used": queries.most_used(audience=audience),
        **_page(request, queries.for_audience(audience)),
    }
    return render(request, "catalogue/audience.html", context)


@anybody
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show the matters of a theme or life event."""
    context = {"theme": queries.theme(code), **_page(request, queries.by_theme(code))}
    return render(request, "catalogue/theme.html", context)


@anybody
def departments(request: HttpRequest) -> HttpResponse:
    """Show who handles matters, with how many."""
    return render(request, "catalogue/departments.html", {"departments": listed_departments()})


@anybody
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the matters of an organisation, and how to reach it."""
    return _department(request, queries.department(slug=slug), queries.by_department(slug=slug))


@anybody
def named_department(request: HttpRequest, name: str) -> HttpResponse:
    """Show the matters of an authority that only a source names."""
    name = name.replace("\x00", "")
    return _department(request, queries.department(name=name), queries.by_department(name=name))


def _department(request: HttpRequest, found: Department, items: "QuerySet[queries.HandlingItem]") -> HttpResponse:
    title = found.name if in_chinese() or not found.name_en else found.name_en
    context = {"department": found, "title": title, **_page(request, items)}
    return render(request, "catalogue/department.html", context)


def _page(request: HttpRequest, items: "QuerySet[queries.HandlingItem]") -> dict[str, object]:
    """Return one page of rows: one query to count, one for the rows."""
    page: Page[queries.HandlingItem] = Paginator(items, PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    rows: list[Listed] = queries.rows(items[start : start + PAGE])
    return {"page": page, "rows": rows, "total": page.paginator.count}
