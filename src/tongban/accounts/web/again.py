"""Asks for the password once more, and ends the sessions of all other devices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions, queries
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


@signed_in
@require_http_methods(["GET", "HEAD"])
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Show where one is signed in."""
    account = queries.account_of(actor_of(request))
    shown = queries.sessions_of(account, present_key=request.session.session_key, now=clock.now())
    return render(request, "accounts/sessions.html", {"sessions": shown})


@signed_in
@require_POST
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """End one of one's own sessions; of another's there is none, before anything is asked."""
    queries.opened_session_for(actor_of(request), session_id)
    return _end_one(request, session_id)


@freshly
def _end_one(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    actions.end_session(actor=actor_of(request), session_id=session_id, now=clock.now())
    messages.success(request, _("This device is signed out."))
    return redirect("accounts:sessions")
