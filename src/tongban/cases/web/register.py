"""The register of papers, the correction of one, and voiding one that should not have been issued."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.cases import actions, queries
from tongban.cases.rules import corrections
from tongban.cases.web.forms import CorrectionForm, VoidForm


@official_with(*corrections.READERS)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the numbers of an office, by year and series."""
    asked = {name: request.GET.get(name, "") for name in ("office", "year", "series")}
    shown = queries.register(actor_of(request), **asked, page=request.GET.get("page", 1))
    context = {
        "register": shown,
        "may_correct": any(actor_of(request).has_role(role) for role in corrections.CORRECTORS),
    }
    return render(request, "cases/register.html", context)


@official_with(*corrections.CORRECTORS)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, paper_id: UUID) -> HttpResponseBase:
    """Void a paper, and issue the corrected one."""
    actor = actor_of(request)
    found = queries.case_paper_for(actor, paper_id)
    form = CorrectionForm(request.POST or kept(request), prefix="correct")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.correct_paper(
                actor=actor,
                case_id=found.case_id,
                paper_id=paper_id,
                reason=form.text("reason"),
                wanted=[actions.Correction(form.text("wrong"), form.text("right"))],
                now=now(),
            )
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(
                request,
                _("%(old)s is void; %(new)s takes its place. The applicant is told.")
                % {"old": found.paper.number, "new": made.number},
            )
            return redirect("cases:register")
    context = {
        "row": found,
        "form": form,
        "fixed": corrections.fixed_words(found.paper.kind, found.case),
        "may": corrections.may_correct(actor, found.paper.organisation_id, found.paper.kind),
    }
    return render(request, "cases/correct.html", context, status=422 if form.errors else 200)


@official_with(*corrections.CORRECTORS)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, paper_id: UUID) -> HttpResponseBase:
    """Void a paper that should not have been issued; no other takes its place."""
    actor = actor_of(request)
    found = queries.case_paper_for(actor, paper_id)
    form = VoidForm(request.POST or kept(request), prefix="void")
    if request.method == "POST" and form.is_valid():
        try:
            voided = actions.void_paper(
                actor=actor, case_id=found.case_id, paper_id=paper_id, reason=form.text("reason"), now=now()
            )
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            words = _("%(number)s is void. The applicant is told.") % {"number": voided.number}
            messages.success(request, words)
            return redirect("cases:register")
    context = {"row": found, "form": form, "is_possible": queries.may_be_voided_alone(found.case, found.paper)}
    return render(request, "cases/void.html", context, status=422 if form.errors else 200)
