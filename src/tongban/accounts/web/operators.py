"""What operators do for officials' accounts: take out the app of a lost phone."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import actions, queries
from tongban.accounts.web.answers import status_of, tried
from tongban.accounts.web.forms import StaffNumberForm
from tongban.base import clock
from tongban.base.web import actor_of, keeping, kept, official_with


@official_with("operator")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def officials(request: HttpRequest) -> HttpResponseBase:
    """Take out an official's app, found by the staff number; at their next sign-in they set up another."""
    form = StaffNumberForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        official = queries.official_by_staff_number(form.cleaned_data["staff_number"])
        if official is None or not queries.has_second_factor(official.account_id):
            form.add_error("staff_number", _("No official of this staff number has an authenticator app."))
        else:
            tried(
                form,
                partial(
                    actions.reset_second_factor,
                    actor=actor_of(request),
                    account_id=official.account_id,
                    now=clock.now(),
                ),
            )
            messages.success(request, _("The app of {name} is taken out.").format(name=official.name))
            return redirect("accounts:operator-officials")
    return render(request, "accounts/operator_officials.html", {"form": form}, status=status_of(form))
