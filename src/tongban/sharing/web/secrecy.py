"""What everybody may know of look-ups under secrecy: numbers alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.base.clock import now
from tongban.base.web import anybody
from tongban.exchange import queries


@require_safe
@anybody
def totals(request: HttpRequest) -> HttpResponse:
    """Show how many look-ups were under secrecy in quarters that are over, and how many are overdue."""
    return render(request, "sharing/secrecy.html", {"totals": queries.secrecy_totals(now())})
