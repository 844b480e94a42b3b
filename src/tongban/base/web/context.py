"""What every page may use: the city, the actor, the reader's settings."""

from django.conf import settings
from django.http import HttpRequest

from tongban.base.web.access import actor_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every page: `city`, `actor`, `demo`, `large_type`, `request_id`."""
    return {
        "city": settings.TONGBAN_CITY,
        "actor": actor_of(request),
        "demo": settings.TONGBAN_DEMO,
        "large_type": request.COOKIES.get(settings.TONGBAN_TYPE_COOKIE) == "large",
        "request_id": getattr(request, "request_id", ""),
    }
