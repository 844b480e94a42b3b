"""Check everything, declare, submit; the receipt; throw a draft away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from tongban.applications import actions, queries
from tongban.applications.errors import Incomplete, NotDeclared
from tongban.applications.models import Draft
from tongban.applications.web.forms import DeclarationForm
from tongban.applications.web.pages import draft_context, frame, item_name, part_address
from tongban.base.clock import now, office_date
from tongban.base.errors import NotFound
from tongban.base.web import actor_of, keeping, resident, signed_in
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue


@signed_in
@keeping
def review(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Show all answers once more; submit."""
    actor = actor_of(request)
    form = DeclarationForm(request.POST or None)
    if request.method != "POST":
        return _show(request, queries.draft_for(actor, draft_id), form)
    form.is_valid()
    key = form.cleaned_data.get("key")
    if key is None:
        raise NotFound
    try:
        application = actions.submit(
            actor=actor,
            draft_id=draft_id,
            idempotency_key=key,
            declared=bool(form.cleaned_data.get("declared")),
            now=now(),
        )
    except Incomplete as incomplete:
        return _show(request, queries.draft_for(actor, draft_id), form, incomplete, status=incomplete.status)
    except NotDeclared as undeclared:
        return _show(request, queries.draft_for(actor, draft_id), form, status=undeclared.status)
    return redirect("applications:receipt", application.case.number)


def _show(
    request: HttpRequest,
    draft: Draft,
    form: DeclarationForm,
    incomplete: Incomplete | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    address = {part.key: part_address(draft, part.key) for part in queries.parts_of(draft)}
    problems = queries.problem_places(draft, incomplete.fields if incomplete else {})
    language = get_language() or "zh-hans"
    context = draft_context(request, draft, queries.REVIEW) | {
        "form": form,
        "situation": queries.situation_words(draft, language),
        "shown": queries.shown_draft(draft, language),
        "materials": queries.material_states(draft),
        "delivery": draft.delivery,
        "address": address,
        "problems": [{"href": address[part], "text": text} for part, text in problems],
    }
    return render(request, "applications/review.html", context, status=status)


@signed_in
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show the receipt with its number and paper, and what is promised from here on."""
    case = cases.case_for(actor_of(request), number)
    application = queries.application_of(case.id)
    context = {
        "frame": frame(request),
        "case": case,
        "application": application,
        "clocks": cases.clocks_of(case, today=office_date(now()), for_applicant=True),
        "promised": catalogue.guide_of(application.handling_version_id).promised_limit,
    }
    return render(request, "applications/receipt.html", context)


@signed_in
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Ask once, then throw the draft away."""
    draft = queries.draft_for(actor_of(request), draft_id)
    if request.method == "POST":
        actions.discard(actor=actor_of(request), draft_id=draft_id, now=now())
        target = "applications:window" if actor_of(request).is_official else "applications:drafts"
        return redirect(target)
    return render(request, "applications/discard.html", {"draft": draft, "frame": frame(request)})


@resident
def drafts(request: HttpRequest) -> HttpResponse:
    """List what was begun and not yet submitted."""
    rows = [
        {"draft": draft, "name": item_name(draft), "href": reverse("applications:draft", args=[draft.id])}
        for draft in queries.drafts_of(actor_of(request))
    ]
    return render(request, "applications/drafts.html", {"rows": rows})
