"""The operator's pages of exchange between installations: for data stewards of the service centre."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, NotFound
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import errors, queries
from tongban.exchange.actions import membership as places
from tongban.exchange.actions import passing as passing_actions
from tongban.exchange.queries import membership, passing
from tongban.exchange.rules.neighbours.directory import Directory, told_of
from tongban.exchange.rules.neighbours.watching import DIRECTORY_SOON, KEY_SOON, LineState, end_state
from tongban.exchange.web.neighbour_forms import DAYS, OUTCOMES, WAYS, AllowForm, OfferForm, SystemForm

PAGE_SIZE = 50
LONGEST_SEARCH = 200
View = Callable[..., HttpResponseBase]


def of_the_centre(view: View) -> View:
    """Let in the data stewards of the service centre alone. Raises OnlyTheCentre."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not queries.reviews(actor_of(request)):
            raise errors.OnlyTheCentre
        return view(request, *args, **kwargs)

    return guarded


@official_with("steward")
@keeping
@of_the_centre
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show who we are, our keys, the directory and its members; make and end keys."""
    if request.method == "POST":
        return _key_step(request)
    at = now()
    keys = [(one, end_state(one.valid_until, at, KEY_SOON)) for one in membership.own_keys()]
    newest, known = passing.newest_directory(), _directory(request)
    context = {
        "place": membership.membership(),
        "keys": sorted(keys, key=lambda one: one[0].valid_until, reverse=True),
        "newest": newest,
        "newest_state": end_state(newest.expires_at, at, DIRECTORY_SOON) if newest else "",
        "directory": known,
        "members": _members(known) if known else [],
        "now": at,
    }
    return render(request, "exchange/neighbours.html", context)


def _directory(request: HttpRequest) -> Directory | None:
    """Return the directory that is good now; where there is none, say why."""
    try:
        return membership.directory(now())
    except (errors.NoMembership, errors.NoDirectory) as missing:
        messages.warning(request, str(missing))
        return None


def _members(known: Directory) -> list[dict[str, Any]]:
    at, states = now(), passing.line_states(now())
    return [
        {
            "member": one,
            "ends": max((key.valid_until for key in one.keys), default=at),
            "end_state": end_state(max((key.valid_until for key in one.keys), default=at), at, KEY_SOON),
            "keys": sum(key.is_good(at) for key in one.keys),
            "line": states.get(str(one.id), LineState()),
        }
        for one in known.members
    ]


@official_with("steward")
@of_the_centre
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Give our description as JSON, for whoever issues the directory. Raises NoMembership, NoKey."""
    told = json.dumps(told_of(membership.description(now())), ensure_ascii=False, indent=1)
    answer = HttpResponse(told, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="member.json"'
    return answer


def _key_step(request: HttpRequest) -> HttpResponseBase:
    actor, step = actor_of(request), request.POST.get("step", "")
    try:
        if step == "make":
            places.make_key(actor=actor, now=now())
            messages.success(request, _("The key is made. Send your new description to whoever issues the directory."))
        else:
            places.end_key(actor=actor, key_id=clean_line(request.POST.get("key", ""))[:43], now=now())
            messages.success(request, _("The key has ended."))
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return redirect("exchange:neighbours")


@official_with("steward")
@keeping
@of_the_centre
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest) -> HttpResponseBase:
    """Show what we offer and who may ask; offer, end, allow and forbid."""
    sent = request.POST if request.method == "POST" else kept(request)
    step = str(sent.get("step", "")) if sent else ""
    offer = OfferForm(sent if step == "offer" else None, list(queries.resources()))
    allow = AllowForm(sent if step == "allow" else None, prefix="allow")
    form = {"offer": offer, "allow": allow}.get(step)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            messages.success(
                request, _SERVICE_STEPS.get(step, _end_service)(request, form.cleaned_data if form else {})
            )
        except (Conflict, NotFound) as refused:
            if form is None:
                messages.warning(request, str(refused))
                return redirect("exchange:services")
            form.add_error(None, _refusal_words(refused))
        else:
            return redirect("exchange:services")
    offered = passing.services()
    context = {
        "services": offered,
        "has_rest": any(one.resource_id is None for one in offered),
        "offer": offer,
        "allow": allow,
        "chosen": sent.get("service", "") if sent else "",
        "all_forms": [offer, allow],
    }
    return render(request, "exchange/services.html", context, status=422 if request.method == "POST" else 200)


def _refusal_words(refused: Conflict | NotFound) -> str:
    detail = refused.details.get("detail", "")
    return f"{refused} {detail}".strip()


def _offer(request: HttpRequest, typed: Mapping[str, Any]) -> str:
    offered = passing_actions.Offer(
        subsystem=clean_line(typed["subsystem"]),
        subsystem_name=clean_line(typed["subsystem_name"]),
        code=clean_line(typed["code"]),
        name=clean_line(typed["name"]),
        resource_id=UUID(typed["resource"]) if typed["resource"] else None,
        address=typed["address"].strip(),
        timeout_seconds=typed["timeout_seconds"] or 10,
    )
    passing_actions.offer(actor=actor_of(request), offered=offered, now=now())
    return _("The service is offered. It stands in the directory once you have sent your new description.")


def _allow(request: HttpRequest, typed: Mapping[str, Any]) -> str:
    passing_actions.allow(
        actor=actor_of(request),
        service_id=_id(request.POST.get("service", "")),
        client=clean_line(typed["client"]),
        method=typed["method"],
        path=typed["path"].strip(),
        now=now(),
    )
    return _("The client may call it.")


def _forbid(request: HttpRequest, _typed: Mapping[str, Any]) -> str:
    passing_actions.forbid(actor=actor_of(request), right_id=_id(request.POST.get("right", "")), now=now())
    return _("The client may call it no more.")


def _end_service(request: HttpRequest, _typed: Mapping[str, Any]) -> str:
    passing_actions.end_offer(actor=actor_of(request), service_id=_id(request.POST.get("service", "")), now=now())
    return _("The service is offered no more, and all rights to it have ended.")


_SERVICE_STEPS: Mapping[str, Callable[[HttpRequest, Mapping[str, Any]], str]] = {
    "offer": _offer,
    "allow": _allow,
    "forbid": _forbid,
}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@official_with("steward")
@keeping
@of_the_centre
@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: HttpRequest) -> HttpResponseBase:
    """Show the systems of this house that may call through our door; register one, end one."""
    sent = request.POST if request.method == "POST" else kept(request)
    ending = bool(sent) and sent.get("step") == "end"  # type: ignore[union-attr]
    form = SystemForm(None if ending else sent, prefix="system")
    if request.method == "POST" and (ending or form.is_valid()):
        try:
            messages.success(request, _end_system(request) if ending else _register(request, form))
        except Conflict as conflict:
            if ending:
                messages.warning(request, str(conflict))
                return redirect("exchange:systems")
            form.add_error(None, _refusal_words(conflict))
        else:
            return redirect("exchange:systems")
    context = {"systems": passing.systems(), "form": form}
    return render(request, "exchange/systems.html", context, status=422 if request.method == "POST" else 200)


def _register(request: HttpRequest, form: SystemForm) -> str:
    certificate, networks = form.known_by
    passing_actions.register_system(
        actor=actor_of(request),
        client=clean_line(form.cleaned_data["client"]),
        certificate=certificate,
        networks=networks,
        now=now(),
    )
    return _("The system may call through our door.")


def _end_system(request: HttpRequest) -> str:
    passing_actions.end_system(
        actor=actor_of(request), client=clean_line(request.POST.get("client", ""))[:800], now=now()
    )
    return _("The system may call no more.")


@official_with("steward")
@of_the_centre
@require_safe
def passages(request: HttpRequest) -> HttpResponse:
    """Show what passed our door, found by number, member, way and outcome."""
    asked = {name: clean_line(request.GET.get(name, ""))[:LONGEST_SEARCH] for name in ("number", "member")}
    chosen = {
        name: value if (value := request.GET.get(name, "")) in dict(offered) else ""
        for name, offered in (("way", WAYS), ("outcome", OUTCOMES), ("days", DAYS))
    }
    filters = passing.PassageFilters(
        **asked, way=chosen["way"], outcome=chosen["outcome"], days=int(chosen["days"] or "1")
    )
    page = Paginator(passing.passages(filters, now()), PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {"page": page, "filters": filters, "ways": WAYS, "outcomes": OUTCOMES, "days": DAYS}
    return render(request, "exchange/passages.html", context)
