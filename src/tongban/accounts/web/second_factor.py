"""An authenticator app as second factor: set up, moved to another phone, recovery codes, removed."""

import base64
from collections.abc import Callable
from functools import partial

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.accounts import actions, queries
from tongban.accounts.models import Account
from tongban.accounts.web.answers import home_of, next_address, status_of, tried
from tongban.accounts.web.forms import CodeForm, PasswordForm
from tongban.accounts.web.sessions import freshly, stay
from tongban.accounts.web.signing_in import HALF_WAY, begin, half_way_in, with_next
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.web import actor_of, anybody, signed_in
from tongban.base.web.keeping import keeping, kept

SECRET, MOVING = "accounts.totp_sealed", "accounts.totp_moving"
"""Session keys: the secret, sealed, that the app is to hold; that it is to take the place of another app's."""
Activate = Callable[..., list[str]]


@signed_in
@freshly
@keeping
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Set up the app; or, set up already, use another, make new recovery codes or remove it."""
    account = queries.account_of(actor_of(request))
    if not queries.has_second_factor(account.id):
        return _set_up(request, actions.add_second_factor)
    if request.session.get(MOVING):
        return _set_up(request, actions.move_second_factor)
    return _change(request, account)


@anybody
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_second_factor(request: HttpRequest) -> HttpResponseBase:
    """Let nobody in who must have an app and has none: it is set up between the password and the first page."""
    account = half_way_in(request)
    if account is None or queries.has_second_factor(account.id):
        return redirect(with_next("accounts:sign-in", request))
    actor, form = queries.actor_by_account(account.id), CodeForm(request.POST or None)
    codes = _activated(request, form, partial(actions.add_second_factor, actor=actor))
    if codes is None:
        return _show_secret(request, account, form)
    del request.session[HALF_WAY]
    page = render(
        request, "accounts/recovery_codes.html", {"codes": codes, "go_on": next_address(request) or home_of(account)}
    )
    return begin(request, queries.account_of(actor), page, way="second_factor")  # as it is now: its sessions were ended


def _set_up(request: HttpRequest, activate: Activate) -> HttpResponse:
    actor = actor_of(request)
    form = CodeForm(request.POST or kept(request))
    codes = _activated(request, form, partial(activate, actor=actor))
    if codes is None:
        return _show_secret(request, queries.account_of(actor), form)
    request.session.pop(MOVING, None)
    stay(request)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "go_on": reverse("accounts:profile")})


def _activated(request: HttpRequest, form: CodeForm, activate: Activate) -> list[str] | None:
    """Return the recovery codes once the code of the app fits, else None: then its secret waits in the session."""
    adapter = get_adapter()
    sealed: str = request.session.setdefault(SECRET, adapter.encrypt(generate_totp_secret()))
    if request.method != "POST" or not form.is_valid():
        return None
    code, secret = form.cleaned_data["code"], adapter.decrypt(sealed)
    codes = tried(form, lambda: activate(secret=secret, code=code, now=clock.now()), field="code")
    if codes is not None:
        del request.session[SECRET]
    return codes


def _show_secret(request: HttpRequest, account: Account, form: CodeForm) -> HttpResponse:
    adapter = get_adapter()
    secret = adapter.decrypt(request.session[SECRET])
    picture = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    context = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "picture": base64.b64encode(picture.encode()).decode(),
        "must": queries.must_have_second_factor(account),
        "next": next_address(request),
    }
    return render(request, "accounts/second_factor.html", context, status=status_of(form))


def _change(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _changed(request, actor, form)
        if done is not None:
            return done
    context = {"form": form, "must": queries.must_have_second_factor(account)}
    return render(request, "accounts/second_factor_on.html", context, status=status_of(form))


def _changed(request: HttpRequest, actor: Actor, form: PasswordForm) -> HttpResponse | None:
    given = {"actor": actor, "password": form.cleaned_data["password"], "now": clock.now()}
    if "codes" in request.POST:
        codes = tried(form, partial(actions.new_recovery_codes, **given))
        context = {"codes": codes, "go_on": reverse("accounts:profile")}
        return None if codes is None else render(request, "accounts/recovery_codes.html", context)
    if "move" in request.POST:
        tried(form, partial(actions.confirm_password, **given))
        if form.errors:
            return None
        request.session[MOVING] = True
        return redirect("accounts:second-factor")
    tried(form, partial(actions.remove_second_factor, **given))
    if form.errors:
        return None
    stay(request)
    messages.success(request, _("Signing in asks for your password only."))
    return redirect("accounts:profile")
