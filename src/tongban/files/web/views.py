"""The one page of this room: a file itself."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tongban.base.web import actor_of, signed_in
from tongban.files import queries
from tongban.files.rules import SHOWN

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
"""For pictures and downloads: whatever the bytes are, nothing in them runs."""


@require_safe
@xframe_options_sameorigin
@signed_in
def show(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Show a file, or send it for keeping with `?download` or where browsers cannot show it."""
    stored = queries.file_for(actor_of(request), file_id)
    shown = stored.media_type in SHOWN and "download" not in request.GET
    response = FileResponse(
        queries.open_file(stored), as_attachment=not shown, filename=stored.name, content_type=stored.media_type
    )
    response["Content-Length"] = stored.size
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
