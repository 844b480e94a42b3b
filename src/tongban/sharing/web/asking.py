"""From a look-up to a question or an objection, from a value to its correction; and the steward's page for that."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, kept, official, resident
from tongban.sharing import actions, queries
from tongban.sharing.kinds.mine import correction_rows
from tongban.sharing.rules.values import words_of
from tongban.sharing.web.forms import AskForm, CorrectForm, SettleForm
from tongban.sharing.web.mine import about, line_of, whose_of


@resident
@keeping
def ask(request: HttpRequest, look_up_id: UUID) -> HttpResponseBase:
    """Ask about a look-up, or object to it."""
    whose = whose_of(request)
    line = line_of(request, whose, look_up_id)
    wanted = request.GET.get("kind", "question")
    form = AskForm(request.POST if request.method == "POST" else kept(request), initial={"kind": wanted})
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.ask(
                actor=actor_of(request),
                whose=whose,
                line=line,
                kind=form.text("kind"),
                words=form.text("words"),
                now=now(),
            )
        except Invalid as invalid:
            form.take_in(invalid)
        else:
            messages.success(request, _("Sent. You can follow it here, and are told when it is answered."))
            return redirect("cases:follow", case.number)
    context = {"whose": whose, "about": about(whose), "line": line, "form": form}
    return render(request, "sharing/ask.html", context, status=422 if form.is_bound else 200)


@resident
@keeping
def correct(request: HttpRequest, resource: str, field: str) -> HttpResponseBase:
    """Say that a value is not right. The stable address that prefilled fields of forms lead to."""
    actor, whose, at = actor_of(request), whose_of(request), now()
    held = queries.held_for(whose, resource, at)
    item = held.item(field)
    form = CorrectForm(request.POST if request.method == "POST" else kept(request))
    place = _place(request)
    answer = actions.read_held(actor=actor, whose=whose, held=held, fields=[field], now=at)
    outlines = queries.outlines_of(held, whose, at)
    stated = answer.records[place].get(field) if place < len(answer.records) else None
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.ask_correction(
                actor=actor,
                whose=whose,
                held=held,
                field=field,
                record_key=outlines[place].key if place < len(outlines) else "",
                stated=stated,
                wanted=form.text("wanted"),
                words=form.text("words"),
                now=at,
            )
        except Invalid as invalid:
            form.take_in(invalid)
        else:
            messages.success(request, _("Sent to the office that keeps the register. You can follow it here."))
            return redirect("cases:follow", case.number)
    context = {
        "whose": whose,
        "about": about(whose),
        "held": held,
        "item": item,
        "named": either(item.name, item.name_en),
        "stated": words_of(item, stated),
        "form": form,
    }
    return render(request, "sharing/correct.html", context, status=422 if form.is_bound else 200)


def _place(request: HttpRequest) -> int:
    """Return which of several records is meant: `?record=<place>`, the first without it."""
    asked = request.GET.get("record", "0")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < len("1000") else 0


@official
@keeping
def settle(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put a register right, or say why it stays as it is."""
    actor = actor_of(request)
    case, task, correction = queries.correction_to_settle(actor, number)
    again = kept(request)
    sent = request.POST if request.method == "POST" else again
    form = SettleForm(sent, initial={"revision": case.revision, "value": correction.wanted})
    conflict: Conflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_correction(
                actor=actor,
                task=task,
                correction=correction,
                outcome=form.text("outcome"),
                value=form.text("value"),
                reasons=form.text("reasons"),
                legal_basis=form.text("legal_basis"),
                revision=form.cleaned_data.get("revision"),
                now=now(),
            )
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as refused:
            conflict = refused
        else:
            messages.success(request, _("Done. The person has been told."))
            return redirect("cases:inbox")
    context: dict[str, Any] = {
        "case": case,
        "correction": correction,
        "rows": correction_rows(correction, shown=task.holder_id in {None, actor.official_id}),
        "form": form,
        "conflict": conflict,
    }
    status = conflict.status if conflict else (422 if form.is_bound else 200)
    return render(request, "sharing/settle.html", context, status=status)
