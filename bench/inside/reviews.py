"""Cases brought to the desk of a reviewer, through the actions; taken first from those that lie there already."""

from typing import TYPE_CHECKING
from uuid import UUID

from bench.inside import drafts, people
from tongban.applications import actions as applications
from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.cases import actions as cases
from tongban.cases.models import Task
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from collections.abc import Iterable

OPINION = "经审查，材料齐全，符合规定。"


def prepare(usernames: list[str], count: int) -> list[dict[str, str]]:
    """Return so many open review tasks, one a case, each with an official whose it is."""
    desks = _desks()
    found = _waiting(desks, count)
    missing = count - len(found)
    if missing > 0:
        _bring(desks, usernames, missing)
        found = _waiting(desks, count)
    return found


def _desks() -> "dict[UUID, tuple[str, Actor]]":
    """Return who works at each post: sign-in name and actor."""
    found: dict[UUID, tuple[str, Actor]] = {}
    for username in people.officials():
        actor = people.actor(username)
        for post in actor.posts:
            if not post.as_deputy:
                found.setdefault(post.id, (username, actor))
    return found


def _open(desks: "Iterable[UUID]", kind: str, count: int) -> list[Task]:
    tasks = Task.objects.filter(state=Task.State.OPEN, kind=kind, holder=None, post_id__in=list(desks))
    return list(tasks.select_related("case").order_by("case_id", "id").distinct("case_id")[:count])


def _waiting(desks: "dict[UUID, tuple[str, Actor]]", count: int) -> list[dict[str, str]]:
    return [
        {
            "username": desks[task.post_id][0],
            "number": task.case.number,
            "id": str(task.id),
            "choice": task.choices[0]["value"] if task.choices else "",
            "opinion": OPINION,
        }
        for task in _open(desks, Task.Kind.REVIEW, count)
    ]


def _bring(desks: "dict[UUID, tuple[str, Actor]]", usernames: list[str], count: int) -> None:
    """Accept what waits for it; where that is not enough, let residents apply first."""
    waiting = _open(desks, Task.Kind.ACCEPTANCE, count)
    for one in drafts.prepare(usernames, count - len(waiting)):
        applications.submit(
            actor=people.actor(one["username"]),
            draft_id=UUID(one["id"]),
            idempotency_key=UUID(one["key"]),
            declared=True,
            now=now(),
        )
    for task in _open(desks, Task.Kind.ACCEPTANCE, count):
        cases.accept(actor=desks[task.post_id][1], task=task, fee_amounts={}, now=now())
    ledger.drain(now=now())
