"""The page that lists the operations: made here, with nothing from elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.api import describing
from tongban.base.web import anybody


@anybody
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation with what it takes and answers."""
    return render(request, "api/docs.html", {"subjects": describing.subjects()})
