"""Turns the session into an actor, once for each request and only when somebody asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tongban.accounts.providers import found_with
from tongban.base import clock
from tongban.base.actor import NOBODY, Actor
from tongban.organisations import queries

Handler = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Says how the actor is found. Costs nothing for strangers, and for others nothing beside their session."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hang the finding on the request and pass on."""
        request.find_actor = _actor  # type: ignore[attr-defined]  # for `base.web.actor_of`
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    if request.session.session_key is None or not request.user.is_authenticated:
        return NOBODY
    held = found_with(request.session, request.user.pk, queries.POSTS_OF_OWNER)
    return queries.actor_of_account(request.user, clock.now(), held)
