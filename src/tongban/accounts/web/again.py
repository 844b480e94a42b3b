"""Asks for the password once more, and ends the sessions of all other devices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions
from tongban.accounts.web.answers import next_address, status_of, tried
from tongban.accounts.web.forms import PasswordForm
from tongban.accounts.web.sessions import freshly, password_was_given, stay
from tongban.base import clock
from tongban.base.web import actor_of, signed_in


@signed_in
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponseBase:
    """Ask for the password before something that decides who gets into the account."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["password"]
        tried(form, lambda: actions.confirm_password(actor=actor_of(request), password=typed, now=clock.now()))
        if not form.errors:
            password_was_given(request)
            return redirect(_where_to_go_on(request))
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/again.html", context, status=status_of(form))


def _where_to_go_on(request: HttpRequest) -> str:
    """Return the page asked for; on that of the account, say that what was pressed before is still to be done."""
    account_page = reverse("accounts:profile")
    target = next_address(request) or account_page
    if target == account_page:
        messages.info(request, _("Thank you, it is you. Nothing is changed yet: please choose once more what to do."))
    return target


@signed_in
@require_POST
@freshly
def end_others(request: HttpRequest) -> HttpResponseBase:
    """End the sessions of all other browsers; this one stays. Where the password is asked for first, press again."""
    actions.end_sessions(actor=actor_of(request), now=clock.now())
    stay(request)
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:profile")
