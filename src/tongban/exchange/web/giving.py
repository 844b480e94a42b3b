"""The page on which an office gives a grant of its own data, without having been asked in writing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions
from tongban.exchange.actions import GrantTerms
from tongban.exchange.models import Grant
from tongban.exchange.queries import entries
from tongban.exchange.web.grant_forms import GrantTable
from tongban.organisations import queries as organisations


@official_with("steward")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, entry: str) -> HttpResponseBase:
    """Give a grant of a resource in force: to whom, which fields and rows, why, by which law, until when."""
    found = entries.entry_for(actor_of(request), entry)
    version = found.in_force
    if version is None:
        messages.warning(request, _("What is not in force cannot be granted. Please publish the entry first."))
        return redirect("exchange:entry", found.slug)
    version.resource = found
    consumers = [(str(one.id), either(one.name, one.name_en)) for one in organisations.organisations()]
    sent = request.POST if request.method == "POST" else kept(request)
    table = GrantTable(entries.entry_of(version), consumers, office_date(now()), sent)
    terms = table.terms(found.id) if table.is_judged else None
    if request.method == "POST" and terms is not None:
        grant = _given(request, table, terms)
        if grant is not None:
            return redirect("exchange:grant", grant.id)
    wrong = table.is_judged and any(form.errors for form in table.all_forms)
    context = {"resource": found, "form": table}
    return render(request, "exchange/grant_form.html", context, status=422 if wrong else 200)


def _given(request: HttpRequest, table: GrantTable, terms: GrantTerms) -> Grant | None:
    """Give the grant; where it is refused, say so beside the fields."""
    try:
        grant = actions.give_grant(actor=actor_of(request), terms=terms, now=now())
    except Invalid as invalid:
        table.take_in(invalid.fields)
    except Conflict as conflict:
        table.take_in({"": [str(conflict)]})
    else:
        messages.success(request, _("The grant is given. It may be used from its first day on."))
        return grant
    return None
