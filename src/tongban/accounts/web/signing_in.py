"""Signing in and out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions, queries
from tongban.accounts.models import Account
from tongban.accounts.web.answers import home_of, next_address, place_of, status_of, tried
from tongban.accounts.web.forms import CodeForm, SignInForm
from tongban.accounts.web.known import known_browser, remember_browser
from tongban.accounts.web.sessions import leave, open_session
from tongban.base import clock
from tongban.base.web import actor_of, anybody
from tongban.base.web.keeping import HELD

HALF_WAY = "accounts.half_way"
"""Session key: the password was right, the second factor is still to come."""
HALF_WAY_LIVES = timedelta(minutes=10)


@anybody
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for name and password."""
    if request.method != "POST" and not actor_of(request).is_nobody:
        return redirect(next_address(request) or home_of(queries.account_of(actor_of(request))))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = tried(form, lambda: password_checked(request, **form.cleaned_data))
        if account is not None:
            return go_on_after_password(request, account)
    context = {
        "form": form,
        "next": next_address(request),
        "typed_is_kept": f"{HELD}=" in next_address(request),
        "demo_people": queries.demo_people() if settings.TONGBAN_DEMO else [],
    }
    return render(request, "accounts/sign_in.html", context, status=status_of(form))


def password_checked(request: HttpRequest, *, name: str, password: str) -> Account:
    """Check a password, telling from where it was sent and whether this browser is known."""
    seen = known_browser(request)
    return actions.check_password(
        name=name,
        password=password,
        place=place_of(request),
        now=clock.now(),
        browser=seen.browser,
        known=seen.accounts,
    )


def go_on_after_password(request: HttpRequest, account: Account, *, target: str = "") -> HttpResponse:
    """Let in, or ask for the code of the app first; whoever must have an app and has none sets it up first."""
    if queries.has_second_factor(account.id):
        return _half_way(request, account, "accounts:second-factor-code", target)
    if queries.must_have_second_factor(account):
        return _half_way(request, account, "accounts:first-second-factor", target)
    return let_in(request, account, way="password", target=target)


def _half_way(request: HttpRequest, account: Account, page: str, target: str) -> HttpResponse:
    request.session.cycle_key()  # whoever knows the key of before must not come half way with us
    request.session[HALF_WAY] = {"account": str(account.id), "since": clock.now().isoformat()}
    return redirect(_with(page, target or next_address(request)))


def let_in(request: HttpRequest, account: Account, *, way: str, target: str = "") -> HttpResponse:
    """Open the session and go on."""
    return begin(request, account, redirect(target or next_address(request) or home_of(account)), way=way)


def begin(request: HttpRequest, account: Account, response: HttpResponse, *, way: str) -> HttpResponse:
    """Open the session, and return the answer with what this browser is to remember."""
    actions.record_sign_in(account=account, way=way, now=clock.now())
    open_session(request, account)
    remember_browser(request, response, account)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, account.language)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """Remember the language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def with_next(name: str, request: HttpRequest) -> str:
    """Return the address of a page with `next` kept."""
    return _with(name, next_address(request))


def _with(name: str, target: str) -> str:
    address = reverse(name)
    return f"{address}?{urlencode({'next': target})}" if target else address


@anybody
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code of the app, or a recovery code, after the right password."""
    account = half_way_in(request)
    if account is None:
        return redirect(with_next("accounts:sign-in", request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        way = tried(
            form,
            lambda: actions.check_second_factor(account=account, code=form.cleaned_data["code"], now=clock.now()),
            field="code",
        )
        if way is not None:
            del request.session[HALF_WAY]
            return let_in(request, account, way=way)
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/second_factor_code.html", context, status=status_of(form))


def half_way_in(request: HttpRequest) -> Account | None:
    """Return whose password was right in this session a moment ago."""
    kept = request.session.get(HALF_WAY)
    if kept is None or clock.now() - datetime.fromisoformat(kept["since"]) > HALF_WAY_LIVES:
        return None
    return queries.account_by_id(UUID(kept["account"]))


@anybody
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and let the browser forget the pages it has kept."""
    leave(request)
    response = redirect("/")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@anybody
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented people: in the demo only."""
    account = actions.demo_account(username=request.POST.get("username", ""))
    response = let_in(request, account, way="demo")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, translation.get_language() or account.language)
    return response
