"""The message box, and the outbox of the demo."""

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.base.errors import NotFound
from tongban.base.text import clean_line
from tongban.base.web import actor_of, anybody, signed_in
from tongban.notifications import actions, queries

ON_A_PAGE = 20


def _frame(actor: Actor) -> str:
    return "base/office.html" if actor.is_official else "base/page.html"


@require_safe
@signed_in
def box(request: HttpRequest) -> HttpResponse:
    """Show the actor's messages."""
    actor = actor_of(request)
    page = Paginator(queries.box_of(actor), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": queries.unread_count(actor), "frame": _frame(actor)}
    return render(request, "notifications/box.html", context)


@require_safe
@signed_in
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message; opening it is reading it."""
    actor = actor_of(request)
    found = queries.message_for(actor, message_id)
    actions.read(message=found, now=now())
    return render(request, "notifications/message.html", {"message": found, "frame": _frame(actor)})


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read_all(actor=actor_of(request), now=now())
    return redirect("notifications:box")


@require_safe
@anybody
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what the demo would have sent; there is no such page anywhere else."""
    if not settings.TONGBAN_DEMO:
        raise NotFound
    channel = clean_line(request.GET.get("channel", ""))
    page = Paginator(queries.carried(channel or None), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/outbox.html", {"page": page, "channel": channel})
