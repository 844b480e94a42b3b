"""The register of papers 文号登记簿 of an office: by year and series, numbers without gaps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from tongban.base.actor import Actor
from tongban.base.compiled import together
from tongban.base.errors import NotFound
from tongban.cases.models import (
    Case,
    CasePaper,
    ClockExtension,
    ClockInterval,
    Decision,
    FeeDemand,
    NonAcceptance,
    SupplementRequest,
    Suspension,
    Withdrawal,
)
from tongban.cases.providers import SUPERVISION
from tongban.cases.rules.corrections import CARRYING, READERS
from tongban.papers import queries as papers
from tongban.papers.queries import Series

if TYPE_CHECKING:
    from tongban.papers.models import Paper

PAGE_SIZE = 50
NAMES_A_PAPER = (
    Decision, FeeDemand, NonAcceptance, SupplementRequest, Suspension, ClockInterval, ClockExtension, Withdrawal,
)  # fmt: skip
"""What of a case names the paper of its turn; after a correction it names the corrected one."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A paper in the register with the number of its case, "" where none is known."""

    paper: "Paper"
    case_number: str
    is_of_case: bool
    """Whether the case itself issued it: such papers are corrected here, those of supervision are not."""


@dataclass(frozen=True, slots=True)
class Register:
    """What the page shows: the series of an office, and a page of the one chosen."""

    organisation_id: UUID
    offices: Sequence[tuple[UUID, str]]
    all_series: list[Series]
    chosen: Series | None
    page: Page[Any]
    rows: Sequence[Registered]


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
    return Register(organisation_id, offices, all_series, chosen, shown, _registered(list(shown)))


def _registered(papers: Collection["Paper"]) -> list[Registered]:
    about = {paper.subject_id for paper in papers}
    own = dict(Case.objects.filter(id__in=about).values_list("id", "number"))
    others = sorted(about - own.keys())
    asked = [one.case_numbers(others) for one in SUPERVISION.values()] if others else []
    numbers = own | {subject_id: number for rows in together(*asked) for subject_id, number in rows}
    return [Registered(paper, numbers.get(paper.subject_id, ""), paper.subject_id in own) for paper in papers]


def case_paper_for(actor: Actor, paper_id: UUID) -> CasePaper:
    """Return a paper of an office of the actor, with its case; raises NotFound."""
    found = CasePaper.objects.select_related("paper", "case").filter(paper_id=paper_id).first()
    if found is None or found.paper.organisation_id not in {office for office, _name in offices_of(actor)}:
        raise NotFound
    return found


def may_be_voided_alone(case: Case, paper: "Paper") -> bool:
    """Whether nothing of a case rests on a paper, so that it may be voided without another in its place.

    A demand whose fee was waived or is not due rests on nothing; what carries the state of the case may go only when
    another of its kind is in force, as when it was issued twice.
    """
    if case.archived_at is not None:
        return False
    if paper.kind in CARRYING:
        others = CasePaper.objects.filter(case=case, paper__kind=paper.kind, paper__voided_at=None)
        if not others.exclude(paper=paper).exists():
            return False
    settled = (FeeDemand.State.WAIVED, FeeDemand.State.NOT_DUE)
    if FeeDemand.objects.filter(paper=paper).exclude(state__in=settled).exists():
        return False
    resting = [model for model in NAMES_A_PAPER if model is not FeeDemand]
    return not any(model._default_manager.filter(paper=paper).exists() for model in resting)  # noqa: SLF001 - Django's
