"""The page that is shown while the database is away: it asks nobody who is there, and offers what was typed again."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from tongban.base.errors import DatabaseAway
from tongban.base.web.again import posted


def page_without_database(request: HttpRequest, refusal: DatabaseAway) -> HttpResponse:
    """Return the page. Made without the request's context: that would look up session, account and messages."""
    is_posted = request.method == "POST"
    context = {
        "refusal": refusal,
        "address": request.get_full_path(),
        "is_posted": is_posted,
        "posted": posted(request) if is_posted else [],
        "has_files": is_posted and bool(request.FILES),
        "csrf_token": get_token(request) if is_posted else "",
        "city": settings.TONGBAN_CITY,
        "demo": settings.TONGBAN_DEMO,
        "large_type": request.COOKIES.get(settings.TONGBAN_TYPE_COOKIE) == "large",
        "request_id": getattr(request, "request_id", ""),
    }
    return HttpResponse(render_to_string("base/away.html", context), status=refusal.status)
