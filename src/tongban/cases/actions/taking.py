"""Who works on a task: claim, release, hand over with a word, stand aside 回避."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import Invalid, NotFound, Refusal
from tongban.base.text import clean_line
from tongban.cases import queries
from tongban.cases.actions import placing
from tongban.cases.actions.holding import keep, lock_case, lock_task, official_of, take
from tongban.cases.errors import NobodyElse, NobodyLeft, NotYourself
from tongban.cases.events import OfficialStoodAside, TaskClaimed, TaskHandedOver, TaskReleased
from tongban.cases.models import Case, HandOver, Recusal, Task
from tongban.cases.rules import duties
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.organisations.models import Post

LONGEST_WORD = 500


@transaction.atomic
def claim(*, actor: Actor, task: Task, now: datetime) -> Task:
    """Take a task of one of the actor's posts; twice changes nothing.

    Raises TaskHeld, TaskDone, StoodAside, NeedsAnother.
    """
    locked = lock_task(actor=actor, task=task, now=now)
    placing.check_apart(locked, official_of(actor), now)
    if locked.holder_id == actor.official_id:
        return locked
    locked.holder_id, locked.claimed_at = actor.official_id, now
    locked.save(update_fields=["holder", "claimed_at"])
    claimed = TaskClaimed(
        subject_id=locked.case_id,
        organisation_id=locked.post.organisation_id,
        task_id=locked.id,
        task_kind=locked.kind,
    )
    ledger.record(claimed, actor=actor, now=now, post_id=locked.post_id)
    return locked


@transaction.atomic
def release(*, actor: Actor, task: Task, now: datetime) -> Task:
    """Give a task back to its post. Raises TaskHeld when somebody else holds it."""
    locked = lock_task(actor=actor, task=task, now=now)
    if locked.holder_id is None:
        return locked
    locked.holder_id, locked.claimed_at = None, None
    locked.save(update_fields=["holder", "claimed_at"])
    released = TaskReleased(
        subject_id=locked.case_id,
        organisation_id=locked.post.organisation_id,
        task_id=locked.id,
        task_kind=locked.kind,
    )
    ledger.record(released, actor=actor, now=now, post_id=locked.post_id)
    return locked


@dataclass
class BulkOutcome:
    """What became of each of several tasks: numbers of cases done, and (number, reason) of those refused."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def each(tasks: Iterable[Task], act: Callable[[Task], object]) -> BulkOutcome:
    """Do something with each task in a transaction of its own: one refusal does not hold up the others."""
    outcome = BulkOutcome()
    for task in tasks:
        try:
            act(task)
            outcome.done.append(task.case.number)
        except Refusal as refusal:
            outcome.refused.append((task.case.number, str(refusal)))
    return outcome


def claim_many(*, actor: Actor, tasks: Iterable[Task], now: datetime) -> BulkOutcome:
    """Take several tasks."""
    return each(tasks, lambda task: claim(actor=actor, task=task, now=now))


def release_many(*, actor: Actor, tasks: Iterable[Task], now: datetime) -> BulkOutcome:
    """Give several tasks back."""
    return each(tasks, lambda task: release(actor=actor, task=task, now=now))


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    task: Task,
    to_official_id: UUID | None = None,
    to_post_id: UUID | None = None,
    word: str,
    now: datetime,
) -> Task:
    """Hand a task to a colleague of the same post, or to another post of the office with its role, with a word.

    Raises Invalid without a word or a receiver, NotYourself, NotFound for a post that may not do this step, NobodyElse
    when the colleague does not hold the post or stands aside, NeedsAnother when they accepted what is to be decided.
    """
    said = clean_line(word)[:LONGEST_WORD]
    _check_hand_over(said, to_official_id, to_post_id)
    if to_official_id is not None and to_official_id == actor.official_id:
        raise NotYourself({"receiver": [NotYourself.message]})
    held = take(actor=actor, task=task, now=now)
    locked = held.task
    post = locked.post if to_post_id is None else _post_beside(locked, to_post_id)
    _check_receiver(locked, to_official_id, post.id, now)
    HandOver.objects.create(
        task=locked,
        from_official_id=actor.official_id,
        to_official_id=to_official_id,
        to_post=post,
        word=said,
        at=now,
    )
    locked.post, locked.holder_id = post, to_official_id
    locked.claimed_at = now if to_official_id else None
    locked.save(update_fields=["post", "holder", "claimed_at"])
    keep(held.case)
    handed = TaskHandedOver(
        subject_id=locked.case_id,
        revision=held.case.revision,
        organisation_id=post.organisation_id,
        task_id=locked.id,
        task_kind=locked.kind,
        to_official_id=to_official_id,
        to_post_id=post.id,
    )
    ledger.record(handed, actor=actor, now=now, post_id=task.post_id)
    return locked


def _check_hand_over(word: str, to_official_id: UUID | None, to_post_id: UUID | None) -> None:
    problems: dict[str, list[str]] = {}
    if not word:
        problems["word"] = [_("Please say in a word why you hand this over.")]
    if to_official_id is None and to_post_id is None:
        problems["receiver"] = [_("Please choose who is to take it over.")]
    if problems:
        raise Invalid(problems)


def _post_beside(task: Task, post_id: UUID) -> "Post":
    """Return another post of the same office whose role the task demands; raises NotFound."""
    for post in queries.posts_to_hand_over_to(task):
        if post.id == post_id:
            return post
    raise NotFound


def _check_receiver(task: Task, official_id: UUID | None, post_id: UUID, now: datetime) -> None:
    aside = set(task.case.recusals.values_list("official_id", flat=True))
    able = set(organisations.officials_by_post([post_id], now).get(post_id, ())) - aside
    if not able or (official_id is not None and official_id not in able):
        raise NobodyElse
    if official_id is not None:
        placing.check_apart(task, official_id, now)


@transaction.atomic
def stand_aside(*, actor: Actor, case: Case, reason: str, now: datetime) -> Recusal:
    """Stand aside from a case for conflict of interest 回避: what the actor holds goes back to the posts.

    A task whose post nobody else holds goes to the next one in the order of `rules.duties`: never to nobody. From then
    on the actor sees nothing of the case. Raises Invalid without a reason, NotFound for a case that the actor may not
    see, NobodyLeft when nobody could take it over.
    """
    said = clean_line(reason)[:LONGEST_WORD]
    if not said:
        raise Invalid({"reason": [_("Please say what the conflict of interest is.")]})
    if actor.official_id is None:
        raise NotFound
    queries.case_for(actor, case.id)
    locked = lock_case(case.id)
    recusal, is_new = Recusal.objects.get_or_create(
        case=locked, official_id=actor.official_id, defaults={"reason": said, "at": now}
    )
    if not is_new:
        return recusal
    _let_go(locked, actor)
    keep(locked)
    aside = OfficialStoodAside(
        subject_id=locked.id,
        revision=locked.revision,
        organisation_id=locked.organisation_id,
        official_id=actor.official_id,
    )
    ledger.record(aside, actor=actor, now=now)
    return recusal


def _let_go(case: Case, actor: Actor) -> None:
    """Give what the actor's posts have to do to whoever does not stand aside; raises NobodyLeft."""
    aside = set(case.recusals.values_list("official_id", flat=True))
    if not queries.someone_is_left(case, aside):
        raise NobodyLeft
    mine = Task.objects.filter(case=case, state=Task.State.OPEN, post_id__in=actor.post_ids)
    for task in mine.select_for_update(of=("self",)).select_related("post").order_by("id"):
        if task.holder_id == actor.official_id:
            task.holder, task.claimed_at = None, None
        taken_over_by = queries.standing_in(task.post, duties.demanded(task.kind, task.role), aside)
        if taken_over_by is None:
            raise NobodyLeft
        task.post = taken_over_by
        task.save(update_fields=["holder", "claimed_at", "post"])
