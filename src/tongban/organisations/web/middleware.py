"""Turns the session into an actor, once for each request and only when somebody asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tongban.base import clock
from tongban.base.actor import NOBODY, Actor
from tongban.organisations import queries

Handler = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Sets `request.actor`. Costs nothing for strangers, at most two queries (beside the session's) for others."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hang the actor on the request and pass on."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return NOBODY
    return queries.actor_for_account(request.user.id, clock.now())
