"""Local days and policy values: what is settled here, a look at what a change does, and taking back."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base import clock
from tongban.base.errors import NotFound
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.calendar import actions, queries
from tongban.calendar.rules import WorkingCalendar
from tongban.calendar.rules.settling import wrong_local_day, wrong_policy
from tongban.calendar.web.forms import LocalDayForm, PolicyForm, values_of
from tongban.calendar.web.previews import Preview, is_confirmed, preview
from tongban.calendar.web.years import KEEPERS, UNPROCESSABLE


@official_with(*KEEPERS)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def local_days(request: HttpRequest) -> HttpResponseBase:
    """Show the local days; set one once it was seen what that changes."""
    form = LocalDayForm(request.POST or kept(request))
    shown = None
    if request.method == "POST" and form.is_valid():
        local, actor, now = form.local, actor_of(request), clock.now()
        shown = _tried(
            request,
            form,
            local,
            wrong_local_day(local),
            lambda: actions.preview_of_local_days([local]),
            lambda: actions.set_local_day(actor=actor, local=local, now=now),
        )
        if shown is None and not form.errors:
            messages.success(request, _("The day is set. Open dates are being reckoned anew."))
            return redirect("calendar:local-days")
    context = {"form": form, "preview": shown, "local_days": queries.local_days()}
    return render(request, "calendar/local_days.html", context, status=UNPROCESSABLE if form.errors else 200)


@official_with(*KEEPERS)
@require_POST
def remove_local_day(request: HttpRequest) -> HttpResponse:
    """Take a local day back."""
    actions.remove_local_day(actor=actor_of(request), day=_day_given(request), now=clock.now())
    messages.success(request, _("The day is taken back; the notice holds again. Open dates are being reckoned anew."))
    return redirect("calendar:local-days")


@official_with(*KEEPERS)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest) -> HttpResponseBase:
    """Show the policy values; set others once it was seen what that changes."""
    now = clock.now()
    calendar = queries.working_calendar()
    form = PolicyForm(request.POST or kept(request), initial=values_of(calendar.policy_on(now)))
    shown = None
    if request.method == "POST" and form.is_valid():
        settled, actor = form.settled, actor_of(request)
        shown = _tried(
            request,
            form,
            settled,
            wrong_policy(settled),
            lambda: actions.preview_of_policies(settled),
            lambda: actions.set_policy(actor=actor, settled=settled, now=now),
        )
        if shown is None and not form.errors:
            messages.success(request, _("The values are set. Open dates are being reckoned anew."))
            return redirect("calendar:policies")
    context = {
        "form": form,
        "preview": shown,
        "settled": list(reversed(queries.policies())),
        "initial": queries.initial_policy(),
        "current": calendar.policy_on(now),
    }
    return render(request, "calendar/policies.html", context, status=UNPROCESSABLE if form.errors else 200)


@official_with(*KEEPERS)
@require_POST
def remove_policy(request: HttpRequest) -> HttpResponse:
    """Take policy values back."""
    actions.remove_policy(actor=actor_of(request), holds_from=_day_given(request), now=clock.now())
    messages.success(request, _("The values are taken back; those before them hold on."))
    return redirect("calendar:policies")


def _tried(
    request: HttpRequest,
    form: forms.Form,
    typed: object,
    problems: dict[str, list[str]],
    calendars: Callable[[], tuple[WorkingCalendar, WorkingCalendar]],
    act: Callable[[], None],
) -> Preview | None:
    """Do what was seen; else return what there is to be seen."""
    for name, sentences in problems.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
    if problems:
        return None
    if not is_confirmed(request, typed):
        return preview(calendars(), typed)
    act()
    return None


def _day_given(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise NotFound from None
