"""Every view declares who may call it. A view without a declaration fails a test of the house."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tongban.base.actor import NOBODY, Actor
from tongban.base.errors import Forbidden

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware found in the session."""
    return getattr(request, "actor", NOBODY)


Keep = Callable[[HttpRequest], str]
"""Keeps what was posted without a session and returns the address to go on at after signing in (see `keeping`)."""


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
        actor = actor_of(request)
        if may(actor):
            return view(request, *args, **kwargs)
        if actor.is_nobody:
            target = request.get_full_path() if request.method in {"GET", "HEAD"} else keep(request)
            return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': target})}")
        raise Forbidden

    guarded.access = access  # type: ignore[attr-defined]  # read by the house test
    return cast("View[Arguments]", guarded)


def anybody(view: View[Arguments]) -> View[Arguments]:
    """Open to the world."""
    return _declare(view, "anybody", lambda _actor: True)


def signed_in(view: View[Arguments]) -> View[Arguments]:
    """For whoever has signed in, resident or official."""
    return _declare(view, "signed_in", lambda actor: not actor.is_nobody)


def resident(view: View[Arguments]) -> View[Arguments]:
    """For residents."""
    return _declare(view, "resident", lambda actor: actor.is_resident)


def official(view: View[Arguments]) -> View[Arguments]:
    """For officials who hold at least one post."""
    return _declare(view, "official", lambda actor: actor.is_official and bool(actor.posts))


def official_with(role: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """For officials one of whose posts carries the role."""

    def declare(view: View[Arguments]) -> View[Arguments]:
        return _declare(view, f"official:{role}", lambda actor: actor.is_official and actor.has_role(role))

    return declare
