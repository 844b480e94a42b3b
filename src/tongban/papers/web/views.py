"""The one page of this room: a paper as PDF."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tongban.base.clock import now
from tongban.base.web import actor_of, signed_in
from tongban.files import queries as files
from tongban.papers import actions, queries

POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""The PDF is our own; no sandbox, within which browsers refuse to show PDFs."""


@require_safe
@xframe_options_sameorigin
@signed_in
def show(request: HttpRequest, paper_id: UUID) -> FileResponse:
    """Show a paper, or send it for keeping with `?download`; it is drawn on first demand."""
    paper = queries.paper_for(actor_of(request), paper_id)
    stored = actions.draw(paper.id, now())
    response = FileResponse(
        files.open_file(stored),
        as_attachment="download" in request.GET,
        filename=f"{paper.number}.pdf",
        content_type="application/pdf",
    )
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response
