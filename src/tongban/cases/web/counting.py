"""How the days of a case's clocks are counted, on a page of its own that can be printed 期限计算说明."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base.clock import now, office_date
from tongban.base.errors import Invalid
from tongban.base.web import actor_of, official, resident
from tongban.cases import queries


@resident
def mine(request: HttpRequest, number: str) -> HttpResponse:
    """Show the applicant how the days are counted, today or as if today were another day."""
    return _page(request, number, for_applicant=True)


@official
def office(request: HttpRequest, number: str) -> HttpResponse:
    """Show an official the same, with the limits for supervision."""
    return _page(request, number, for_applicant=False)


def _page(request: HttpRequest, number: str, *, for_applicant: bool) -> HttpResponse:
    case = queries.case_for(actor_of(request), number)
    at = now()
    typed, error = request.GET.get("as_of", "")[:20], ""
    try:
        counts = queries.counts_of(case, today=office_date(at), as_of=_day(typed), for_applicant=for_applicant)
    except Invalid as invalid:
        error = " ".join(sentence for sentences in invalid.fields.values() for sentence in sentences)
        counts = queries.counts_of(case, today=office_date(at), for_applicant=for_applicant)
    context = {
        "case": case,
        "counts": counts,
        "error": error,
        "typed": typed if error else counts.as_of.isoformat(),
        "page_words": _("How the limits are counted"),
        "layout_template": "base/page.html" if for_applicant else "base/office.html",
        "back_url": reverse("cases:follow" if for_applicant else "cases:case", args=[case.number]),
        "own_url": reverse("cases:clocks" if for_applicant else "cases:office-clocks", args=[case.number]),
        "printed_at": at,
    }
    return render(request, "cases/clocks.html", context, status=422 if error else 200)


def _day(typed: str) -> date | None:
    """Return the day that was asked for; None for none. Raises Invalid for what is no day."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({"as_of": [_("Please choose a day.")]}) from None
