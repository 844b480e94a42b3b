"""How a session begins, how long it lives, and what it must be asked again for.

It ends after `TONGBAN_SESSION_IDLE` without a request and after `TONGBAN_SESSION_LONGEST` in any case, shorter than
NIST SP 800-63B asks for; what was typed then is kept and comes back after signing in.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tongban.accounts import queries, rules
from tongban.accounts.models import Account
from tongban.accounts.sessions import DEVICE, SEEN, SINCE, SessionStore
from tongban.base import clock
from tongban.base.web import actor_of
from tongban.base.web.access import Keep
from tongban.base.web.keeping import LEFT_BY, note_left_by

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
BACKEND = "django.contrib.auth.backends.ModelBackend"
ASKED = "accounts.asked"
"""Session key: when they last gave their password."""
WRITTEN_EVERY = timedelta(minutes=5)
"""Being here is written down so often, not at each request."""
FRESH = timedelta(minutes=15)


def open_session(request: HttpRequest, account: Account) -> None:
    """Open the session under a new key, so that none can be foisted on somebody."""
    login(request, account, backend=BACKEND)
    now = clock.now()
    request.session.pop(LEFT_BY, None)
    request.session.update(dict.fromkeys((SINCE, SEEN, ASKED), now.isoformat()))
    request.session[DEVICE] = rules.device(request.headers.get("User-Agent", ""))


def leave(request: HttpRequest) -> None:
    """End the session at its owner's word. What they still post from another tab is theirs, and for nobody else."""
    account_id = actor_of(request).account_id
    logout(request)
    if account_id is not None:
        note_left_by(request, str(account_id))


def password_was_given(request: HttpRequest) -> None:
    """Note that whoever sits here has shown again that the account is theirs; the session goes on under a new key."""
    request.session.cycle_key()
    request.session[ASKED] = clock.now().isoformat()


def stay(request: HttpRequest) -> None:
    """Let this session go on after all of its account were ended."""
    account = queries.account_of(actor_of(request))
    update_session_auth_hash(request, account)


def still_lives(request: HttpRequest) -> bool:
    """Whether the session is neither too old nor left alone for too long; one that is ends here."""
    now, seen = clock.now(), _noted(request, SEEN)
    since = _noted(request, SINCE)
    if since is None or seen is None:
        return True  # opened by the release before this one, or by a test: it ends with its cookie
    if now - since > settings.TONGBAN_SESSION_LONGEST or now - seen > settings.TONGBAN_SESSION_IDLE:
        request.session.flush()
        return False
    if now - seen > WRITTEN_EVERY:
        request.session[SEEN] = now.isoformat()
    return True


class SessionLifeMiddleware:
    """Lets nobody in by a session that has lived too long; asks only when somebody asks who is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hang the user on the request and pass on."""
        by_django = request.user
        request.user = cast("Account", SimpleLazyObject(lambda: _living(request, by_django)))
        return self.get_response(request)


def _living(request: HttpRequest, by_django: Account | AnonymousUser) -> Account | AnonymousUser:
    """Return who is there; of a session that ends here, too old or ended from elsewhere, note whose it was."""
    session = request.session
    account_id = session.get(SESSION_KEY)
    user = (session.proven_account() if isinstance(session, SessionStore) else None) or by_django
    if user.is_authenticated and still_lives(request):
        return user
    if account_id is not None and SESSION_KEY not in request.session:
        note_left_by(request, account_id)
    return AnonymousUser()


def _noted(request: HttpRequest, key: str) -> datetime | None:
    text = request.session.get(key)
    return None if text is None else datetime.fromisoformat(text)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was given in this session not long ago."""
    asked = _noted(request, ASKED)
    return asked is not None and clock.now() - asked <= FRESH


def freshly(view: View[Arguments]) -> View[Arguments]:
    """For what decides who gets into an account: whoever signed in a while ago gives the password once more.

    What was posted is not carried out afterwards. A view declared `@keeping` below this one gets it back into its form;
    after others one is on the page of the account.
    """
    keep: Keep = getattr(view, "keep", lambda _request: reverse("accounts:profile"))

    @wraps(view)
    def asked(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        target = request.get_full_path() if request.method in {"GET", "HEAD"} else keep(request)
        return redirect(f"{reverse('accounts:again')}?{urlencode({'next': target})}")

    return cast("View[Arguments]", asked)
