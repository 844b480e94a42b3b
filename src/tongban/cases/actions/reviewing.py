"""The office's own steps between acceptance and decision, as its process has them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once
from tongban.base.rows import Change, changed, new, write
from tongban.base.text import clean_lines
from tongban.calendar import queries as calendar
from tongban.cases.actions import clocks, placing, step_clocks
from tongban.cases.actions.holding import advance, finished, kept, take, task_for_step
from tongban.cases.errors import NotComplete
from tongban.cases.events import ReviewCompleted
from tongban.cases.kinds import kind_of
from tongban.cases.models import Case, Task
from tongban.cases.rules.duties import ROLE_OF
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations
from tongban.processes import actions as processes
from tongban.processes import queries as versions

if TYPE_CHECKING:
    from tongban.processes.actions import Progress, StepReady
    from tongban.processes.rules.model import StepLimit

LEAD = "lead"
DECIDES = ROLE_OF["decision"]
DONE = "done"
"""Outcome of a step whose process offers no choice."""
LONGEST_OPINION = 4000
SEVERAL = 2


def begin(case: Case, now: datetime) -> None:
    """Start the process of a locked case; without one, or when it has no step, the decision is next."""
    if case.process_id is None:  # a kind without steps of its own
        write(*_opened(case, [_decision(case, now)], {}, now))
        return
    progress = processes.start(process=versions.version(case.process_id), data=case.process_data, now=now)
    case.run = progress.run
    write(*_following(case, progress, [], now))


def begin_many(cases: Sequence[Case], places: placing.Places, now: datetime) -> "list[tuple[Task, StepLimit | None]]":
    """Start the processes of many locked cases, and return their first tasks, not written yet and without a date.

    With each comes the limit that its process has for the step.
    """
    decided_next = [case for case in cases if case.process_id is None]
    reviewed = [(case, versions.version(case.process_id)) for case in cases if case.process_id is not None]
    begun = processes.start_many(((process, case.process_data) for case, process in reviewed), now=now)
    made: list[tuple[Task, StepLimit | None]] = []
    for (case, _process), progress in zip(reviewed, begun, strict=True):
        case.run = progress.run
        made += [(_step(case, step, now, place=places.post_id_of_step), step.limit) for step in progress.waiting]
        if progress.ended:
            decided_next.append(case)
    for case in decided_next:
        made.append((_decision(case, now, place=places.post_id_of_step), None))
    return made


def _decision(case: Case, now: datetime, *, place: Callable[..., UUID] = placing.post_id_of_step) -> Task:
    """Return the task of the decision, for the post that decides on this kind of case."""
    role = kind_of(case).decided_by
    task = task_for_step(case, Task.Kind.DECISION, role, now, post_id=place(case, role))
    if role != DECIDES:
        task.role = role
    return task


@transaction.atomic
def complete_review(
    *, actor: Actor, task: Task, choice: str = "", opinion: str = "", revision: int | None = None, now: datetime
) -> Case:
    """Finish a step of the review with a choice and an opinion; the process says what comes next.

    A parallel step that a colleague has finished meanwhile does not make the page stale, so pages need not send the
    revision here. Raises NotComplete ("choice", "opinion"), TaskDone, TaskHeld, StoodAside.
    """
    held = take(actor=actor, task=task, now=now, kind=Task.Kind.REVIEW, revision=revision)
    case, locked = held.case, held.task
    outcome, said = _answer(locked, choice, opinion)
    advance(case, "complete_review")
    done = finished(locked, actor=actor, outcome=outcome, opinion=said, now=now)
    progress = processes.complete(run_id=_run_id(case), engine_id=locked.engine_id, outcome=outcome, now=now)
    open_reviews = [task for task in _open_reviews(case.id) if task.id != locked.id]
    following = list(_following(case, progress, open_reviews, now))
    write(done, *following, step_clocks.ended(case, now), kept(case))
    completed = ReviewCompleted(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        task_id=locked.id,
        step=locked.step,
        outcome=outcome,
        post_organisation_id=locked.post.organisation_id,
        name=locked.name,
        name_en=locked.name_en,
    )
    ledger.record(completed, actor=actor, now=now, post_id=locked.post_id)
    return case


def _run_id(case: Case) -> UUID:
    if case.run_id is None:
        message = "a review task without a run"
        raise RuntimeError(message)
    return case.run_id


def _answer(task: Task, choice: str, opinion: str) -> tuple[str, str]:
    """Return outcome and opinion; only the first choice, agreement, needs no words."""
    said = clean_lines(opinion)[:LONGEST_OPINION]
    values = [offered["value"] for offered in task.choices]
    if len(values) < SEVERAL:
        return (values[0] if values else DONE), said
    if choice not in values:
        raise NotComplete({"choice": [_("Please choose one.")]})
    if choice != values[0] and not said:
        raise NotComplete({"opinion": [_("Please give your reasons.")]})
    return choice, said


@compiled_once
def _open_reviews(case_id: UUID) -> QuerySet[Task]:
    return (
        Task.objects.select_for_update()
        .filter(case_id=case_id, kind=Task.Kind.REVIEW, state=Task.State.OPEN)
        .order_by("id")
    )


def _following(case: Case, progress: "Progress", open_reviews: Sequence[Task], now: datetime) -> Iterator[Change]:
    """Give the tasks that wait now, drop those the process has left, and open the decision at its end.

    The clocks do not change within the review: what is open already keeps its date.
    """
    known = {task.engine_id: task for task in open_reviews}
    waiting = {str(step.engine_id): step for step in progress.waiting}
    for engine_id, task in known.items():
        if engine_id not in waiting:
            task.state, task.ended_at = Task.State.CANCELLED, now
            yield changed(task, "state", "ended_at")
    steps = [(_step(case, step, now), step) for engine_id, step in waiting.items() if engine_id not in known]
    made = [task for task, _ready in steps]
    if progress.ended:
        made.append(_decision(case, now))
    yield from _opened(case, made, {task.id: ready.limit for task, ready in steps if ready.limit}, now)


def _opened(case: Case, made: Sequence[Task], stated: Mapping[UUID, "StepLimit"], now: datetime) -> Iterator[Change]:
    """Return new tasks to be written with the clocks of their steps, due when the clock that ends first is."""
    if not made:
        return iter(())
    nearest = clocks.nearest(clocks.running(case))
    days = calendar.working_calendar() if stated else None
    limits = step_clocks.limits_of(case, stated, nearest, now, days) if days else {}
    for task in made:
        task.due_on, task.provisional = (nearest.due_on, nearest.provisional) if nearest else (None, False)
    begun = list(step_clocks.begun(case, made, now, limits=limits, reckoned=days))
    return iter([*new(*made), *begun])


def _step(
    case: Case, step: "StepReady", now: datetime, *, place: Callable[..., UUID] = placing.post_id_of_step
) -> Task:
    return Task(
        case=case,
        kind=Task.Kind.REVIEW,
        name=step.name[:200],
        name_en=step.name_en[:200],
        step=step.step[:80],
        engine_id=str(step.engine_id),
        choices=[
            {"value": choice.code, "label": choice.name, "label_en": choice.name_en or choice.name}
            for choice in step.choices
        ],
        role=step.role,
        post_id=place(case, step.role, organisation_id=_organisation_of(case, step.organisation)),
        created_at=now,
        case_submitted_at=case.submitted_at,
    )


def _organisation_of(case: Case, slug: str) -> UUID:
    """Return the office a step belongs to; one that is not known here leaves the step with the lead office."""
    if slug and slug != LEAD and (found := organisations.organisation_by_slug(slug)):
        return found.id
    return case.organisation_id
