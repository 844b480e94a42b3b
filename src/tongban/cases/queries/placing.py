"""Which posts may take a step over: by hand, or because somebody stands aside."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.base.actor import Actor
from tongban.cases.models import Case, Task
from tongban.cases.rules import duties
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.accounts.models import Official
    from tongban.organisations.models import Post

ROLES = (duties.ACCEPTS, *duties.REVIEWING, "approval", "delivery")
"""Roles whose steps may still come on a case."""


def posts_to_hand_over_to(task: Task) -> "list[Post]":
    """Return the other posts of the office whose role the task demands: nobody decides who may not."""
    return _with_its_role(task, organisations.posts_of_organisation(task.post.organisation_id))


def _with_its_role(task: Task, posts: "Iterable[Post]") -> "list[Post]":
    roles = duties.demanded(task.kind, task.role)
    return [post for post in posts if post.id != task.post_id and duties.may_take(post, roles)]


def receivers(
    task: Task, actor: Actor, now: datetime, *, aside: Collection[UUID] = ()
) -> "tuple[list[Official], list[Post]]":
    """Return to which colleagues and posts an actor may hand a task over; never to themselves or who stands aside."""
    beside, officials = organisations.post_and_beside(task.post, now)
    others = [one for one in officials if one.id != actor.official_id and one.id not in aside]
    return others, _with_its_role(task, beside)


def accepting_posts() -> "QuerySet[Post]":
    """Return the posts that accept cases; the first of an office is the one that does so for it."""
    return organisations.posts_with(duties.ACCEPTS)


def standing_in(home: "Post", roles: Sequence[str], aside: Iterable[UUID]) -> "Post | None":
    """Return the first post, in the order of `rules.duties`, that somebody holds who does not stand aside.

    Deputies are not enough: their leave ends, and the case would lie with nobody.
    """
    posts, depths = organisations.posts_around(home)
    ladder = duties.in_order_of_standing_in(posts, roles, home=home, depths=depths)
    holders, out = organisations.officials_by_post(post.id for post in ladder), set(aside)
    return next((post for post in ladder if set(holders.get(post.id, ())) - out), None)


def someone_is_left(case: Case, aside: Iterable[UUID]) -> bool:
    """Whether each step that may still come on a case finds somebody, if these officials stand aside."""
    homes = ((role, organisations.post_for(organisation_id=case.organisation_id, role=role)) for role in ROLES)
    out = set(aside)
    return all(standing_in(home, (role,), out) for role, home in homes)


def taken_over_by(actor: Actor, case: Case, tasks: Iterable[Task]) -> "list[tuple[Task, Post | None]]":
    """Return who takes over each of these tasks if the actor stands aside; None = nobody is left."""
    aside = {*case.recusals.values_list("official_id", flat=True), actor.official_id}
    known = {official_id for official_id in aside if official_id is not None}
    return [(task, standing_in(task.post, duties.demanded(task.kind, task.role), known)) for task in tasks]


def is_kept_apart(task: Task, official_id: UUID | None, now: datetime) -> bool:
    """Whether an official has taken an earlier step that is to be kept apart from this one 受审分离.

    Only where somebody else may take it: in a small office one official holds all the posts.
    """
    earlier = _done_by(task) if task.kind in duties.APART else set()
    if official_id not in earlier:
        return False
    out = {*earlier, *task.case.recusals.values_list("official_id", flat=True)}
    return bool(set(organisations.officials_by_post([task.post_id], now).get(task.post_id, ())) - out)


def _done_by(task: Task) -> set[UUID | None]:
    """Return who did the steps that are to be kept apart from a task, in the round that led to it."""
    kinds = duties.APART[task.kind]
    done = Task.objects.filter(case_id=task.case_id, kind__in=kinds, state=Task.State.DONE, outcome="accepted")
    return set(done.values_list("done_by_id", flat=True))
