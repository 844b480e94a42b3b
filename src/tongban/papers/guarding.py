"""Who may see a paper may see its PDF among the files."""

from uuid import UUID

from tongban.base.actor import Actor
from tongban.files import kinds as files
from tongban.papers import kinds
from tongban.papers.models import Paper


def may_see_file(actor: Actor, file_id: UUID) -> bool:
    """Whether the file is the PDF of a paper that the actor may see."""
    paper_id = Paper.objects.filter(file_id=file_id).values_list("id", flat=True).first()
    return paper_id is not None and any(guard(actor, paper_id) for guard in kinds.guards.values())


files.guards.register("papers", may_see_file)
