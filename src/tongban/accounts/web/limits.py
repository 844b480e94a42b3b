"""Limits how often requests come, for each account and each network address, before anything is done for them."""

import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongban.accounts.actions.counting import Bound, count_tries
from tongban.accounts.web.answers import place_of
from tongban.base import clock
from tongban.base.errors import TooMany
from tongban.base.limits import Allowance, Buckets, Limit
from tongban.base.web import actor_of
from tongban.base.web.middleware import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]
buckets = Buckets()
"""Of this process."""


class LimitMiddleware:
    """Answers 429 to what comes too often; the table of limits is `site.limits`.

    Stands after the check of the CSRF token, so that another site cannot use up somebody's share.
    """

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Count the request and refuse it when there were too many."""
        allowances: dict[str, Allowance] = settings.TONGBAN_ALLOWANCES
        name = allowance_name(request)
        if name not in allowances:
            return None
        try:
            _spend(request, name, allowances[name])
        except TooMany as refusal:
            return refusal_response(request, refusal)
        return None


def allowance_name(request: HttpRequest) -> str:
    """Return the name of the allowance of a request, "" for what is never limited."""
    match = request.resolver_match
    if match is None or match.view_name in settings.TONGBAN_UNLIMITED:
        return ""
    is_api = match.route.startswith("api/")
    method = "GET" if request.method == "HEAD" else str(request.method)
    named: str | None = settings.TONGBAN_LIMITED.get((method, match.route if is_api else match.view_name))
    if named is not None:
        return named
    return "api" if is_api else "page" if method in {"GET", "OPTIONS"} else "write"


def _spend(request: HttpRequest, name: str, allowance: Allowance) -> None:
    counts: list[tuple[str, str, Limit]] = []
    if allowance.place is not None:
        counts.append((f"{name}.place", place_of(request), allowance.place))
    if allowance.account is not None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        account_id = actor_of(request).account_id
        if account_id is not None:
            counts.append((f"{name}.account", str(account_id), allowance.account))
    if allowance.counted == "everywhere":
        bounds = [(Bound(f"limit.{what}", limit.most, limit.seconds), who) for what, who, limit in counts]
        if bounds:
            count_tries(*bounds, now=clock.now())
        return
    for what, who, limit in counts:
        _take_here(what, who, limit)


def _take_here(what: str, who: str, limit: Limit) -> None:
    wait = buckets.take((what, who), limit)
    if wait:
        raise TooMany(math.ceil(wait))
