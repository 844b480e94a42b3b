"""Before the first step: for whom, the situation, and what to expect."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tongban.accounts import queries as accounts
from tongban.applications import actions, queries
from tongban.applications.errors import NotApplicable
from tongban.applications.web.forms import ApplicantForm
from tongban.applications.web.pages import english
from tongban.base.clock import now
from tongban.base.web import actor_of, keeping, kept, resident
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue


@resident
@keeping
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for whom the resident applies, then begin a draft."""
    actor, item = actor_of(request), catalogue.item(code)
    if not item.applicable or item.current is None:
        raise NotApplicable
    guide = catalogue.guide_of(item.current.id)
    form = ApplicantForm(
        request.POST or kept(request),
        choices=queries.choices_for(actor, guide),
        situations=guide.situations,
        answered=request.GET,
        predecessors=cases.results_of(actor, item.service_item.catalogue_item.code) if guide.result.succeeds else (),
        english=english(),
    )
    if request.method == "POST" and form.is_valid():
        kind, _separator, subject = form.cleaned_data["applicant"].partition(":")
        draft = actions.begin(
            actor=actor,
            item_code=code,
            applicant_kind=kind,
            subject_id=UUID(subject) if subject else None,
            situation=form.situation(),
            predecessor_id=form.predecessor(),
            now=now(),
        )
        return redirect("applications:draft", draft.id)
    return render(
        request,
        "applications/begin.html",
        {
            "form": form,
            "item": item,
            "item_name": (item.name_en if english() else "") or item.name,
            "guide": guide,
            "open_drafts": queries.drafts_of(actor).filter(handling_version=item.current),
            "electronic": accounts.consents_electronic_service(actor.account_id) if actor.account_id else False,
        },
        status=422 if form.errors else 200,
    )
