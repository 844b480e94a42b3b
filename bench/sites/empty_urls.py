"""Two views that do nothing, behind all that stands before one: what Django costs here, with a session and without."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def empty(_request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse("empty\n", content_type="text/plain")


def signed_in(request: HttpRequest) -> HttpResponse:
    """Answer once it is known who asks: session and account are read."""
    return HttpResponse(f"signed in {request.user.is_authenticated}\n", content_type="text/plain")


urlpatterns = [path("empty", empty), path("signed-in", signed_in)]
handler400 = "tongban.site.views.bad_request"
handler403 = "tongban.site.views.forbidden"
handler404 = "tongban.site.views.not_found"
handler500 = "tongban.site.views.fault"
