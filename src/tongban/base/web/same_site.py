"""For what a stranger may post without a token: it must come from a page of this site."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from tongban.base.errors import Forbidden

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
OWN = frozenset({"same-origin", "none"})
"""What browsers say of a request that a page of this site, or the reader alone, has caused (Fetch Metadata)."""


def from_this_site(view: View[Arguments]) -> View[Arguments]:
    """Take what is posted without a token, but refuse what another site has sent.

    Only for settings of the reader that harm nobody: a token would give each public page a cookie of its own, and no
    such page could be kept for others. Browsers say who sent a form in `Sec-Fetch-Site`, older ones in `Origin`.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        own = site in OWN if site is not None else origin is None or urlsplit(origin).netloc == request.get_host()
        if not own:
            raise Forbidden
        return view(request, *args, **kwargs)

    return cast("View[Arguments]", guarded)
