"""Settings of the reader that need no account: the size of type. Language is Django's own `set_language`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tongban.base.web import anybody
from tongban.base.web.going_on import own_path
from tongban.base.web.same_site import from_this_site

A_YEAR = 365 * 24 * 60 * 60


@anybody
@from_this_site
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """Remember large or normal type in a cookie, and go back to the page."""
    answer = HttpResponseRedirect(_back(request))
    if request.POST.get("type") == "large":
        answer.set_cookie(
            settings.TONGBAN_TYPE_COOKIE, "large", max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
    else:
        answer.delete_cookie(settings.TONGBAN_TYPE_COOKIE, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> str:
    """Return where to go back to: only addresses of this site."""
    return own_path(request, request.POST.get("next", "")) or "/"
