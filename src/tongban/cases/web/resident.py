"""Pages of the applicant: own matters, follow one, take it back, say how it was."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, resident
from tongban.cases import actions, queries
from tongban.cases.kinds import kind_of
from tongban.cases.models import Case, FeeDemand
from tongban.cases.web import forms

PAGE_SIZE = 20


@resident
def mine(request: HttpRequest) -> HttpResponse:
    """Show the resident's matters."""
    view = request.GET.get("view", "") if request.GET.get("view") in {"open", "ended"} else ""
    cases = queries.cases_of(actor_of(request), view=view)
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page", 1))
    return render(request, "cases/mine.html", {"page": page, "view": view})


@resident
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a matter is and what is wanted now."""
    return _follow(request, queries.case_for(actor_of(request), number))


def _follow(
    request: HttpRequest, case: Case, rating_form: forms.RatingForm | None = None, *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    followed = queries.follow(case, actor=actor, today=office_date(now()))
    case.has_fee = any(fee.state == FeeDemand.State.DUE for fee in followed.fees)  # type: ignore[attr-defined]  # as in lists
    context = {
        "follow": followed,
        "case": case,
        "panels": kind_of(case).panels(case, actor),
        "delivery_words": queries.delivery_words(case),
        "rating_form": rating_form or forms.RatingForm(prefix="rating"),
    }
    return render(request, "cases/follow.html", context, status=status)


@resident
@keeping
def rate(request: HttpRequest, number: str) -> HttpResponseBase:
    """Say how it was, once."""
    actor = actor_of(request)
    case = queries.case_for(actor, number)
    if request.method != "POST":
        again = kept(request)
        if again is None:
            return redirect("cases:follow", number)
        return _follow(request, case, forms.RatingForm(again, prefix="rating"))
    form = forms.RatingForm(request.POST, prefix="rating")
    if not form.is_valid():
        return _follow(request, case, form, status=422)
    try:
        actions.rate(
            actor=actor, case=case, level=form.cleaned_data.get("level") or 0, words=form.text("words"), now=now()
        )
        messages.success(request, _("Thank you for telling us."))
    except Invalid as invalid:
        form.take_in(invalid)
        return _follow(request, case, form, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return redirect("cases:follow", number)


@resident
@keeping
def withdraw(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask once, then take the matter back."""
    actor = actor_of(request)
    case = queries.case_for(actor, number)
    form = forms.WithdrawForm(request.POST if request.method == "POST" else kept(request), prefix="withdraw")
    if request.method == "POST" and form.is_valid():
        actions.withdraw(actor=actor, case=case, reason=form.text("reason"), now=now())
        messages.success(request, _("You have taken the matter back."))
        return redirect("cases:follow", number)
    status = 422 if form.is_bound else 200
    return render(request, "cases/withdraw.html", {"case": case, "form": form}, status=status)
