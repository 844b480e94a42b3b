"""Pages of supervision orders: the list, one with its answers, a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid, NotFound
from tongban.base.web import actor_of, keeping, kept, official, official_with
from tongban.calendar import queries as calendar
from tongban.calendar.rules import days_left
from tongban.cases import queries as cases
from tongban.coordination import actions, queries
from tongban.coordination.models import Order
from tongban.coordination.web.forms import AnswerForm, IssueForm, JudgementForm, TypedForm, WithdrawForm

PAGE_SIZE = 25


@official
def listed(request: HttpRequest) -> HttpResponse:
    """Show the orders that the official's posts answer or judge, the newest first."""
    asked = request.GET.get("state", "")
    states = [*Order.State.choices, (queries.WITHDRAWN, _("Withdrawn"))]
    state = asked if asked in dict(states) else ""
    found = queries.orders(actor_of(request), state=state).order_by("-issued_at", "-id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {"page": page, "state": state, "states": states}
    return render(request, "coordination/orders.html", context)


@official
@keeping
def order(request: HttpRequest, order_id: object) -> HttpResponseBase:
    """Show an order with its answers; answer it, or judge the answer."""
    actor = actor_of(request)
    shown = queries.order_for(actor, order_id)  # type: ignore[arg-type]  # a UUID of the address
    typed = request.POST if request.method == "POST" else kept(request)
    form = _form(shown, typed)
    if request.method != "POST":
        return _page(request, shown, form)
    if form is None:
        messages.warning(request, _("This supervision order has moved on meanwhile."))
        return redirect("coordination:order", shown.order.id)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    try:
        messages.success(request, _act(request, shown, form))
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, shown, form, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return redirect("coordination:order", shown.order.id)


def _form(shown: queries.OrderShown, typed: object) -> TypedForm | None:
    if shown.may_answer:
        return AnswerForm(typed, prefix="answer")  # type: ignore[arg-type]  # what was posted
    return JudgementForm(typed, prefix="judgement") if shown.may_judge else None  # type: ignore[arg-type]  # see above


def _act(request: HttpRequest, shown: queries.OrderShown, form: TypedForm) -> str:
    """Do what the form asks for, and return what to say of it."""
    given = {"actor": actor_of(request), "order": shown.order, "now": now()}
    if isinstance(form, AnswerForm):
        actions.answer_order(**given, words=form.text("words"), measures=form.text("measures"))  # type: ignore[arg-type]  # as named
        return _("Your answer is with the supervisor.")
    if request.POST.get("verdict") == "accept":
        actions.accept_answer(**given, word=form.text("word"))  # type: ignore[arg-type]  # as named
        return _("The answer is accepted and the order closed.")
    actions.send_back(**given, word=form.text("word"))  # type: ignore[arg-type]  # as named
    return _("The answer is sent back.")


def _page(
    request: HttpRequest, shown: queries.OrderShown, form: TypedForm | None, *, status: int = 200
) -> HttpResponse:
    order = shown.order
    left = days_left(office_date(now()), order.due_on, calendar.working_calendar())
    sees_case = cases.case_is_visible(actor_of(request), order.case_id)
    context = {"shown": shown, "order": order, "form": form, "days_left": left, "sees_case": sees_case}
    return render(request, "coordination/order.html", context, status=status)


@official_with("supervisor")
@keeping
def withdraw(request: HttpRequest, order_id: object) -> HttpResponseBase:
    """Withdraw an order that was issued in error."""
    actor = actor_of(request)
    shown = queries.order_for(actor, order_id)  # type: ignore[arg-type]  # a UUID of the address
    if not queries.takes_back(actor, shown.order):
        raise NotFound
    if not shown.may_withdraw:
        messages.warning(request, _("This supervision order has moved on meanwhile."))
        return redirect("coordination:order", shown.order.id)
    form = WithdrawForm(request.POST if request.method == "POST" else kept(request), prefix="withdraw")
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_order(actor=actor, order=shown.order, reason=form.text("reason"), now=now())
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            messages.warning(request, str(conflict))
            return redirect("coordination:order", shown.order.id)
        else:
            messages.success(
                request, _("The order is withdrawn. The post has been told that nothing is to be answered.")
            )
            return redirect("coordination:order", shown.order.id)
    return render(request, "coordination/withdraw.html", {"order": shown.order, "form": form}, status=status)


@official_with("supervisor")
@keeping
def issue(request: HttpRequest, number: str) -> HttpResponseBase:
    """Issue an order about a case."""
    actor = actor_of(request)
    case = cases.case_for(actor, number)
    if case.organisation_id not in queries.reach_of(actor).organisation_ids:
        raise NotFound
    form = IssueForm(request.POST if request.method == "POST" else kept(request), prefix="issue")
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.issue_order(
                actor=actor, case=case, demand=form.text("demand"), days=form.cleaned_data["days"], now=now()
            )
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            messages.warning(request, str(conflict))
            return redirect("coordination:orders")
        else:
            messages.success(request, _("Issued: %(number)s") % {"number": made.number})
            return redirect("coordination:order", made.id)
    context = {"case": case, "form": form, "open": queries.open_order(case)}
    return render(request, "coordination/issue.html", context, status=status)
