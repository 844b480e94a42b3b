"""Signing up, and getting back into an account."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.accounts import actions, queries, rules
from tongban.accounts.errors import IdentityTaken
from tongban.accounts.models import Account
from tongban.accounts.web.answers import RESIDENT_HOME, next_address, place_of, status_of, tried
from tongban.accounts.web.forms import NewPasswordForm, RecoverForm, SignUpForm
from tongban.accounts.web.profile import send_code_to
from tongban.accounts.web.signing_in import go_on_after_password, with_next
from tongban.base import clock
from tongban.base.web import actor_of, anybody

RECOVERY = "accounts.recovery"
"""Session key: the address to which a code for a new password was sent, and which code: it is good in this browser."""


@anybody
@sensitive_post_parameters("password", "identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """Ask who somebody is, and open an account."""
    if actor_of(request).is_resident:
        return redirect(next_address(request) or RESIDENT_HOME)
    form = SignUpForm(request.POST or None)
    taken = False
    if request.method == "POST" and _complete(form):
        account = tried(form, partial(actions.sign_up, **_typed(form), place=place_of(request)))
        if account is not None:
            return _welcome(request, account)
        taken = IdentityTaken.message in form.non_field_errors()
    context = {"form": form, "next": next_address(request), "taken": taken}
    return render(request, "accounts/sign_up.html", context, status=status_of(form))


def _typed(form: SignUpForm) -> dict[str, Any]:
    data = form.cleaned_data
    names = ("name", "identity_kind", "identity_number", "phone", "email", "password")
    return {
        **{name: data.get(name, "") for name in names},
        "consents": form.consents,
        "language": translation.get_language() or "zh-hans",
        "now": clock.now(),
    }


def _complete(form: SignUpForm) -> bool:
    """Whether everything is answered; when not, all that is wrong with the rest is said in the same go."""
    if form.is_valid():
        return True
    for field, sentences in actions.declare(**_typed(form)).wrong.items():
        for sentence in sentences:
            if field in form.fields and field not in form.errors:
                form.add_error(field, str(sentence))
    return False


def _welcome(request: HttpRequest, account: Account) -> HttpResponse:
    """Sign in, send a code to the new account's address, and go on to the page that asks for it."""
    channel: rules.Channel = "sms" if account.phone else "email"
    page = redirect("accounts:verify", channel).url
    target = f"{page}?{urlencode({'next': next_address(request) or RESIDENT_HOME})}"
    response = go_on_after_password(request, account, target=target)
    messages.success(request, _("Your account is open. Welcome!"))
    send_code_to(request, queries.actor_by_account(account.id), channel)
    return response


@anybody
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponseBase:
    """Send a code for a new password. Answers alike whether the address is somebody's or not."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = tried(form, lambda: actions.send_recovery_code(address=form.cleaned_data["address"], now=clock.now()))
        if sent is not None:
            request.session[RECOVERY] = {"address": sent[0], "asked": str(sent[1])}
            return redirect(with_next("accounts:new-password", request))
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/recover.html", context, status=status_of(form))


@anybody
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponseBase:
    """Take the code and a new password."""
    recovery = request.session.get(RECOVERY)
    if not recovery:
        return redirect(with_next("accounts:recover", request))
    address, asked = recovery["address"], UUID(recovery["asked"])
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = tried(
            form,
            partial(actions.recover, address=address, asked=asked, **form.cleaned_data, now=clock.now()),
            field="code",
        )
        if account is not None:
            del request.session[RECOVERY]
            messages.success(request, _("Your new password is good. Please sign in with it."))
            return redirect(with_next("accounts:sign-in", request))
    channel: rules.Channel = "email" if "@" in address else "sms"
    context = {"form": form, "next": next_address(request), "address": address, "channel": channel}
    return render(request, "accounts/new_password.html", context, status=status_of(form))
