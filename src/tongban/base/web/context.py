"""What every page may use: the city, the actor, the reader's settings."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tongban.base.web.access import actor_of
from tongban.base.web.tokens import token_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every page: `city`, `actor`, `demo`, `large_type`, `request_id`, `csrf_token`."""
    return {
        "city": settings.TONGBAN_CITY,
        "actor": actor_of(request),
        "demo": settings.TONGBAN_DEMO,
        "large_type": request.COOKIES.get(settings.TONGBAN_TYPE_COOKIE) == "large",
        "request_id": getattr(request, "request_id", ""),
        "csrf_token": SimpleLazyObject(lambda: token_of(request)),
    }
