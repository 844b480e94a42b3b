"""Going through matters without words: by theme, by life event, by department, by use."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from tongban.base.errors import NotFound
from tongban.catalogue.models import HandlingItem, Theme
from tongban.catalogue.queries.listing import Listed, listed, visible
from tongban.catalogue.rules import THEMES, ThemeShape

ORDER = ("-applicable", "-has_guide", "-times_applied", "name", "id")
"""What can be applied for first, then what is used most."""


@dataclass(frozen=True, slots=True)
class Group:
    """A theme or life event, and how many matters it holds."""

    theme: ThemeShape
    count: int


@dataclass(frozen=True, slots=True)
class Department:
    """Who handles matters: an organisation known here (`slug`), else a name that a source states."""

    name: str
    name_en: str
    slug: str
    count: int
    phone: str = ""
    address: str = ""
    opening_hours: str = ""


def themes(*, audience: str | None = None, kind: str | None = None, with_empty: bool = False) -> list[Group]:
    """Return themes in their order with the number of matters; those without any only if asked for."""
    counted = dict(
        Theme.objects.annotate(
            number=Count(
                "handling_items",
                filter=~Q(handling_items__state=HandlingItem.State.CANCELLED)
                & Q(handling_items__current__isnull=False),
            )
        ).values_list("code", "number")
    )
    groups = [Group(shape, counted.get(shape.code, 0)) for shape in THEMES.values()]
    return [
        group
        for group in groups
        if (audience is None or group.theme.audience == audience)
        and (kind is None or group.theme.kind == kind)
        and (with_empty or group.count)
    ]


def theme(code: str) -> ThemeShape:
    """Return a theme of the list; raises NotFound."""
    if code not in THEMES:
        raise NotFound
    return THEMES[code]


def by_theme(code: str) -> QuerySet[HandlingItem]:
    """Return the matters of a theme; give a slice of it to `rows`."""
    return visible().filter(themes__code=code).order_by(*ORDER)


def for_audience(audience: str) -> QuerySet[HandlingItem]:
    """Return the matters for persons or enterprises."""
    return visible().filter(audiences__contains=[audience]).order_by(*ORDER)


def by_department(*, slug: str = "", name: str = "") -> QuerySet[HandlingItem]:
    """Return the matters of an organisation, or of an authority that only a source names."""
    if slug:
        return visible().filter(service_item__organisation__slug=slug).order_by(*ORDER)
    return visible().filter(service_item__organisation__isnull=True, service_item__authority_name=name).order_by(*ORDER)


def departments() -> list[Department]:
    """Return who handles matters: organisations first, then names that sources state; by number of matters."""
    rows = (
        visible()
        .values(
            slug=F("service_item__organisation__slug"),
            office=F("service_item__organisation__name"),
            office_en=F("service_item__organisation__name_en"),
            phone=F("service_item__organisation__phone"),
            address=F("service_item__organisation__address"),
            hours=F("service_item__organisation__opening_hours"),
        )
        .annotate(number=Count("id"))
        .filter(slug__isnull=False)
        .order_by("-number", "office")
    )
    known = [
        Department(
            name=row["office"],
            name_en=row["office_en"] or "",
            slug=row["slug"],
            count=row["number"],
            phone=row["phone"] or "",
            address=row["address"] or "",
            opening_hours=row["hours"] or "",
        )
        for row in rows
    ]
    stated = (
        visible()
        .filter(service_item__organisation__isnull=True)
        .exclude(service_item__authority_name="")
        .values(stated=F("service_item__authority_name"))
        .annotate(number=Count("id"))
        .order_by("-number", "stated")
    )
    return known + [Department(name=row["stated"], name_en="", slug="", count=row["number"]) for row in stated]


def department(*, slug: str = "", name: str = "") -> Department:
    """Return one department that handles matters; raises NotFound."""
    for one in departments():
        if (slug and one.slug == slug) or (name and not one.slug and one.name == name):
            return one
    raise NotFound


def most_used(*, limit: int = 8, audience: str | None = None) -> list[Listed]:
    """Return what is applied for most, among what can be applied for."""
    items = visible().filter(applicable=True, state=HandlingItem.State.IN_USE)
    if audience is not None:
        items = items.filter(audiences__contains=[audience])
    return listed(items.order_by("-times_applied", "name", "id")[:limit])
