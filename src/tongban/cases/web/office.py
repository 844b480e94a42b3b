"""Lists for officials: inbox with bulk actions, search, fees, deliveries."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid, Words
from tongban.base.templatetags.words import labelled, listed
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official, official_with
from tongban.base.web.going_on import own_path
from tongban.calendar import queries as calendar
from tongban.cases import actions, queries
from tongban.cases.models import Case, Task
from tongban.cases.providers import warnings_of
from tongban.cases.queries.inbox import Filters
from tongban.cases.rules import duties
from tongban.cases.rules.urgency import pressure
from tongban.cases.web import forms

PAGE_SIZE = 25
LONGEST_BULK = 100
BULK = {"claim": actions.claim_many, "release": actions.release_many, "accept": actions.accept_many}
BULK_DONE: dict[str, Words] = {
    "claim": gettext_lazy("Taken"),
    "release": gettext_lazy("Given back"),
    "accept": gettext_lazy("Accepted"),
}


@official
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the tasks of the official's posts in the order of the clock."""
    asked = request.GET
    view = asked.get("view", "all")
    filters = Filters(
        view=view if view in {"mine", "open"} else "all",  # type: ignore[arg-type]  # one of the three
        kind=asked.get("kind", "") if asked.get("kind") in Task.Kind.values else "",
        urgency=asked.get("urgency", "") if asked.get("urgency") in {"overdue", "today"} else "",
        words=clean_line(asked.get("words", ""))[:60],
    )
    shown = queries.inbox(actor_of(request), filters, today=office_date(now()), page=asked.get("page", 1))
    return render(request, "cases/inbox.html", {"inbox": shown, "back": request.get_full_path()})


@official
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Claim, release or accept the chosen tasks."""
    back = own_path(request, request.POST.get("back", "")) or reverse("cases:inbox")
    chosen = _ids(request.POST.getlist("task"))
    act = BULK.get(request.POST.get("action", ""))
    if request.method != "POST" or act is None:
        return redirect(back)
    if not chosen:
        messages.warning(request, _("Please tick at least one task first."))
        return redirect(back)
    actor = actor_of(request)
    outcome = act(actor=actor, tasks=queries.tasks_for(actor, chosen), now=now())
    if outcome.done:
        done = {"what": BULK_DONE[request.POST["action"]], "which": listed(outcome.done)}
        messages.success(request, _("%(what)s: %(which)s") % done)
    for number, words in outcome.refused:
        messages.warning(request, labelled(number, words))
    return redirect(back)


def _ids(sent: list[str]) -> list[UUID]:
    found = []
    for text in sent[:LONGEST_BULK]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@official
def search(request: HttpRequest) -> HttpResponse:
    """Find cases among those the official may see."""
    words = clean_line(request.GET.get("words", ""))[:60]
    state = request.GET.get("state", "") if request.GET.get("state") in Case.State.values else ""
    cases = queries.search_cases(actor_of(request), words=words, state=state)
    pages: Paginator[Case] = Paginator(cases, PAGE_SIZE)  # type: ignore[arg-type]  # sliced and counted, no more
    page = pages.get_page(request.GET.get("page", 1))
    warnings = warnings_of([case.id for case in page])
    for case in page:
        case.colour = warnings.get(case.id, "green" if case.ended_at is None else "")  # type: ignore[attr-defined]  # for the row
    context = {"page": page, "words": words, "state": state, "states": Case.State.choices}
    return render(request, "cases/search.html", context)


@official_with(*duties.COUNTER)
def fees(request: HttpRequest) -> HttpResponse:
    """Show the fees that are due, and those settled."""
    return _fees(request)


def _fees(request: HttpRequest, sent: dict[tuple[UUID, str], forms.StepForm] | None = None) -> HttpResponse:
    view = "settled" if request.GET.get("view") == "settled" else "due"
    page = Paginator(queries.fees_due(actor_of(request), state=view), PAGE_SIZE).get_page(request.GET.get("page", 1))
    bound = sent or {}
    rows = [
        {
            "fee": fee,
            "settle": bound.get((fee.id, "settle")) or forms.SettleForm(prefix=f"settle-{fee.id}"),
            "waive": bound.get((fee.id, "waive")) or forms.WaiveForm(prefix=f"waive-{fee.id}"),
        }
        for fee in page
    ]
    context = {"page": page, "rows": rows, "view": view, "error_forms": list(bound.values())}
    return render(request, "cases/fees.html", context, status=422 if bound else 200)


@official_with(*duties.COUNTER)
@keeping
def settle(request: HttpRequest, fee_id: UUID, how: str) -> HttpResponseBase:
    """Mark a fee as paid, or waive it."""
    actor = actor_of(request)
    fee = queries.fee_for(actor, fee_id)
    again = kept(request)
    if request.method != "POST" and again is None:
        return redirect("cases:fees")
    form: forms.StepForm
    how = "waive" if how == "waive" else "settle"
    if how == "waive":
        form = forms.WaiveForm(again or request.POST, prefix=f"waive-{fee.id}")
    else:
        form = forms.SettleForm(again or request.POST, prefix=f"settle-{fee.id}")
    if again:
        return _fees(request, {(fee.id, how): form})
    try:
        if form.is_valid():
            _settle(actor, fee, form)
            messages.success(request, _("Kept: %(fee)s, %(number)s") % {"fee": fee.name, "number": fee.case.number})
            return redirect("cases:fees")
    except Invalid as invalid:
        form.take_in(invalid)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
        return redirect("cases:fees")
    return _fees(request, {(fee.id, how): form})


def _settle(actor: Any, fee: Any, form: forms.StepForm) -> None:  # noqa: ANN401 - those of `settle`
    if isinstance(form, forms.WaiveForm):
        actions.waive_fee(actor=actor, fee=fee, reason=form.text("waive_reason"), now=now())
    else:
        actions.settle_fee(actor=actor, fee=fee, receipt_number=form.text("receipt_number"), now=now())


@official_with(*duties.HANDS_OUT)
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show what is to be handed over or sent."""
    page = Paginator(queries.deliveries_due(actor_of(request)), PAGE_SIZE).get_page(request.GET.get("page", 1))
    today, reckoned = office_date(now()), calendar.working_calendar()
    rows = [{"task": task, "pressure": pressure(task.due_on, today, reckoned)} for task in page]
    return render(request, "cases/deliveries.html", {"page": page, "rows": rows})
