"""The window hands an enterprise over to the legal representative who shows its business licence."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import queries as accounts
from tongban.accounts.rules import PERSON_SEEN
from tongban.applications import actions, queries
from tongban.applications.web.forms import HandOverForm
from tongban.base import clock
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with

if TYPE_CHECKING:
    from tongban.accounts.models import Enterprise, Person


@official_with("window")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, enterprise_id: UUID) -> HttpResponseBase:
    """Show what is registered and since when; hand it over to the person whose paper this clerk has seen last."""
    person = accounts.person_by_id(UUID(request.session.get(PERSON_SEEN, "0" * 32)))
    enterprise = accounts.enterprise_by_id(enterprise_id)
    registered = {
        "former": enterprise.legal_representative_id, "name": enterprise.name, "address": enterprise.address,
    }  # fmt: skip
    form = HandOverForm(request.POST or kept(request), registered=registered)
    if request.method == "POST" and form.is_valid() and _done(request, form, enterprise, person):
        words = _("{enterprise} is handed over to {name}. Drafts and matters of the enterprise are theirs to see now.")
        messages.success(request, words.format(enterprise=form.cleaned_data["name"], name=person.name))
        return redirect("accounts:window-person")
    context = {
        "form": form,
        "person": person,
        "enterprise": enterprise,
        "is_held": enterprise.legal_representative_id not in {None, person.id},
        "happened": queries.history_of_enterprise(enterprise.id),
    }
    return render(request, "applications/hand_over.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, form: HandOverForm, enterprise: "Enterprise", person: "Person") -> bool:
    given = {name: value for name, value in form.cleaned_data.items() if name in {"name", "address"}}
    act = partial(
        actions.hand_over_enterprise,
        actor=actor_of(request),
        enterprise_id=enterprise.id,
        former_id=form.cleaned_data["former"],
        representative_id=person.id,
        now=clock.now(),
    )
    try:
        act(**given)
    except Invalid as invalid:
        for name, sentences in invalid.fields.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
        return False
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    return True
