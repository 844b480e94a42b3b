"""Operations: find matters, read a guide. Open to the world."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field, StringConstraints

from tongban.base.api import ANYBODY, Asked, Line, Paging
from tongban.catalogue import queries
from tongban.catalogue.api.shapes import (
    AppliedTold,
    Departments,
    DepartmentTold,
    ItemGuide,
    ItemRow,
    ItemsFound,
    LimitTold,
    Themes,
    ThemeTold,
)
from tongban.catalogue.queries import Department, Filters, Group, Listed, Published

router = Router(tags=["Items"])
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,120}$")]
ThemeCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")]
MOST_ANSWERS = 100
SITUATION: dict[str, Any] = {
    "parameters": [
        {
            "in": "query",
            "name": "situation",
            "required": False,
            "style": "form",
            "explode": True,
            "description": "Answers to the guide's questions, each as a parameter of its own: ?premises=rented. "
            "Answers that the guide does not offer are left out.",
            "schema": {"type": "object"},
        }
    ]
}


class ItemSearch(Paging):
    """What narrows a search."""

    q: Line = Field(default="", description="Words, pinyin or initials; empty: everything, the most used first.")
    audience: Literal["", "person", "enterprise"] = Field(default="", description="For whom.")
    theme: ThemeCode = Field(default="", description="Code of a theme or life event.")
    department: Line = Field(default="", description="Code of a department, or its name where it has no code.")
    applicable: bool = Field(default=False, description="Only what can be applied for here.")


class ThemeSearch(Asked):
    """What narrows the list of themes."""

    audience: Literal["", "person", "enterprise"] = Field(default="", description="Only those for whom.")


@router.get("/items", response=ItemsFound, auth=ANYBODY, operation_id="find_items", summary="Find matters")
def find_items(request: HttpRequest, search: Query[ItemSearch]) -> ItemsFound:
    """Return the matters that fit, best first; without words everything, the most used first."""
    filters = Filters(
        audience=search.audience, department=search.department, theme=search.theme, applicable=search.applicable
    )
    start = (search.page - 1) * search.page_size
    found = queries.search(search.q, filters, limit=search.page_size, start=start)
    return ItemsFound(
        results=[item_row(hit.row) for hit in found.hits],
        total=found.total,
        page=search.page,
        page_size=search.page_size,
        near=found.near,
        did_you_mean=found.did_you_mean,
    )


def item_row(row: Listed) -> ItemRow:
    """Return a row of a list."""
    return ItemRow(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        state=row.state,
        applicable=row.applicable,
        has_guide=row.has_guide,
        audiences=list(row.audiences),
        office=row.office,
        office_code=row.office_slug,
        summary=row.summary,
        summary_en=row.summary_en,
        limit=LimitTold(value=row.limit.value, unit=row.limit.unit, is_promise=row.limit_is_promise),
        visits=row.visits,
        charges=row.charges,
        online=row.online,
    )


@router.get(
    "/items/{code}",
    response=ItemGuide,
    auth=ANYBODY,
    operation_id="read_item",
    summary="Read a guide",
    openapi_extra=SITUATION,
)
def read_item(
    request: HttpRequest,
    code: Path[Code],
    applicant: Annotated[
        Literal["person", "enterprise"] | None, Query(description="Who applies; default: the first whom it is for.")
    ] = None,
) -> ItemGuide:
    """Return a guide, and what of it applies to the answers given as further parameters."""
    published = queries.published(code)
    answers = {key: request.GET[key] for key in list(request.GET)[:MOST_ANSWERS] if key != "applicant"}
    return _guide(published, _applied(published, answers, applicant))


def _applied(published: Published, answers: Mapping[str, object], applicant: str | None) -> AppliedTold:
    guide = published.guide
    chosen = applicant if applicant in guide.audiences else next(iter(guide.audiences), "person")
    situation = queries.clean_situation(guide, answers)
    applied = queries.applied(guide, situation=situation, applicant_kind=chosen)
    return AppliedTold(
        complete=applied.complete,
        applicant="enterprise" if chosen == "enterprise" else "person",
        situation=situation,
        open_questions=list(queries.open_questions(guide, situation, chosen)),
        materials=list(applied.materials),
        steps=list(applied.steps),
        fees=list(applied.fees),
    )


def _guide(published: Published, applied: AppliedTold) -> ItemGuide:
    item = published.item
    organisation = item.service_item.organisation
    return ItemGuide(
        code=item.code,
        name=item.name,
        name_en=item.name_en,
        state=item.state,
        applicable=item.applicable and item.state == "in_use",
        office=organisation.name if organisation else item.service_item.authority_name,
        office_code=organisation.slug if organisation else "",
        catalogue_code=item.service_item.catalogue_item.code,
        version=published.version.version,
        published_at=published.version.published_at,
        guide=published.guide,
        applied=applied,
    )


@router.get("/themes", response=Themes, auth=ANYBODY, operation_id="list_themes", summary="List themes")
def list_themes(request: HttpRequest, search: Query[ThemeSearch]) -> Themes:
    """Return the themes and life events that hold matters."""
    return Themes(results=[_theme(group) for group in queries.themes(audience=search.audience or None)])


def _theme(group: Group) -> ThemeTold:
    theme = group.theme
    return ThemeTold(
        code=theme.code,
        kind=theme.kind,
        audience=theme.audience,
        name=theme.name,
        name_en=theme.name_en,
        count=group.count,
    )


@router.get(
    "/departments", response=Departments, auth=ANYBODY, operation_id="list_departments", summary="List departments"
)
def list_departments(request: HttpRequest) -> Departments:
    """Return the departments that handle matters, those with the most first."""
    return Departments(results=[_department(one) for one in queries.departments()])


def _department(one: Department) -> DepartmentTold:
    return DepartmentTold(
        code=one.slug,
        name=one.name,
        name_en=one.name_en,
        count=one.count,
        phone=one.phone,
        address=one.address,
        opening_hours=one.opening_hours,
    )
