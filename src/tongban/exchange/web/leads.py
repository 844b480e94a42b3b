"""Pages of 一数一源: which office answers for each datum, what is in dispute, and proposals to settle it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, Forbidden, Invalid, Words
from tongban.base.templatetags.words import either
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions, queries
from tongban.exchange.models import LeadProposal, Resource
from tongban.exchange.queries import leads
from tongban.exchange.queries.leads import Datum
from tongban.exchange.web.fields import line

PAGE_SIZE = 25
LONGEST_SEARCH = 60
REASONS: Mapping[str, Words] = {
    "leads": gettext_lazy("It leads already; the others take the datum from it."),
    "basic": gettext_lazy("It is the only base register that holds the datum."),
    "used": gettext_lazy("Others look the datum up there most often."),
    "oldest": gettext_lazy("It was published first."),
}


class ProposalForm(forms.Form):
    """Who should answer for a datum, and why."""

    resource = forms.ChoiceField(
        label=gettext_lazy("Which office is to answer for it"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose an office that holds the datum and does not lead for it yet.")
        },
    )
    grounds = line(
        pgettext_lazy("proposal", "Why"),
        gettext_lazy("The law that makes it this office's task, or where the datum arises."),
        longest=1000,
        needed=True,
        rows=3,
    )

    def __init__(self, sent: Mapping[str, object] | None, found: Datum) -> None:
        """Offer the offices that hold the datum and do not lead; the suggested one is chosen."""
        suggested = found.proposed
        initial = {"resource": str(suggested.version.resource_id)} if suggested else {}
        super().__init__(sent, initial=initial, prefix="proposal")
        self.fields["resource"].choices = [  # type: ignore[attr-defined]
            (str(one.version.resource_id), _holder_words(one.version.resource))
            for one in found.items
            if not one.is_lead
        ]


class DecisionForm(forms.Form):
    """What the service centre says of a proposal."""

    word = line(
        gettext_lazy("What is said of it"),
        gettext_lazy("Needed where a proposal is declined. All offices concerned read it."),
        longest=1000,
        rows=3,
    )


def _holder_words(resource: Resource) -> str:
    provider = resource.provider
    return f"{either(provider.name, provider.name_en)} · {either(resource.name, resource.name_en)}"


@official_with("steward")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the data that have names, those in dispute first."""
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    only = request.GET.get("only", "") == "conflicts"
    found = leads.data(words=words, only_conflicts=only)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "words": words,
        "only": only,
        "disputed": sum(1 for one in found if one.conflict),
        "reasons": REASONS,
    }
    return render(request, "exchange/leads.html", context)


@official_with("steward")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def datum(request: HttpRequest, datum: str) -> HttpResponseBase:
    """Show who holds a datum; propose who should answer for it; decide on a proposal."""
    found, proposals = leads.datum(datum), leads.proposals_for(datum)
    sent = request.POST if request.method == "POST" else kept(request)
    step, chosen = (str(sent.get(name, "")) for name in ("step", "proposal")) if sent else ("", "")
    proposal = ProposalForm(sent if step == "propose" else None, found)
    decisions = {
        str(one.id): DecisionForm(sent if str(one.id) == chosen else None, prefix=f"p{one.id}") for one in proposals
    }
    form: forms.Form = proposal if step == "propose" else decisions.get(chosen, proposal)
    page = Page(found, proposals, proposal, decisions)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _act(request, found, step, chosen, form.cleaned_data))
        except Invalid as invalid:
            for name, sentences in invalid.fields.items():
                form.add_error(name, sentences)
            return _page(request, page, status=invalid.status)
        except (Conflict, Forbidden) as refused:
            messages.warning(request, str(refused))
        return redirect("exchange:lead", found.name)
    return _page(request, page, status=422 if request.method == "POST" else 200)


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a datum shows: each proposal with a form of its own."""

    datum: Datum
    proposals: list[LeadProposal]
    proposing: ProposalForm
    decisions: Mapping[str, DecisionForm]


def _act(request: HttpRequest, found: Datum, step: str, chosen: str, typed: Mapping[str, str]) -> str:
    """Do what the button says, and return what to say of it."""
    actor, at = actor_of(request), now()
    if step == "propose":
        resource_id = UUID(typed["resource"]) if typed["resource"] else UUID(int=0)
        actions.propose_lead(actor=actor, datum=found.name, resource_id=resource_id, grounds=typed["grounds"], now=at)
        return _("The service centre decides on your proposal.")
    if step == "agree":
        actions.agree_lead(actor=actor, proposal_id=UUID(chosen), word=typed["word"], now=at)
        return _("It is settled which office answers for this datum.")
    actions.decline_lead(actor=actor, proposal_id=UUID(chosen), word=typed["word"], now=at)
    return _("The proposal was declined.")


def _page(request: HttpRequest, page: Page, *, status: int = 200) -> HttpResponse:
    actor, found = actor_of(request), page.datum
    context = {
        "datum": found,
        "reason": REASONS[found.suggestion.reason] if found.suggestion else "",
        "proposals": [(one, page.decisions[str(one.id)]) for one in page.proposals],
        "form": page.proposing,
        "all_forms": [page.proposing, *page.decisions.values()],
        "may_propose": leads.may_propose(actor, found),
        "may_decide": queries.reviews(actor),
        "reader_id": actor.official_id,
    }
    return render(request, "exchange/lead.html", context, status=status)
