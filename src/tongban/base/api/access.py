"""Every operation declares who may call it: `router.get("/drafts", auth=RESIDENT)`. One without fails a test."""

from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, SignInNeeded
from tongban.base.web.access import actor_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class TokenNeeded(Forbidden):
    """A session came without its token: another site may have sent this (cross-site request forgery)."""

    code = "csrf_token_needed"

    def __init__(self) -> None:
        """Say to the machine where the token is."""
        super().__init__(detail="Send the csrf_token of GET /api/v1/session in the header X-CSRFToken.")


class Guard:
    """Who may call an operation. Asked before anything that was sent is read."""

    def __init__(self, access: str, may: Callable[[Actor], bool]) -> None:
        """Keep the word of the declaration and its rule."""
        self.access = access
        self.may = may

    def __call__(self, request: HttpRequest) -> bool:
        """Let the actor pass; raises SignInNeeded, Forbidden, TokenNeeded."""
        actor = actor_of(request)
        if not self.may(actor):
            raise SignInNeeded if actor.is_nobody else Forbidden
        if not actor.is_nobody and request.method not in SAFE and check_csrf(request) is not None:
            raise TokenNeeded
        return True


class Session(Guard):
    """A guard that wants a session: cookie `sessionid`, and `X-CSRFToken` for whatever changes something."""

    openapi_security_schema: ClassVar[dict[str, str]] = {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "Cookie of POST /session. Whatever changes something also needs its csrf_token in X-CSRFToken.",
    }


ANYBODY = Guard("anybody", lambda _actor: True)
SIGNED_IN = Session("signed_in", lambda actor: not actor.is_nobody)
RESIDENT = Session("resident", lambda actor: actor.is_resident)
OFFICIAL = Session("official", lambda actor: actor.is_official and bool(actor.posts))
