"""All public addresses: the portal's own, and those of every room that has pages."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from tongban.base.web import anybody
from tongban.base.web.same_site import from_this_site
from tongban.base.web.style_guide import style_guide

ROOMS = (
    "cases", "catalogue", "applications", "accounts", "files", "papers", "notifications", "organisations", "calendar",
    "coordination", "sharing", "exchange", "registers", "insight", "ledger",
)  # fmt: skip
"""Those most asked for first: Django tries the addresses one after the other."""


def _addresses_of(room: str) -> str:
    """Return the module of a room's addresses, empty while the room has no pages."""
    for module in (f"tongban.{room}.web.urls", f"tongban.{room}.urls"):
        if find_spec(module) is not None:
            return module
    return ""


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tongban.portal.web.urls")),
    path("language", anybody(from_this_site(set_language)), name="set_language"),
    *(path("", include(module)) for room in ROOMS if (module := _addresses_of(room))),
]
if settings.TONGBAN_DEMO:
    urlpatterns.append(path("style-guide", anybody(style_guide), name="style-guide"))
