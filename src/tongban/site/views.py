"""Answers that belong to no room: health, and what is shown when no room can answer."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, NotFound, Refusal, TooLarge
from tongban.base.web import anybody
from tongban.base.web.middleware import refusal_response


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
    return HttpResponse("ok\n", content_type="text/plain")


@anybody
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


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
    """Show that something broke, with the request's id to tell the operator."""
    return refusal_response(request, Fault())
