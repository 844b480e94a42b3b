"""Where a page may lead on to: what a request says of it is believed only if it is a path of this site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, wanted: str) -> str:
    """Return the path if it is one of this site, else "": another host, another scheme, or no path at all."""
    path = wanted.removeprefix(f"{request.scheme}://{request.get_host()}")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
