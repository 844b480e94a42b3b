"""An authenticator app as second factor: set up, recovery codes, removed."""

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.accounts import actions, queries
from tongban.accounts.web.answers import status_of, tried
from tongban.accounts.web.forms import CodeForm, PasswordForm
from tongban.accounts.web.sessions import freshly, stay
from tongban.base import clock
from tongban.base.web import actor_of, signed_in
from tongban.base.web.keeping import keeping, kept

SECRET = "accounts.totp_secret"  # noqa: S105 - a session key


@signed_in
@freshly
@keeping
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Set up the app; or, set up already, make new recovery codes or remove it."""
    account = queries.account_of(actor_of(request))
    return _change(request) if queries.has_second_factor(account.id) else _set_up(request)


def _set_up(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    account = queries.account_of(actor)
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    form = CodeForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        codes = tried(
            form,
            lambda: actions.add_second_factor(actor=actor, secret=secret, code=code, now=clock.now()),
            field="code",
        )
        if codes is not None:
            del request.session[SECRET]
            stay(request)
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    context = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "picture": base64.b64encode(picture.encode()).decode(),
    }
    return render(request, "accounts/second_factor.html", context, status=status_of(form))


def _change(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["password"]
        if "codes" in request.POST:
            codes = tried(form, lambda: actions.new_recovery_codes(actor=actor, password=typed, now=clock.now()))
            if codes is not None:
                return render(request, "accounts/recovery_codes.html", {"codes": codes})
        else:
            tried(form, lambda: actions.remove_second_factor(actor=actor, password=typed, now=clock.now()))
            if not form.errors:
                stay(request)
                messages.success(request, _("Signing in asks for your password only."))
                return redirect("accounts:profile")
    return render(request, "accounts/second_factor_on.html", {"form": form}, status=status_of(form))
