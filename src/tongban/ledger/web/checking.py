"""The page on which anybody checks a proof: in the browser, with nothing sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.base.web import anybody
from tongban.ledger.web.log import key_now


@require_safe
@anybody
def check(request: HttpRequest) -> HttpResponse:
    """Show the page."""
    return render(request, "ledger/check.html", {"key": key_now()})
