"""Leave of officials, and who stands in."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base import clock
from tongban.base.clock import office_date
from tongban.base.web import actor_of, keeping, kept, official
from tongban.organisations import actions, queries
from tongban.organisations.web.answers import UNPROCESSABLE, tried
from tongban.organisations.web.forms import LeaveForm


@official
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponseBase:
    """Show the reader's leave and for whom they stand in; note new leave."""
    actor, now = actor_of(request), clock.now()
    colleagues = queries.colleagues(actor)
    form = LeaveForm(request.POST or kept(request), colleagues=[(str(one.id), one.name) for one in colleagues])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        take = partial(
            actions.take_leave,
            actor=actor,
            deputy_id=UUID(data["deputy"]),
            first_day=data["first_day"],
            last_day=data["last_day"],
            now=now,
        )
        if tried(form, take) is not None:
            messages.success(request, _("Your leave is noted. Have a good rest."))
            return redirect("organisations:leave")
    today = office_date(now)
    context = {
        "form": form,
        "colleagues": colleagues,
        "leaves": queries.leaves_of(actor, today),
        "deputising": queries.deputising_of(actor, today),
    }
    return render(request, "organisations/leave.html", context, status=UNPROCESSABLE if form.errors else 200)


@official
@require_POST
def cancel(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Cancel leave, or come back early."""
    actions.cancel_leave(actor=actor_of(request), leave_id=leave_id, now=clock.now())
    messages.success(request, _("The leave is cancelled. Your tasks are yours again."))
    return redirect("organisations:leave")
