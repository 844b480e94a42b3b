"""Enterprises for which a resident may act, and whom the legal representative names."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import queries as accounts
from tongban.base import clock
from tongban.base.clock import office_date
from tongban.base.web import actor_of, keeping, kept, resident
from tongban.organisations import actions, queries
from tongban.organisations.web.answers import UNPROCESSABLE, tried
from tongban.organisations.web.forms import MandateForm


@resident
@require_http_methods(["GET", "HEAD"])
def enterprises(request: HttpRequest) -> HttpResponse:
    """List the enterprises for which the reader may act."""
    actor, now = actor_of(request), clock.now()
    context = {
        "own": accounts.enterprises_of(actor),
        "entrusted": queries.mandates_held(actor, office_date(now)),
    }
    return render(request, "organisations/enterprises.html", context)


@resident
@keeping
@sensitive_post_parameters("identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponseBase:
    """Show who may act for an enterprise, and name another."""
    actor, now = actor_of(request), clock.now()
    shown = queries.enterprise_for(actor, enterprise_id)
    form = MandateForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        grant = partial(actions.grant_mandate, actor=actor, enterprise_id=shown.id, **form.cleaned_data, now=now)
        mandate = tried(form, grant)
        if mandate is not None:
            words = _("{name} may act for {enterprise} now.")
            messages.success(request, words.format(name=mandate.person.name, enterprise=shown.name))
            return redirect("organisations:enterprise", shown.id)
    context = {
        "enterprise": shown,
        "form": form,
        "mandates": [
            {
                "mandate": mandate,
                "identity": accounts.masked_identity(mandate.person),
                "over": mandate.valid_until is not None and mandate.valid_until < office_date(now),
            }
            for mandate in queries.mandates_of(shown.id)
        ],
    }
    return render(request, "organisations/enterprise.html", context, status=UNPROCESSABLE if form.errors else 200)


@resident
@require_POST
def revoke(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Take a mandate back."""
    mandate = actions.revoke_mandate(actor=actor_of(request), mandate_id=mandate_id, now=clock.now())
    messages.success(request, _("The mandate is revoked. What was applied for goes on."))
    return redirect("organisations:enterprise", mandate.enterprise_id)
