"""Pages of grants: those that one's office gives or holds; one of them, to be suspended, resumed or withdrawn."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions, queries
from tongban.exchange.models import Grant

PAGE_SIZE = 25
LONGEST_SEARCH = 60


ENDS: Mapping[str, Callable[[QuerySet[Grant], datetime], QuerySet[Grant]]] = {
    "expiring": queries.expiring,
    "expired": queries.expired,
}


class WordForm(forms.Form):
    """Why a grant is suspended or withdrawn."""

    word = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The office that uses the data reads it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@official_with("steward")
def listed(request: HttpRequest) -> HttpResponse:
    """Show the grants of one's office, the newest first; those that end soon, the soonest first."""
    state, at, actor = request.GET.get("state", ""), now(), actor_of(request)
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    found = queries.grants(actor, words=words)
    if state in Grant.State.values:
        found = found.filter(state=state)
    elif state in ENDS:
        found = ENDS[state](found, at)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "state": state,
        "words": words,
        "states": [*Grant.State.choices, ("expiring", _("Ending soon")), ("expired", pgettext("grant", "Ended"))],
        "expiring": queries.expiring(queries.grants(actor), at).count(),
        "now": at,
    }
    return render(request, "exchange/grants.html", context)


@official_with("steward")
@keeping
def grant(request: HttpRequest, grant_id: UUID) -> HttpResponseBase:
    """Show a grant; suspend, resume or withdraw it."""
    found = queries.grant_for(actor_of(request), grant_id)
    form = WordForm(request.POST if request.method == "POST" else kept(request) or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=422 if request.method == "POST" else 200)
    try:
        messages.success(request, _act(request, found, form.cleaned_data["word"]))
    except Invalid as invalid:
        for sentence in invalid.fields.get("word", []):
            form.add_error("word", sentence)
        return _page(request, found, form, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return redirect("exchange:grant", found.id)


def _act(request: HttpRequest, found: Grant, word: str) -> str:
    """Do what the button says, and return what to say of it."""
    actor, step = actor_of(request), request.POST.get("step", "")
    if step == "resume":
        actions.resume_grant(actor=actor, grant_id=found.id, now=now())
        return _("The grant may be used again.")
    if step == "withdraw":
        actions.withdraw_grant(actor=actor, grant_id=found.id, word=word, now=now())
        return _("The grant was withdrawn.")
    actions.suspend_grant(actor=actor, grant_id=found.id, word=word, now=now())
    return _("The grant was suspended.")


def _page(request: HttpRequest, found: Grant, form: WordForm, *, status: int = 200) -> HttpResponse:
    names = queries.names_of_items(found.resource)
    context = {
        "grant": found,
        "uses": [(names.get(code, code), code, last, times) for code, last, times in queries.uses_of(found)],
        "days": queries.days_of(found),
        "conditions": [(names.get(one["field"], one["field"]), one) for one in found.row_filter],
        "now": now(),
        "webhooks": queries.webhooks_of(found),
        "form": form,
        "may_change": queries.may_change_grant(actor_of(request), found),
    }
    return render(request, "exchange/grant.html", context, status=status)
