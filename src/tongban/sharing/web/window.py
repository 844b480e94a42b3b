"""The window: an official prints what is held on somebody who is present and has no telephone or account."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.accounts import actions as accounts
from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.sharing import actions, errors, queries
from tongban.sharing.web.forms import PresentForm
from tongban.sharing.web.mine import records_shown

MOST = 100
"""Look-ups on paper, the newest; who wants more is shown how to sign in."""


@official_with("window")
@keeping
@sensitive_post_parameters("identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def print_for(request: HttpRequest) -> HttpResponseBase:
    """See the identity document, then show everything for printing. Each register that is read logs it."""
    actor, at = actor_of(request), now()
    queries.check_window(actor)
    form = PresentForm(request.POST if request.method == "POST" else kept(request))
    if request.method == "POST" and form.is_valid():
        see = partial(accounts.register_person, actor=actor, **form.cleaned_data, assurance="seen", now=at)
        try:
            person = see()
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            form.add_error("name", str(conflict))
        else:
            whose = queries.present_at_window(actor, person.id)
            return render(request, "sharing/printed.html", _everything(actor, whose))
    return render(request, "sharing/print.html", {"form": form}, status=422 if form.is_bound else 200)


def _everything(actor: Actor, whose: queries.Whose) -> dict[str, Any]:
    """Return what is held, without what is sensitive, and who looked."""
    at = now()
    actions.note_reading(actor=actor, whose=whose, now=at)
    shown = [_read(actor, whose, one.resource.slug) for one in queries.resources_on(whose, at)]
    newest = queries.look_ups_on(whose, queries.Wanted(), at)[:MOST]
    themselves = Actor(kind="resident", name=whose.name, person_id=whose.id, is_proven=True)
    return {
        "whose": whose,
        "shown": shown,
        "lines": queries.lines_of(list(newest), themselves),
        "counted": queries.counted(whose, queries.Wanted().period, at),
        "at": at,
    }


def _read(actor: Actor, whose: queries.Whose, slug: str) -> dict[str, Any]:
    at = now()
    held = queries.held_for(whose, slug, at)
    read: dict[str, Any] = {"held": held, "records": [], "is_away": False}
    if held.plain:
        try:
            fields = [item.code for item in held.plain]
            answer = actions.read_held(actor=actor, whose=whose, held=held, fields=fields, now=at)
        except errors.RegisterAway:
            return read | {"is_away": True}
        outlines = queries.outlines_of(held, whose, at)
        read["records"] = records_shown(held, answer.records, outlines, shown=held.plain)
    return read
