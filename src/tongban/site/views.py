"""Answers that belong to no room: health, and what is shown when no room can answer."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from psycopg_pool import PoolTimeout

from tongban.base.clock import now
from tongban.base.errors import Conflict, Forbidden, NotFound, Refusal, TooLarge
from tongban.base.web import anybody
from tongban.base.web.middleware import away_response, refusal_response
from tongban.site import watching

PLAIN = "text/plain; charset=utf-8"


class Fault(Refusal):
    """Something broke that is ours to mend."""

    status = 500
    code = "fault"
    message = _("Something went wrong on our side. What you sent before is kept. Please try again in a few minutes.")


class PageTooOld(Conflict):
    """The page was open too long, or cookies are refused: the form's token is no longer good."""

    status = 403
    code = "page_too_old"
    message = _("This page was open for too long. Please go back, load it again and send it once more.")


@anybody
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@anybody
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers and has the tables of this release.

    What is wrong besides is said too, but is no reason to send nobody here: pages work without a worker.
    """
    try:
        if watching.missing_migrations():
            return _told("the database lacks migrations of this release\n", status=503)
        warned = "".join(f"warning: {sentence}\n" for sentence in watching.warnings(now()))
    except (Error, PoolTimeout):
        return _told("the database does not answer\n", status=503)
    return _told(f"ready\n{warned}")


@anybody
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus, who shows the token of TONGBAN_METRICS_TOKEN; to everybody else there is nothing here.

    Not "from this machine only": behind a proxy, everybody comes from this machine.
    """
    token: str = settings.TONGBAN_METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(shown, token):
        raise NotFound
    return HttpResponse(watching.as_text(now()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _told(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type=PLAIN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show what could not be read: what is too large is noticed before any view is asked."""
    too_large = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    return refusal_response(request, TooLarge() if too_large else Refusal())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show what may not be done."""
    return refusal_response(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that there is nothing at this address."""
    return refusal_response(request, NotFound())


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that the form has to be loaded again."""
    return refusal_response(request, PageTooOld())


def fault(request: HttpRequest) -> HttpResponse:
    """Show that something broke, with the request's id to tell the operator; or that the database is away.

    Here comes what no view has raised: middleware, and the pages of other refusals, ask the database too.
    """
    return away_response(request, sys.exception()) or refusal_response(request, Fault())
