"""The register of papers 文号登记簿 of an office: by year and series, numbers without gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases.models import Case, CasePaper
from tongban.cases.rules.corrections import READERS
from tongban.papers import queries as papers
from tongban.papers.queries import Series

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Register:
    """What the page shows: the series of an office, and a page of the one chosen."""

    organisation_id: UUID
    offices: Sequence[tuple[UUID, str]]
    all_series: list[Series]
    chosen: Series | None
    page: Page[Any]
    cases: dict[UUID, Case]


def offices_of(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the offices whose register the actor reads."""
    posts = [post for post in actor.posts if set(READERS) & post.roles]
    return list({post.organisation_id: (post.organisation_id, post.organisation_name) for post in posts}.values())


def register(actor: Actor, *, office: str = "", year: str = "", series: str = "", page: int | str = 1) -> Register:
    """Return the register of an office of the actor; raises NotFound."""
    offices = offices_of(actor)
    organisation_id = next((found for found, _name in offices if not office or str(found) == office), None)
    if organisation_id is None:
        raise NotFound
    all_series = papers.series_of(organisation_id)
    chosen = next((one for one in all_series if (str(one.year), one.series) == (year, series)), None)
    chosen = chosen or (all_series[0] if all_series else None)
    rows = papers.numbered(organisation_id, chosen)
    shown = Paginator(rows, PAGE_SIZE).get_page(page)
    cases = Case.objects.in_bulk([paper.subject_id for paper in shown])
    return Register(organisation_id, offices, all_series, chosen, shown, cases)


def case_paper_for(actor: Actor, paper_id: UUID) -> CasePaper:
    """Return a paper of an office of the actor, with its case; raises NotFound."""
    found = CasePaper.objects.select_related("paper", "case").filter(paper_id=paper_id).first()
    if found is None or found.paper.organisation_id not in {office for office, _name in offices_of(actor)}:
        raise NotFound
    return found
