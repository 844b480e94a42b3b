"""Children and wards, and one's own enterprises."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions, queries
from tongban.accounts.models import Guardianship
from tongban.accounts.web.answers import next_address, status_of, tried
from tongban.accounts.web.forms import RELATIONS, EnterpriseForm, WardForm
from tongban.base import clock
from tongban.base.web import actor_of, keeping, kept, resident

RELATION_WORDS = {str(value): words for value, words in RELATIONS}


def _shown(held: Guardianship) -> dict[str, object]:
    return {
        "id": held.ward_id,
        "name": held.ward.name,
        "identity": queries.masked_identity(held.ward),
        "relation": RELATION_WORDS[held.relation],
        "confirmed": held.confirmed_at is not None,
        "since": held.declared_at,
    }


@resident
@require_http_methods(["GET", "HEAD"])
def wards(request: HttpRequest) -> HttpResponse:
    """List the children and wards for whom the reader applies."""
    person = queries.person_of(actor_of(request))
    held = queries.guardianships_of(person.id) if person else []
    return render(request, "accounts/wards.html", {"wards": [_shown(one) for one in held]})


@resident
@keeping
@sensitive_post_parameters("identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def add_ward(request: HttpRequest) -> HttpResponseBase:
    """Add a child or ward."""
    form = WardForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        add = partial(actions.add_ward, actor=actor_of(request), **form.cleaned_data, now=clock.now())
        ward = tried(form, add)
        if ward is not None:
            messages.success(request, _("{name} is added. You can apply for them now.").format(name=ward.name))
            return redirect(next_address(request) or "accounts:wards")
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/add_ward.html", context, status=status_of(form))


@resident
@require_POST
def release_ward(request: HttpRequest, ward_id: UUID) -> HttpResponse:
    """Act for a ward no more."""
    actions.release_ward(actor=actor_of(request), ward_id=ward_id, now=clock.now())
    messages.success(request, _("You do not act for this person any more. What was applied for goes on."))
    return redirect("accounts:wards")


@resident
@require_http_methods(["GET", "HEAD"])
def enterprises(_request: HttpRequest) -> HttpResponse:
    """Lead to the page of enterprises and mandates, which knows also those that others entrusted to the reader."""
    return redirect("organisations:mandates")


@resident
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def add_enterprise(request: HttpRequest) -> HttpResponseBase:
    """Register an enterprise whose legal representative the reader is."""
    form = EnterpriseForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        add = partial(actions.register_enterprise, actor=actor_of(request), **form.cleaned_data, now=clock.now())
        enterprise = tried(form, add)
        if enterprise is not None:
            messages.success(request, _("{name} is registered. You can apply for it now.").format(name=enterprise.name))
            return redirect(next_address(request) or "accounts:enterprises")
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/add_enterprise.html", context, status=status_of(form))
