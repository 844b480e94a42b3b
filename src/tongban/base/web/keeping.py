"""Keeps what somebody typed whose session had expired, and offers it again on the same page once they have signed in.

A view is declared `@keeping` below its `@resident`, `@official`, … and fills its form from
`request.POST or kept(request)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

from tongban.base.clock import now
from tongban.base.registry import Registry
from tongban.base.web.access import actor_of
from tongban.base.web.again import is_secret

HELD = "held"
"""Name of the token in the address."""
LEFT_BY = "base.left_by"
"""Session key: the account whose session has ended in this browser, by itself or by signing out in another tab."""
SHOWN = "base.held_shown"
"""Session key: token by path of what was offered again and is not sent yet."""
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "revision", "next"})
UNPROCESSABLE = 422
REDIRECTS = range(300, 400)

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
Values = Mapping[str, object]


class Hold(Protocol):
    """Keeps values; returns the token they are found by, or None when there is too much."""

    def __call__(self, *, path: str, values: Values, writer: UUID, now: datetime) -> UUID | None:
        """`writer` is the account whose session has ended."""


class Find(Protocol):
    """Returns what was kept for a page, or None when it is not there, or not for this reader."""

    def __call__(self, *, token: UUID, path: str, reader: UUID | None, now: datetime) -> Values | None:
        """`reader` is the account that has signed in."""


class Release(Protocol):
    """Forgets what was kept."""

    def __call__(self, *, token: UUID, path: str) -> None:
        """It was sent with success."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """The room that has a table for what was typed."""

    hold: Hold
    find: Find
    release: Release


KEEPERS: Registry[Keeper] = Registry("keeper of what was typed")
"""The room that has a table for it registers here, once."""


def keeping(view: View[Arguments]) -> View[Arguments]:
    """Keep what is posted here without a session. What was sent with success after that is forgotten."""

    @wraps(view)
    def kept_view(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if request.method == "POST" and answer.status_code in REDIRECTS:
            _release(request)
        elif request.method != "POST" and answer.status_code == UNPROCESSABLE:
            answer.status_code = 200  # the errors of what was kept are shown; this request itself is in order
        return answer

    kept_view.keep = keep_typed  # type: ignore[attr-defined]  # read by `access`
    return cast("View[Arguments]", kept_view)


def typed_values(post: QueryDict) -> dict[str, str | list[str]]:
    """Return what was typed: a list where a name was sent several times. Passwords are never among it."""
    return {
        key: (post.getlist(key) if len(post.getlist(key)) > 1 else str(post.get(key, "")))
        for key in post
        if key not in NEVER_KEPT and not is_secret(key)
    }


def keep_typed(request: HttpRequest) -> str:
    """Keep what was posted after the session had expired; return where to go on after signing in."""
    values = typed_values(request.POST)
    token = _held(request, values) if values else None
    query = request.GET.copy()
    if "next" in request.POST:
        query["next"] = request.POST["next"]  # judged where it is used
    if token:
        query[HELD] = str(token)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _held(request: HttpRequest, values: Values) -> UUID | None:
    writer = _writer(request)
    return KEEPERS[HELD].hold(path=request.path, values=values, writer=writer, now=now()) if writer else None


def kept(request: HttpRequest) -> QueryDict | None:
    """Return what was kept for this page when the session had expired, as it was posted, and say that it is there."""
    token = _token(request.GET.get(HELD, ""))
    if token is None or request.method == "POST":
        return None
    values = KEEPERS[HELD].find(token=token, path=request.path, reader=actor_of(request).account_id, now=now())
    if values is None:
        return None
    request.session[SHOWN] = {**request.session.get(SHOWN, {}), request.path: str(token)}
    messages.info(request, _("Welcome back. What you typed is still here. Please check and send it."))
    typed = QueryDict(mutable=True)
    for key, value in values.items():
        typed.setlist(key, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return typed


def _token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _release(request: HttpRequest) -> None:
    shown = dict(request.session.get(SHOWN, {}))
    token = _token(shown.pop(request.path, ""))
    if token:
        KEEPERS[HELD].release(token=token, path=request.path)
        request.session[SHOWN] = shown


def _writer(request: HttpRequest) -> UUID | None:
    """Return who is signed in, else whose session has ended; None where that is not known, and then nothing is kept.

    At a window one colleague may sign in where another one was. Whoever ended the session has noted its account in
    the one after it; else the row of the session itself may still be there.
    """
    present = actor_of(request).account_id
    if present is not None:
        return present
    left_by = request.session.get(LEFT_BY)
    if left_by is None:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]
        expired = Session.objects.filter(session_key=key).first()
        told = expired.get_decoded() if expired else {}
        left_by = told.get(SESSION_KEY, told.get(LEFT_BY, ""))
    return _token(str(left_by))


def note_left_by(request: HttpRequest, account_id: str) -> None:
    """Note in the new, empty session whose session has just ended here, for what is still to be posted."""
    request.session[LEFT_BY] = account_id
