"""The case page of an official: everything to decide on one page, own task first."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid, NotFound
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, kept, official
from tongban.cases import actions, queries
from tongban.cases.errors import Overtaken, TaskDone
from tongban.cases.kinds import kind_of, terms_of
from tongban.cases.models import Approval, Case, Clock, FeeDemand, Rating, Suspension, Task
from tongban.cases.rules import duties
from tongban.cases.rules.papers import remedies_words
from tongban.cases.web import forms, steps
from tongban.forms.rules import Sight

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
        return _show_step(request, task, step)
    form = steps.form_of(step, task, actor, request.POST)
    if not form.is_valid():
        return _page(request, queries.case_for(actor, number), {(task.id, step): form}, status=422)
    try:
        came_of_it = steps.STEPS[step].act(actor, task, form)
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, queries.case_for(actor, number), {(task.id, step): form}, status=invalid.status)
    except Conflict as conflict:
        return _page(
            request, queries.case_for(actor, number), {(task.id, step): form}, conflict, status=conflict.status
        )
    messages.success(request, f"{steps.said_of(step, came_of_it)} {number} {task.case.title}")
    return redirect("cases:case", number) if steps.STEPS[step].stays else redirect("cases:inbox")


def _show_step(request: HttpRequest, task: Task, step: str) -> HttpResponse:
    """Show the case with a step's form: one that was asked for, or what was typed before the session ended."""
    actor, number, again = actor_of(request), task.case.number, kept(request)
    is_open = task.state == Task.State.OPEN
    if again is None and not (is_open and steps.opens(step)):
        return redirect("cases:case", number)
    found = queries.case_for(actor, number)
    if again is not None:
        again["revision"] = str(found.revision)  # it is sent from the page as it stands now
    overtaken = TaskDone() if again is not None and not is_open else None
    return _page(request, found, {(task.id, step): steps.form_of(step, task, actor, again)}, overtaken)


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
        except Conflict as conflict:
            return _page(request, found, {(None, "stand-aside"): form}, conflict, status=conflict.status)
        else:
            messages.success(request, _("You stand aside from this case; your colleagues take over."))
            return redirect("cases:inbox")
    return _page(request, found, {(None, "stand-aside"): form}, status=422 if form.is_bound else 200)


@official
@keeping
def answer_rating(request: HttpRequest, number: str) -> HttpResponseBase:
    """Answer a bad rating to the applicant."""
    actor = actor_of(request)
    found = queries.case_for(actor, number)
    again = kept(request)
    if request.method != "POST" and again is None:
        return redirect("cases:case", number)
    form = forms.RatingAnswerForm(again or request.POST, prefix="answer")
    if again is not None or not form.is_valid():
        return _page(request, found, {(None, "answer-rating"): form}, status=200 if again else 422)
    try:
        actions.answer_rating(actor=actor, case=found, words=form.text("words"), now=now())
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, found, {(None, "answer-rating"): form}, status=invalid.status)
    except Conflict as conflict:
        return _page(request, found, {(None, "answer-rating"): form}, conflict, status=conflict.status)
    messages.success(request, _("Your answer is on its way to the applicant."))
    return redirect("cases:case", number)


@official
def full_numbers(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show a case once with its numbers in full, to whoever has taken a task of it; that is recorded."""
    actor = actor_of(request)
    found = queries.case_for(actor, number)
    if request.method != "POST":
        return redirect("cases:case", number)
    actions.show_numbers(actor=actor, case=found, now=now())
    return _page(request, found, sight="full")


def _page(
    request: HttpRequest,
    found: Case,
    bound: Bound | None = None,
    conflict: Conflict | None = None,
    *,
    sight: Sight | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, sent = actor_of(request), bound or {}
    kind, kept = kind_of(found), queries.dossier_with_people(found)
    own = queries.own_among(actor, kept.tasks)
    standing, approvals = queries.standing_suspensions(found), queries.approvals_among(kept.tasks)
    holds = any(task.holder_id == actor.official_id for task in own)
    sight = sight or ("contact" if holds else "masked")
    due_fees = [fee for fee in kept.fees if fee.state == FeeDemand.State.DUE]
    found.has_fee = bool(due_fees)  # type: ignore[attr-defined]  # as in lists
    context = {
        "case": found,
        "kind": kind,
        "guide_url": kind.guide_url(found),
        "sight": sight,
        "identity": queries.identity_words(found.applicant_person, whole=sight == "full"),
        "submitter_identity": queries.identity_words(found.submitted_by, whole=sight == "full"),
        "contact_phone": queries.contact_phone(found) if holds else "",
        "masked_numbers": queries.masked_numbers(found) if holds else (),
        "clocks": queries.clocks_shown(
            found,
            kept.clocks,
            queries.moves_of(kept.stops, kept.extensions),
            kept.calendar,
            today=office_date(now()),
            for_applicant=False,
            steps={task.id: either(task.name, task.name_en) for task in kept.tasks},
        ),
        "at_work": kept.open_tasks,
        "jobs": [_job(actor, found, task, sent, kept, standing) for task in own],
        "standing": standing,
        "asked": _asked(found, approvals),
        "notice_overrun": _notice_overrun(found, kept.clocks),
        "panels": kind.panels(found, actor, sight),
        "files": kind.viewer_files(found, actor),
        "opinions": queries.opinions_among(kept.tasks),
        "supplements": kept.supplements,
        "hand_overs": kept.hand_overs,
        "papers": kept.papers,
        "fees": kept.fees,
        "due_fees": due_fees,
        "may_settle": bool(due_fees) and queries.may_settle(actor, found),
        "history": queries.history_among(kept.events),
        "delivery_words": queries.delivery_words(found),
        "rating": kept.rating,
        "rating_answer": _rating_answer(actor, found, kept.rating, sent),
        "aside_form": sent.get((None, "stand-aside")),
        "conflict": conflict,
        "changes": conflict.changes if isinstance(conflict, Overtaken) else (),
        "error_forms": [form for form in sent.values() if form.is_bound and form.errors],
        "taken_over_by": queries.taken_over_by(actor, found, own) if (None, "stand-aside") in sent else (),
        "left_over": _left_over(own, sent),
    }
    return render(request, "cases/case.html", context, status=status)


def _rating_answer(
    actor: Actor, found: Case, rating: Rating | None, sent: Bound
) -> forms.RatingAnswerForm | forms.StepForm | None:
    """Return the form for answering a bad rating, to who may."""
    if rating is None or rating.level < queries.BAD or rating.answered_at or not queries.answers_rating(actor, found):
        return None
    return sent.get((None, "answer-rating")) or forms.RatingAnswerForm(prefix="answer")


def _notice_overrun(found: Case, clocks: Iterable[Clock]) -> date | None:
    """Return the day on which the limit for naming what is missing has passed, while the case is not accepted yet."""
    if found.state != Case.State.SUBMITTED:
        return None
    running = (clock for clock in clocks if clock.kind == Clock.Kind.NOTICE and clock.state == Clock.State.RUNNING)
    today = office_date(now())
    return next((clock.due_on for clock in running if clock.due_on < today and not clock.provisional), None)


def _asked(found: Case, approvals: Iterable[Approval]) -> list[dict[str, Any]]:
    """Return what superiors were asked in a case and have not allowed: what is allowed shows by its effect."""
    open_ones = [approval for approval in approvals if not approval.granted]
    if not open_ones:
        return []
    names = {(target.kind, target.key): target.name for target in kind_of(found).supplement_targets(found)}
    return [
        {
            "approval": approval,
            "points": [
                (names.get((kind, key), key), words) for kind, key, words in approval.proposal.get("points", ())
            ],
        }
        for approval in open_ones
    ]


def _job(
    actor: Actor, found: Case, task: Task, sent: Bound, kept: queries.Dossier, standing: Iterable[Suspension]
) -> dict[str, Any]:
    """Return what the action panel of one task needs."""
    task.case = found
    aside = {one.official_id for one in kept.recusals}
    named = {(point.target_kind, point.target_key) for one in kept.supplements for point in one.points.all()}
    held_by_another = task.holder_id not in (None, actor.official_id)
    job: dict[str, Any] = {
        "task": task,
        "is_kept_apart": queries.is_kept_apart(task, actor.official_id, now()),
        "is_mine": task.holder_id == actor.official_id,
        "held_by_another": held_by_another,
        "as_deputy": any(post.id == task.post_id and post.as_deputy for post in actor.posts),
        "forms": {},
    }
    for step in steps.offered(task):
        form = sent.get((task.id, step)) or steps.form_of(step, task, actor, aside=aside, named=named)
        job["forms"][step.replace("-", "_")] = form
    job["on_request"] = [(step, words, sent.get((task.id, step))) for step, words in steps.on_request(task, found)]
    if job["on_request"]:
        ours, typed = _to_end(found, task, kept, standing), sent.get((task.id, "resumption"))
        job["resumptions"] = [_resumption(task, one, typed) for one in ours]
    if task.kind == Task.Kind.DECISION:
        job["decided_at"] = kind_of(found).decided_at(found)
        job["remedies"] = remedies_words(terms_of(found).remedies, found.organisation)
    return job


def _to_end(found: Case, task: Task, kept: queries.Dossier, standing: Iterable[Suspension]) -> list[Suspension]:
    """Return the suspensions that whoever takes the task may end."""
    at_work = [one.post for one in kept.open_tasks if one.kind in {Task.Kind.REVIEW, Task.Kind.DECISION}]
    return [
        one
        for one in standing
        if duties.may_end(one.post, own=task.post, at_work=at_work, lead_id=found.organisation_id)
    ]


def _resumption(task: Task, standing: Suspension, form: forms.StepForm | None) -> dict[str, Any]:
    """Return the form that ends one suspension: the one that was sent, where it was sent for this one."""
    if form is not None and form.data.get("suspension") == str(standing.id):
        return {"standing": standing, "form": form}
    return {"standing": standing, "form": steps.resumption_of(task, standing)}


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
