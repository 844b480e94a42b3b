"""Pages of disputes, unused fields and the policy; the public list of refusals."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now
from tongban.base.errors import Conflict, Forbidden, Invalid
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, anybody, keeping, kept, official_with
from tongban.exchange.errors import NotShared
from tongban.sharing import actions, queries
from tongban.sharing.models import DataRequest, Dispute, UnusedFields
from tongban.sharing.rules.terms import LIMITS
from tongban.sharing.web.supply_forms import OrderForm, PolicyForm, ReasonForm

PAGE_SIZE = 25


@official_with("steward", "supervisor")
def disputes(request: HttpRequest) -> HttpResponse:
    """Show the disputes in which one's office has a part; all, for the coordinator."""
    page = Paginator(queries.disputes(actor_of(request)), PAGE_SIZE).get_page(request.GET.get("page", 1))
    return render(request, "sharing/disputes.html", {"page": page})


@official_with("steward", "supervisor")
@keeping
def dispute(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show a dispute; the coordinator decides it."""
    found = queries.dispute_for(actor_of(request), number)
    refused = [item for item in queries.items_asked(found.request) if item.code in found.request.refused_fields]
    typed = request.POST if request.method == "POST" else kept(request)
    form = OrderForm(typed, revision=found.case.revision, items=refused)
    if request.method != "POST" or not form.is_bound or not form.is_valid():
        return _dispute_page(request, found, form, status=422 if request.method == "POST" else 200)
    try:
        decided = actions.decide_dispute(
            actor=actor_of(request),
            dispute=found,
            fields=tuple(form.cleaned_data["ordered"]),
            reasons=form.text("reasons"),
            law=form.text("law"),
            article=form.text("article"),
            revision=form.cleaned_data.get("revision"),
            now=now(),
        )
    except Invalid as invalid:
        form.take_in(invalid)
        return _dispute_page(request, found, form, status=invalid.status)
    except NotShared:
        sentence = _("The catalogue says that these are not shared. The office that gives them must change it first.")
        form.add_error("ordered", sentence)
        return _dispute_page(request, found, form, status=422)
    except Conflict as conflict:
        again = queries.dispute_for(actor_of(request), number)
        return _dispute_page(request, again, form, conflict=conflict, status=conflict.status)
    ordered = decided.outcome == Dispute.Outcome.ORDERED
    messages.success(request, _("Ordered; the grant is given.") if ordered else _("The refusal stands."))
    return redirect("sharing:dispute", number)


def _dispute_page(
    request: HttpRequest, found: Dispute, form: OrderForm, *, conflict: Conflict | None = None, status: int = 200
) -> HttpResponse:
    task = queries.open_task(found.case)
    context = {
        "dispute": found,
        "asked": found.request,
        "items": queries.items_asked(found.request),
        "task": task,
        "refusal": getattr(found.request.case, "decision", None),
        "decision": getattr(found.case, "decision", None),
        "form": form if queries.is_to_answer(actor_of(request), task) else None,
        "conflict": conflict,
    }
    return render(request, "sharing/dispute.html", context, status=status)


@official_with("steward")
def unused(request: HttpRequest) -> HttpResponse:
    """Show the items that offices hold and do not use."""
    page = Paginator(queries.proposals(actor_of(request)), PAGE_SIZE).get_page(request.GET.get("page", 1))
    return render(request, "sharing/unused.html", {"page": page, "days": queries.policy().unused_days})


@official_with("steward")
@keeping
def unused_one(request: HttpRequest, proposal_id: Any) -> HttpResponseBase:  # noqa: ANN401 - a UUID of the address
    """Take unused items out of a grant, or keep them."""
    found = queries.proposal_for(actor_of(request), proposal_id)
    form = ReasonForm(request.POST if request.method == "POST" else kept(request))
    if request.method != "POST" or not form.is_valid():
        return _unused_page(request, found, form, status=422 if request.method == "POST" else 200)
    act = actions.take_out if request.POST.get("step") == "take-out" else actions.keep
    try:
        act(actor=actor_of(request), proposal=found, reason=form.text("reason"), now=now())
    except Invalid as invalid:
        form.take_in(invalid)
        return _unused_page(request, found, form, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
        return redirect("sharing:unused-one", found.id)
    messages.success(request, _("Kept in order. The office that holds the grant can read why."))
    return redirect("sharing:unused")


def _unused_page(request: HttpRequest, found: UnusedFields, form: ReasonForm, *, status: int) -> HttpResponse:
    context = {"proposal": found, "grant": found.grant, "form": form}
    return render(request, "sharing/unused_one.html", context, status=status)


@official_with("steward", "supervisor")
@keeping
def policy(request: HttpRequest) -> HttpResponseBase:
    """Show what is laid down about requests and grants; who coordinates changes it."""
    standing, may = queries.newest_policy(), queries.may_publish_policy(actor_of(request))
    initial = {name: getattr(queries.policy(), name) for name in LIMITS}
    initial["after_version"] = standing.version if standing else 0
    form = PolicyForm(request.POST if request.method == "POST" else kept(request), initial=initial)
    context = {"form": form, "standing": standing, "may_publish": may, "policy": queries.policy()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "sharing/policy.html", context, status=422 if request.method == "POST" else 200)
    if not may:
        raise Forbidden
    try:
        actions.publish_policy(
            actor=actor_of(request),
            policy=form.policy(),
            after_version=form.cleaned_data.get("after_version") or 0,
            now=now(),
        )
    except Invalid as invalid:
        form.take_in(invalid)
        return render(request, "sharing/policy.html", context, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("These rules hold from now on."))
    return redirect("sharing:policy")


@anybody
def refusals(request: HttpRequest) -> HttpResponse:
    """Show to everybody what offices have refused one another, and by which law."""
    page = Paginator(queries.refusals(), PAGE_SIZE).get_page(request.GET.get("page", 1))
    names = queries.names_of(list(page.object_list))
    rows = [(one, [_named(names, one, code) for code in one.refused_fields]) for one in page]
    return render(request, "sharing/refusals.html", {"page": page, "rows": rows})


def _named(names: dict[Any, Any], request: DataRequest, code: str) -> str:
    item = names.get((request.resource_id, code))
    return either(item.name, item.name_en) if item else code
