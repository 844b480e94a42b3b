"""The inbox of an official: the tasks of their posts in the order of the law's clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from tongban.base.actor import Actor
from tongban.calendar import queries as calendar
from tongban.cases.models import Task
from tongban.cases.rules.urgency import Pressure, pressure

View = Literal["mine", "open", "all"]
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown. `words` looks through numbers, matters and applicants."""

    view: View = "all"
    kind: str = ""
    urgency: str = ""
    words: str = ""

    def address(self, **other: str) -> str:
        """Return the query of the page with these filters, some of them changed."""
        changed = replace(self, **other)  # type: ignore[arg-type]  # names of the fields above
        return "?" + urlencode({name: getattr(changed, name) for name in ("view", "kind", "urgency", "words")})


@dataclass(frozen=True, slots=True)
class Row:
    """A task in the inbox."""

    task: Task
    pressure: Pressure
    as_deputy: bool
    is_mine: bool
    is_held_by_another: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox, and how many tasks there are of each sort (without the other filters)."""

    page: Page[Task]
    rows: list[Row]
    counts: dict[str, int]
    filters: Filters


def _own(actor: Actor) -> QuerySet[Task]:
    """Return open tasks of the actor's posts, but for cases from which the actor stands aside."""
    if actor.official_id is None:
        return Task.objects.none()
    own = Task.objects.filter(state=Task.State.OPEN, post_id__in=actor.post_ids)
    return own.exclude(case__recusals__official_id=actor.official_id)


def inbox(actor: Actor, filters: Filters, *, today: date, page: int | str = 1) -> Inbox:
    """Return a page of the inbox. Four queries, however many tasks there are."""
    own = _own(actor)
    chosen = _filtered(own, actor, filters, today)
    ordered = chosen.select_related("case__organisation", "post__organisation", "holder").order_by(
        F("due_on").asc(nulls_last=True), "id"
    )
    shown = Paginator(ordered, PAGE_SIZE).get_page(page)
    reckoned = calendar.working_calendar()
    deputy_posts = {post.id for post in actor.posts if post.as_deputy}
    rows = [
        Row(
            task=task,
            pressure=pressure(task.due_on, today, reckoned),
            as_deputy=task.post_id in deputy_posts,
            is_mine=task.holder_id == actor.official_id,
            is_held_by_another=task.holder_id not in (None, actor.official_id),
        )
        for task in shown
    ]
    return Inbox(page=shown, rows=rows, counts=_counts(own, actor, today), filters=filters)


def _filtered(own: QuerySet[Task], actor: Actor, filters: Filters, today: date) -> QuerySet[Task]:
    if filters.view == "mine":
        own = own.filter(holder_id=actor.official_id)
    elif filters.view == "open":
        own = own.filter(holder__isnull=True)
    if filters.kind:
        own = own.filter(kind=filters.kind)
    if filters.urgency == "overdue":
        own = own.filter(due_on__lt=today)
    elif filters.urgency == "today":
        own = own.filter(due_on=today)
    if filters.words:
        words = filters.words
        own = own.filter(
            Q(case__number__istartswith=words)
            | Q(case__title__icontains=words)
            | Q(case__title_en__icontains=words)
            | Q(case__applicant_name__icontains=words)
        )
    return own


def _counts(own: QuerySet[Task], actor: Actor, today: date) -> dict[str, int]:
    return own.aggregate(
        all=Count("id"),
        mine=Count("id", filter=Q(holder_id=actor.official_id)),
        open=Count("id", filter=Q(holder__isnull=True)),
        overdue=Count("id", filter=Q(due_on__lt=today)),
        today=Count("id", filter=Q(due_on=today)),
    )


def open_tasks_on(actor: Actor, case_id: UUID) -> list[Task]:
    """Return the open tasks on a case that the actor may work on, those held by the actor first."""
    return own_among(actor, _own(actor).filter(case_id=case_id).select_related("post__organisation", "holder"))


def own_among(actor: Actor, tasks: Iterable[Task]) -> list[Task]:
    """Return the same of the tasks at hand of a case that was found for the actor."""
    own = [task for task in tasks if task.state == Task.State.OPEN and task.post_id in actor.post_ids]
    return sorted(own, key=lambda task: (task.holder_id != actor.official_id, task.created_at))
