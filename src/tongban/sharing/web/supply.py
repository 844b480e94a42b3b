"""Pages of requests: what we asked, what we are asked, a new one, and one with its answer."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.calendar import queries as calendar
from tongban.calendar.rules import days_left
from tongban.exchange import queries as exchange
from tongban.sharing import actions, queries
from tongban.sharing.errors import AskedAlready
from tongban.sharing.models import DataRequest
from tongban.sharing.web.supply_forms import AnswerForm, DisputeForm, RequestForm, TypedForm, saved_words

if TYPE_CHECKING:
    from tongban.exchange.models import Resource

PAGE_SIZE = 25


@official_with("steward")
def asked(request: HttpRequest) -> HttpResponse:
    """Show what one's office has asked for, and which of its grants end soon."""
    actor, at = actor_of(request), now()
    context = {
        "page": Paginator(queries.asked(actor), PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "ending": queries.ending_grants(actor, at),
    }
    return render(request, "sharing/asked.html", context)


@official_with("steward")
def received(request: HttpRequest) -> HttpResponse:
    """Show what one's office is asked for, what waits first."""
    found = queries.received(actor_of(request))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1))
    return render(request, "sharing/received.html", {"page": page})


@official_with("steward")
@keeping
def new(request: HttpRequest, resource: str) -> HttpResponseBase:
    """Ask for a resource of the catalogue."""
    found, actor = exchange.resource_by_slug(resource), actor_of(request)
    posts = [post for post in queries.asking_posts(actor) if post.organisation_id != found.provider_id]
    items = exchange.items_of(found)
    typed = request.POST if request.method == "POST" else kept(request)
    form = RequestForm(typed, posts=posts, items=items, like=_like(request, found))
    if request.method != "POST" or not form.is_valid():
        return _new_page(request, found, form, posts, status=422 if request.method == "POST" else 200)
    try:
        made = actions.hand_in(
            actor=actor,
            resource=found,
            post_id=form.post_id,
            draft=form.draft(),
            idempotency_key=form.key_sent,
            now=now(),
        )
    except Invalid as invalid:
        form.take_in(invalid)
        return _new_page(request, found, form, posts, status=invalid.status)
    except Conflict as refusal:
        return _new_page(request, found, form, posts, conflict=refusal, status=refusal.status)
    messages.success(request, saved_words(made.case.number))
    return redirect("sharing:request", made.case.number)


def _like(request: HttpRequest, resource: "Resource") -> DataRequest | None:
    """Return the request whose content is proposed: one of the actor's offices, about the same resource."""
    number = clean_line(request.GET.get("like", ""))
    return queries.asked(actor_of(request)).filter(case__number=number, resource=resource).first() if number else None


def _new_page(
    request: HttpRequest,
    resource: "Resource",
    form: RequestForm,
    posts: list[Any],
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    there = str(conflict.details.get("number", "")) if conflict else ""
    context = {"resource": resource, "form": form, "posts": posts, "conflict": conflict, "there": there}
    return render(request, "sharing/new.html", context, status=status)


@official_with("steward", "supervisor")
@keeping
def shown(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show a request; answer it, take it back, or take its refusal to the coordinator."""
    found = queries.request_for(actor_of(request), number)
    typed = request.POST if request.method == "POST" else kept(request)
    answering, disputing = AnswerForm(typed, request=found, items=queries.items_asked(found)), DisputeForm(typed)
    if request.method != "POST":
        return _page(request, found, answering, disputing)
    step = request.POST.get("step", "")
    form: TypedForm = disputing if step == "dispute" else answering
    try:
        if step == "take-back":
            actions.take_back(actor=actor_of(request), request=found, now=now())
            messages.success(request, _("The request was taken back."))
        elif not form.is_valid():
            return _page(request, found, answering, disputing, status=422)
        elif step == "dispute":
            made = actions.raise_dispute(
                actor=actor_of(request), request=found, grounds=disputing.text("grounds"), now=now()
            )
            messages.success(request, _("The coordinator has your dispute."))
            return redirect("sharing:dispute", made.case.number)
        else:
            messages.success(request, _answer(request, found, answering))
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, found, answering, disputing, status=invalid.status)
    except Conflict as conflict:
        return _page(request, _again(request, number), answering, disputing, conflict=conflict, status=conflict.status)
    return redirect("sharing:request", number)


def _again(request: HttpRequest, number: str) -> DataRequest:
    return queries.request_for(actor_of(request), number)


def _answer(request: HttpRequest, found: DataRequest, form: AnswerForm) -> str:
    answered = actions.answer(
        actor=actor_of(request),
        request=found,
        given=form.answer(),
        revision=form.cleaned_data.get("revision"),
        now=now(),
    )
    return {
        "granted": _("Granted. The other office can use the data from now on."),
        "partly": _("Granted in part. The other office is told the reasons."),
    }.get(answered.outcome, _("Refused. The other office is told the reasons."))


def _page(
    request: HttpRequest,
    found: DataRequest,
    answering: AnswerForm,
    disputing: DisputeForm,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, task = actor_of(request), queries.open_task(found.case)
    today = office_date(now())
    context = {
        "asked": found,
        "items": queries.items_asked(found),
        "task": task,
        "days_left": days_left(task.due_on, today, calendar.working_calendar()) if task and task.due_on else None,
        "decision": getattr(found.case, "decision", None),
        "dispute": getattr(found, "dispute", None),
        "answering": answering if queries.is_to_answer(actor, task) else None,
        "disputing": disputing if queries.may_dispute(actor, found) else None,
        "may_take_back": queries.may_take_back(actor, found),
        "is_ours": any(post.organisation_id == found.consumer_id for post in queries.asking_posts(actor)),
        "conflict": conflict,
    }
    return render(request, "sharing/request.html", context, status=status)


@official_with("steward")
def renew(request: HttpRequest, grant_id: Any) -> HttpResponse:  # noqa: ANN401 - a UUID of the address
    """Ask again for what a grant allows: one click."""
    grant = queries.grant_to_renew(actor_of(request), grant_id)
    if request.method != "POST":
        return redirect("sharing:asked")
    try:
        made = actions.ask_again(actor=actor_of(request), grant_id=grant.id, now=now())
    except Invalid:
        messages.warning(
            request, _("The catalogue has changed since. Please look through the request before you send it.")
        )
        return redirect("sharing:new", grant.resource.slug)
    except AskedAlready as refusal:
        there = reverse("sharing:request", args=[refusal.details["number"]])
        link = format_html('<a class="govuk-link" href="{}">{}</a>', there, refusal.details["number"])
        messages.warning(request, format_html("{} {}", refusal, link))
        return redirect("sharing:asked")
    except Conflict as conflict:
        messages.warning(request, str(conflict))
        return redirect("sharing:asked")
    messages.success(request, saved_words(made.case.number))
    return redirect("sharing:request", made.case.number)
