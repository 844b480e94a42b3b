"""Every view declares who may call it. A view without a declaration fails a test of the house."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, get_urlconf, resolve, reverse

from tongban.base.actor import NOBODY, Actor
from tongban.base.errors import Forbidden

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def may_open(actor: Actor, address: str) -> bool:
    """Whether the view at an address declares itself open to an actor; of a page that is not there, no."""
    return declared_at(address, get_urlconf())(actor)


@lru_cache(maxsize=256)
def declared_at(address: str, urlconf: str | None) -> Callable[[Actor], bool]:
    """Return who may open an address. Finding its view takes 80 µs, and each page has a navigation of a dozen."""
    try:
        view = resolve(address, urlconf).func
    except Resolver404:
        return lambda _actor: False
    may: Callable[[Actor], bool] = getattr(view, "may", lambda _actor: True)
    return may


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks, found in the session by what the middleware hung on the request: once, when first asked.

    No lazy object stands in between: each look at one costs more than what is looked at, and a page looks often.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        find: Callable[[HttpRequest], Actor] = getattr(request, "find_actor", _nobody)
        actor = request.actor = find(request)  # type: ignore[attr-defined]  # kept for the next who asks
    return actor


def _nobody(_request: HttpRequest) -> Actor:
    return NOBODY


Keep = Callable[[HttpRequest], str]
"""Keeps what was posted without a session and returns the address to go on at after signing in (see `keeping`)."""


def _whoever(_actor: Actor) -> bool:
    return True


def _referring_page(request: HttpRequest) -> str:
    """Return the page that what was posted came from, by its path alone: it lies on this host, or it is none."""
    page = urlsplit(str(request.META.get("HTTP_REFERER", "")))
    if page.netloc != request.get_host():
        return "/"
    return f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"


def _declare(view: View[Arguments], access: str, may: Callable[[Actor], bool]) -> View[Arguments]:
    keep: Keep = getattr(view, "keep", _referring_page)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if may is _whoever or may(actor_of(request)):  # where it does not matter, nobody looks who it is
            return view(request, *args, **kwargs)
        if actor_of(request).is_nobody:
            target = request.get_full_path() if request.method in {"GET", "HEAD"} else keep(request)
            return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': target})}")
        raise Forbidden

    guarded.access = access  # type: ignore[attr-defined]  # read by the house test
    guarded.may = may  # type: ignore[attr-defined]  # read by `may_open`
    return cast("View[Arguments]", guarded)


def anybody(view: View[Arguments]) -> View[Arguments]:
    """Open to the world."""
    return _declare(view, "anybody", _whoever)


def signed_in(view: View[Arguments]) -> View[Arguments]:
    """For whoever has signed in, resident or official."""
    return _declare(view, "signed_in", lambda actor: not actor.is_nobody)


def resident(view: View[Arguments]) -> View[Arguments]:
    """For residents."""
    return _declare(view, "resident", lambda actor: actor.is_resident)


def official(view: View[Arguments]) -> View[Arguments]:
    """For officials who hold at least one post."""
    return _declare(view, "official", lambda actor: actor.is_official and bool(actor.posts))


def official_with(*roles: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """For officials one of whose posts carries one of the roles."""

    def declare(view: View[Arguments]) -> View[Arguments]:
        access = f"official:{'+'.join(roles)}"
        return _declare(view, access, lambda actor: actor.is_official and any(map(actor.has_role, roles)))

    return declare
