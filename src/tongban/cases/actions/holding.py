"""What all actions share: locks in one order, who may, fresh or stale, finishing and making tasks.

Order of locks in every action: case → tasks → clocks → paper counter last. Two actions on one case therefore never wait
for each other in a circle, and of two officials deciding at once exactly one comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.compiled import compiled_once
from tongban.base.errors import NotFound
from tongban.base.rows import Change, changed, new, write
from tongban.cases.actions import due, placing
from tongban.cases.errors import NotInThisState, StaleCase, StoodAside, TaskDone, TaskHeld
from tongban.cases.models import Case, CasePaper, Recusal, Task
from tongban.cases.rules import life
from tongban.ledger import queries as ledger
from tongban.organisations import queries as organisations
from tongban.papers import actions as papers
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation, Post
    from tongban.papers.models import Paper

NAMES = {
    Task.Kind.ACCEPTANCE: ("受理", "Acceptance"),
    Task.Kind.DECISION: ("决定", "Decision"),
    Task.Kind.DELIVERY: ("送达", "Delivery"),
    Task.Kind.APPROVAL: ("请示审批", "A superior's word"),
}
"""Names of the legal steps as stored; those of review steps come from the process."""


@dataclass(frozen=True, slots=True)
class Held:
    """A case and a task of it, both locked, and the official who may work on it."""

    case: Case
    task: Task
    official_id: UUID


def hold_cases(case_ids: Iterable[UUID]) -> list[UUID]:
    """Lock cases in one order, for what another room writes beside them; returns the ids of those that are there.

    The first in the order of locks: nothing happens to these cases until the transaction of the caller ends.
    """
    held = Case.objects.select_for_update(no_key=True).filter(id__in=sorted(set(case_ids))).order_by("id")
    return list(held.values_list("id", flat=True))


def lock_case(case_id: UUID) -> Case:
    """Lock a case; raises NotFound."""
    found = _case.first(case_id)
    if found is None:
        raise NotFound
    return found


@compiled_once
def _case(case_id: UUID) -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",)).select_related("organisation").filter(id=case_id)


@compiled_once
def _task(task_id: UUID) -> QuerySet[Task]:
    return Task.objects.select_for_update(of=("self",)).select_related("post__organisation").filter(id=task_id)


@compiled_once
def _recusal(case_id: UUID, official_id: UUID) -> QuerySet[Recusal]:
    return Recusal.objects.filter(case_id=case_id, official_id=official_id).only("id")


def official_of(actor: Actor) -> UUID:
    """Return the official who acts; raises NotFound for everybody else."""
    if actor.official_id is None:
        raise NotFound
    return actor.official_id


def take(*, actor: Actor, task: Task, now: datetime, kind: str = "", revision: int | None = None) -> Held:
    """Lock a task and its case for work.

    Raises NotFound, StoodAside, TaskDone, StaleCase, TaskHeld, NeedsAnother, and TurnedByLaw once the law has turned
    the case and only the timer is still to come.
    """
    case = lock_case(task.case_id)
    locked = lock_task(actor=actor, task=task, now=now, kind=kind, revision=revision)
    if revision is not None and revision != case.revision:
        raise StaleCase(changes_since(case.id, revision))
    locked.case = case
    if kind:
        placing.check_apart(locked, official_of(actor), now)
    due.check_not_turned(case, now)
    return Held(case, locked, official_of(actor))


def lock_task(*, actor: Actor, task: Task, now: datetime, kind: str = "", revision: int | None = None) -> Task:
    """Lock a task that the actor may work on; raises NotFound, StoodAside, TaskDone, TaskHeld."""
    official_id = official_of(actor)
    locked = _task.first(task.id)
    if locked is None or locked.post_id not in actor.post_ids or (kind and locked.kind != kind):
        raise NotFound
    if _recusal.first(locked.case_id, official_id):
        raise StoodAside
    if locked.state != Task.State.OPEN:
        raise TaskDone(changes_since(locked.case_id, revision))
    if not may_take_over(actor, locked, now):
        raise TaskHeld
    return locked


def may_take_over(actor: Actor, task: Task, now: datetime) -> bool:
    """Whether nobody else works on the task, or somebody for whom the actor deputises."""
    if task.holder_id is None or task.holder_id == actor.official_id:
        return True
    if not any(post.id == task.post_id and post.as_deputy for post in actor.posts):
        return False
    today = office_date(now)
    away = organisations.deputising_of(actor, today)
    return any(leave.official_id == task.holder_id and leave.first_day <= today for leave in away)


def changes_since(case_id: UUID, revision: int | None) -> list[str]:
    """Return sentences about what has happened to a case after a revision; without one, the last thing that did."""
    happened = [(event, ledger.words_of(event, "official")) for event in ledger.history_of("case", case_id)]
    told = [(event, words) for event, words in happened if words]
    if revision is None:
        return [words for _event, words in told[-1:]]
    return [words for event, words in told if event.data.get("revision", 0) > revision]


def advance(case: Case, step: life.Step) -> None:
    """Move the case on (saved by `keep`); raises NotInThisState."""
    state = life.after(case.state, step)
    if state is None:
        raise NotInThisState
    case.state = state


def keep(case: Case, *fields: str) -> None:
    """Save what has changed on a locked case, and count the change."""
    write(kept(case, *fields))


def kept(case: Case, *fields: str) -> Change:
    """Count a change of a locked case, and return it with the fields named, to be written with other changes."""
    case.revision += 1
    return changed(case, "state", "revision", *fields)


def finish(task: Task, *, actor: Actor, outcome: str, opinion: str = "", now: datetime, by: UUID | None = None) -> None:
    """Mark a locked task as done by the actor, or by the official whom the actor allows it."""
    write(finished(task, actor=actor, outcome=outcome, opinion=opinion, now=now, by=by))


def finished(
    task: Task, *, actor: Actor, outcome: str, opinion: str = "", now: datetime, by: UUID | None = None
) -> Change:
    """Mark a locked task as done, and return the change, to be written with others."""
    task.state = Task.State.DONE
    task.outcome, task.opinion, task.ended_at = outcome, opinion, now
    task.done_by_id = task.holder_id = by or actor.official_id
    return changed(task, "state", "outcome", "opinion", "ended_at", "done_by", "holder")


def cancel_open_tasks(case: Case, now: datetime) -> None:
    """Nothing more is to be done on a locked case."""
    open_tasks = Task.objects.select_for_update().filter(case=case, state=Task.State.OPEN).order_by("id")
    for task in open_tasks:
        task.state, task.ended_at = Task.State.CANCELLED, now
        task.save(update_fields=["state", "ended_at"])


def open_task(case: Case, kind: Task.Kind, role: str, now: datetime, *, post: "Post | None" = None) -> Task:
    """Give a legal step to the post that has the role for the case's organisation, or to who stands in for it."""
    task = task_for_step(case, kind, role, now, post=post)
    write(*new(task))
    return task


def task_for_step(
    case: Case, kind: Task.Kind, role: str, now: datetime, *, post: "Post | None" = None, post_id: UUID | None = None
) -> Task:
    """Return the task of a legal step for the post that has the role, or for who stands in, not written yet.

    `post_id` is given where that post has been found already.
    """
    name, name_en = NAMES[kind]
    return Task(
        case=case,
        kind=kind,
        name=name,
        name_en=name_en,
        post_id=post_id or placing.post_id_of_step(case, role, post=post),
        due_on=case.due_on,
        created_at=now,
        case_submitted_at=case.submitted_at,
    )


def issue_paper(
    case: Case, kind: str, content: PaperContent, now: datetime, *, by: "Organisation | None" = None
) -> "Paper":
    """Issue a paper for the applicant and put it into the file of a locked case. Comes last in a transaction."""
    paper = papers.issue(kind=kind, organisation=by or case.organisation, subject_id=case.id, content=content, now=now)
    write(*new(CasePaper(case=case, paper=paper)))
    return paper
