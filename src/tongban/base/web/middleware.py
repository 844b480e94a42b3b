"""Request id, security headers, and the one place where a refusal becomes a page or problem+json."""

import logging
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongban.base import measures
from tongban.base.errors import DatabaseAway, Forbidden, NotFound, Refusal, SignInNeeded, TooLarge, TooMany
from tongban.base.ids import new_code
from tongban.base.logging import request_id
from tongban.base.postgres import away
from tongban.base.web.again import posted
from tongban.base.web.away import page_without_database

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("tongban.request")
PROBES = frozenset({"healthz", "readyz", "metrics"})

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self' blob:",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "manifest-src 'self'",
    )
)


class RequestIdMiddleware:
    """Gives each request an id that a resident can read out on the telephone and an operator can find."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make the id, pass on, and put it in the answer's header."""
        request.request_id = new_code()  # type: ignore[attr-defined]
        token = request_id.set(request.request_id)  # type: ignore[attr-defined]
        began = time.monotonic()
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        _tell_answer(request, response, seconds=time.monotonic() - began)
        request_id.reset(token)
        return response


def _tell_answer(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """Log what was answered. The route is named, not the address: addresses hold case numbers and search words."""
    route = request.resolver_match.view_name if request.resolver_match else "-"
    pairs = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000),
    }
    if route not in PROBES:
        measures.count_request(route=route, method=request.method or "", status=response.status_code, seconds=seconds)
    logger.log(logging.DEBUG if route in PROBES else logging.INFO, "answered", extra={"pairs": pairs})


class SecurityHeadersMiddleware:
    """Strict content security policy (no inline script or style) and no caching of personal pages."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the headers that no view has set itself."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("X-Frame-Options", "SAMEORIGIN")  # for browsers that do not know frame-ancestors
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.setdefault("Cache-Control", "no-store" if _is_personal(request, response) else "no-cache")
        return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer may hold what is nobody else's business: somebody is, or was just, signed in, or typed it."""
    session = settings.SESSION_COOKIE_NAME
    return session in request.COOKIES or session in response.cookies or request.method not in {"GET", "HEAD"}


class HttpsNeeded(Forbidden):
    """A machine asked in the clear: led on without a word, it would go on sending passwords for everybody to read."""

    code = "https_needed"
    message = _("Please call this address over HTTPS.")


class RefusalMiddleware:
    """Turns a refusal into a page or problem+json."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; refusals come back through `process_exception`.

        No address and no cell of a database holds a NUL: there is nothing where an address has one.
        """
        if "\x00" in request.path:
            return refusal_response(request, NotFound())
        if settings.SECURE_SSL_REDIRECT and request.path.startswith("/api/") and not request.is_secure():
            return refusal_response(request, HttpsNeeded())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal, or for a database that is away; any other fault goes on to Django's handler."""
        if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
            exception = TooLarge()
        if isinstance(exception, Refusal):
            return refusal_response(request, exception)
        return away_response(request, exception)


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller prefers JSON (the API, or a script of a page)."""
    return request.path.startswith("/api/") or "json" in request.headers.get("Accept", "")


def problem(request: HttpRequest, refusal: Refusal) -> dict[str, object]:
    """Return the refusal as a problem document (RFC 9457)."""
    document: dict[str, object] = {
        "type": f"urn:tongban:problem:{refusal.code}",
        "title": str(refusal.words),
        "status": refusal.status,
        "code": refusal.code,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
    }
    fields = getattr(refusal, "fields", None)
    if fields is not None:
        document["fields"] = fields
    return document | {key: str(value) for key, value in refusal.details.items()}


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Render a refusal for whoever asked."""
    logger.info("refused code=%s status=%s", refusal.code, refusal.status)
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            problem(request, refusal), status=refusal.status, content_type="application/problem+json"
        )
    elif isinstance(refusal, DatabaseAway):
        response = page_without_database(request, refusal)
    elif isinstance(refusal, SignInNeeded):
        target = request.get_full_path() if request.method == "GET" else request.path
        return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': target})}")
    elif isinstance(refusal, TooMany) and request.method == "POST":
        context = {"refusal": refusal, "posted": posted(request), "has_files": bool(request.FILES)}
        response = render(request, "base/too_many.html", context, status=refusal.status)
    else:
        response = render(request, "base/error.html", {"refusal": refusal}, status=refusal.status)
    if "retry_after" in refusal.details:
        response["Retry-After"] = str(refusal.details["retry_after"])
    return response


def away_response(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    """Answer for a database that is away, without asking it anything; None when the fault is another one.

    What was changed in the session is not kept: what it belongs to was not done.
    """
    code = "" if fault is None else away.away(fault)
    if not code:
        return None
    away.let_go()
    if hasattr(request, "session"):
        request.session.modified = False
    logger.warning("the database is away", extra={"pairs": {"code": code}})
    response = refusal_response(request, DatabaseAway())
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - by us, in one line without traceback
    return response
