"""The case page of an official: everything to decide on one page, own task first."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid, NotFound
from tongban.base.web import actor_of, keeping, kept, official
from tongban.cases import actions, queries
from tongban.cases.errors import Overtaken, TaskDone
from tongban.cases.kinds import kind_of, terms_of
from tongban.cases.models import Case, Task
from tongban.cases.rules.papers import remedies_words
from tongban.cases.web import forms, steps

if TYPE_CHECKING:
    from tongban.accounts.models import Person

Bound = Mapping[tuple[object, str], forms.StepForm]
"""Forms that were sent and are shown again: (task id, step) → form."""


@official
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case."""
    return _page(request, queries.case_for(actor_of(request), number))


@official
@keeping
def act(request: HttpRequest, number: str, task_id: Any, step: str) -> HttpResponseBase:  # noqa: ANN401 - a UUID of the address
    """Take a step on a task. Bad input and a stale page come back with all that was typed."""
    actor = actor_of(request)
    task = queries.task_on(actor, number, task_id)
    if step not in steps.STEPS:
        raise NotFound
    if request.method != "POST":
        again = kept(request)
        if again is None:
            return redirect("cases:case", number)
        found = queries.case_for(actor, number)
        again["revision"] = str(found.revision)  # it is sent from the page as it stands now
        overtaken = None if task.state == Task.State.OPEN else TaskDone()
        return _page(request, found, {(task.id, step): steps.form_of(step, task, again)}, overtaken)
    form = steps.form_of(step, task, request.POST)
    if not form.is_valid():
        return _page(request, queries.case_for(actor, number), {(task.id, step): form}, status=422)
    try:
        steps.STEPS[step].act(actor, task, form)
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, queries.case_for(actor, number), {(task.id, step): form}, status=invalid.status)
    except Conflict as conflict:
        return _page(
            request, queries.case_for(actor, number), {(task.id, step): form}, conflict, status=conflict.status
        )
    messages.success(request, f"{steps.STEPS[step].done} {number} {task.case.title}")
    return redirect("cases:case", number) if steps.STEPS[step].stays else redirect("cases:inbox")


@official
@keeping
def stand_aside(request: HttpRequest, number: str) -> HttpResponseBase:
    """Stand aside from a case."""
    actor = actor_of(request)
    found = queries.case_for(actor, number)
    form = forms.AsideForm(request.POST if request.method == "POST" else kept(request), prefix="aside")
    if request.method == "POST" and form.is_valid():
        try:
            actions.stand_aside(actor=actor, case=found, reason=form.text("reason"), now=now())
        except Invalid as invalid:
            form.take_in(invalid)
        else:
            messages.success(request, _("You stand aside from this case; your colleagues take over."))
            return redirect("cases:inbox")
    return _page(request, found, {(None, "stand-aside"): form}, status=422 if form.is_bound else 200)


def _page(
    request: HttpRequest,
    found: Case,
    bound: Bound | None = None,
    conflict: Conflict | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    actor, sent = actor_of(request), bound or {}
    kind, kept = kind_of(queries.with_people(found)), queries.dossier_of(found)
    own = queries.own_among(actor, kept.tasks)
    context = {
        "case": found,
        "kind": kind,
        "guide_url": kind.guide_url(found),
        "identity": _masked(found.applicant_person),
        "submitter_identity": _masked(found.submitted_by),
        "clocks": queries.clocks_shown(kept.clocks, kept.calendar, today=office_date(now()), for_applicant=False),
        "at_work": kept.open_tasks,
        "jobs": [_job(actor, found, task, sent) for task in own],
        "panels": kind.panels(found, actor),
        "files": kind.viewer_files(found, actor),
        "opinions": queries.opinions_among(kept.tasks),
        "supplements": kept.supplements,
        "hand_overs": kept.hand_overs,
        "papers": kept.papers,
        "fees": kept.fees,
        "history": queries.history_among(kept.events),
        "delivery_words": queries.delivery_words(found),
        "rating": kept.rating,
        "aside_form": sent.get((None, "stand-aside")) or forms.AsideForm(prefix="aside"),
        "conflict": conflict,
        "changes": conflict.changes if isinstance(conflict, Overtaken) else (),
        "error_forms": [form for form in sent.values() if form.is_bound and form.errors],
        "left_over": _left_over(own, sent),
    }
    return render(request, "cases/case.html", context, status=status)


def _masked(person: "Person | None") -> str:
    return accounts.masked_identity(person) if person else ""


def _job(actor: Actor, found: Case, task: Task, sent: Bound) -> dict[str, Any]:
    """Return what the action panel of one task needs."""
    task.case = found
    held_by_another = task.holder_id not in (None, actor.official_id)
    job: dict[str, Any] = {
        "task": task,
        "is_mine": task.holder_id == actor.official_id,
        "held_by_another": held_by_another,
        "as_deputy": any(post.id == task.post_id and post.as_deputy for post in actor.posts),
        "forms": {},
    }
    for step in steps.offered(task):
        form = sent.get((task.id, step)) or steps.form_of(step, task)
        job["forms"][step.replace("-", "_")] = form
    if task.kind == Task.Kind.DECISION:
        job["remedies"] = remedies_words(terms_of(found).remedies, found.organisation)
    return job


def _left_over(own: list[Task], sent: Bound) -> list[tuple[str, str]]:
    """Return what was typed for a task that somebody else has finished meanwhile, so that it can be copied."""
    still_open = {task.id for task in own}
    return [
        (str(form.fields[name].label), str(value))
        for (task_id, _step), form in sent.items()
        if task_id is not None and task_id not in still_open
        for name, value in form.data.items()
        if name in form.fields and name != "revision" and isinstance(form.fields[name], CharField) and value
    ]
