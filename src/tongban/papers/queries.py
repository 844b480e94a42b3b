"""How to find papers, and who may see them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.papers import kinds
from tongban.papers.drawing.faces import faces
from tongban.papers.errors import NothingLeft
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper


def paper(paper_id: UUID) -> Paper:
    """Return a paper to the system itself; raises NotFound."""
    found = Paper.objects.filter(pk=paper_id).first()
    if found is None:
        raise NotFound
    return found


def paper_for(actor: Actor, paper_id: UUID) -> Paper:
    """Return a paper if a room's guard lets the actor see it; raises NotFound."""
    found = paper(paper_id)
    if not any(guard(actor, found.id) for guard in kinds.guards.values()):
        raise NotFound
    return found


def papers_of(subject_id: UUID) -> list[Paper]:
    """Return the papers about a subject (a case) in the order of their issue. The caller knows who may see them."""
    return list(Paper.objects.filter(subject_id=subject_id).order_by("issued_at", "id"))


def papers(paper_ids: Iterable[UUID]) -> dict[UUID, Paper]:
    """Return papers by id, in one query."""
    return Paper.objects.in_bulk(list(paper_ids))


def content_of(paper: Paper) -> PaperContent:
    """Return what a paper says; raises NothingLeft."""
    if paper.content is None:
        raise NothingLeft
    return PaperContent.model_validate(paper.content)


def not_drawn(limit: int, *, issued_after: datetime) -> list[UUID]:
    """Return the ids of papers issued lately that have no PDF yet, the oldest first."""
    waiting = Paper.objects.filter(file=None, erased_at=None, issued_at__gt=issued_after).order_by("issued_at")
    return list(waiting.values_list("id", flat=True)[:limit])


def count_of_unprintable() -> int:
    """Return how many papers carry a character for which no typeface here has a glyph; for `tongban check`."""
    return Paper.objects.exclude(unprintable="").count()


def read_typefaces() -> None:
    """Read the typefaces that papers are drawn with and checked against, once for the process and all it forks."""
    faces()
