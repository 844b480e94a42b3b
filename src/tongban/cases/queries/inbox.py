"""The inbox of an official: the tasks of their posts in the order of the law's clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from tongban.base.actor import Actor, PostHeld
from tongban.base.compiled import Question, Written, compiled_once, together
from tongban.calendar import queries as calendar
from tongban.calendar.rules import WorkingCalendar
from tongban.cases.models import Task
from tongban.cases.providers import SUPERVISION, Colour, Duty, worst
from tongban.cases.queries.inbox_counts import Counting, own
from tongban.cases.rules.urgency import Pressure, pressure

View = Literal["mine", "open", "all"]
PAGE_SIZE = 25
FURTHEST = 100_000
"""Pages beyond are not even looked for."""
_OF_ONE_POST = """(
    SELECT task.id, task.case_id, task.due_on FROM cases_task AS task
    WHERE task.post_id = %s AND task.state = 'open'
        AND NOT task.case_id IN (SELECT case_id FROM cases_recusal WHERE official_id = %s)
    ORDER BY task.due_on, task.id LIMIT %s
)"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown. `words` looks through numbers, matters and applicants."""

    view: View = "all"
    kind: str = ""
    urgency: str = ""
    words: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything of the inbox is left out."""
        return self.chosen > 0

    @property
    def chosen(self) -> int:
        """How many of them leave something out."""
        return (self.view != "all") + bool(self.kind) + bool(self.urgency) + bool(self.words)

    def address(self, **other: str) -> str:
        """Return the query of the page with these filters, some of them changed."""
        changed = replace(self, **other)  # type: ignore[arg-type]  # names of the fields above
        return "?" + urlencode({name: getattr(changed, name) for name in ("view", "kind", "urgency", "words")})


@dataclass(frozen=True, slots=True)
class Row:
    """A task in the inbox."""

    task: Task
    post: PostHeld
    """The actor's own post that the task belongs to."""
    pressure: Pressure
    is_mine: bool
    is_held_by_another: bool
    colour: Colour
    """The worst warning that stands against the case."""

    @property
    def as_deputy(self) -> bool:
        """Whether it is there because the actor stands in for a colleague on leave."""
        return self.post.as_deputy


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox, and how many tasks there are of each sort (without the other filters)."""

    page: Page[Task]
    rows: list[Row]
    counts: dict[str, int]
    filters: Filters
    duties: list[Duty]
    """What the posts owe beside their tasks."""


def inbox(actor: Actor, filters: Filters, *, today: date, page: int | str = 1) -> Inbox:
    """Return a page of the inbox. Two ways to the database and back, four with filters, however many tasks there are.

    The page is found among the tasks alone, by their index; only what it shows is then fetched with its case.
    """
    posts, official_id, place = sorted(actor.post_ids), _official(actor), _first_place(page)
    counting = Counting(posts, official_id, today)
    content, counted, ids, *owed = together(
        calendar.calendar_content.asking(),
        counting.asking(),
        _page_in_clock_order(posts, official_id, place),
        *(one.owed(posts, official_id) for one in SUPERVISION.values()),
    )
    counts = counting.counts(counted)
    found: Any = range(counts["all"])
    if filters.narrow:
        found = _in_clock_order(_filtered(own(posts, official_id), actor, filters, today))
    shown = Paginator(found, PAGE_SIZE).get_page(page)
    if filters.narrow:
        ids = list(shown.object_list)
    elif (place := (shown.number - 1) * PAGE_SIZE) != _first_place(page):  # there is no such page
        (ids,) = together(_page_in_clock_order(posts, official_id, place))
    shown.object_list, colours = _in_order(ids)
    reckoned = calendar.calendar_of(content)
    found_duties = zip(SUPERVISION.values(), owed, strict=True)
    return Inbox(
        page=shown,
        rows=_rows_of(shown.object_list, colours, actor, today, reckoned),
        counts=counts,
        filters=filters,
        duties=[duty for one, some in found_duties for duty in one.duties(some, today, reckoned)],
    )


def _rows_of(
    tasks: Collection[Task], colours: Mapping[UUID, Colour], actor: Actor, today: date, reckoned: WorkingCalendar
) -> list[Row]:
    posts = {post.id: post for post in actor.posts}
    pressures = {due_on: pressure(due_on, today, reckoned) for due_on in {task.due_on for task in tasks}}
    return [
        Row(
            task=task,
            post=posts[task.post_id],
            pressure=pressures[task.due_on],
            is_mine=(is_mine := task.holder_id == actor.official_id),
            is_held_by_another=task.holder_id is not None and not is_mine,
            colour=colours.get(task.case_id, "green"),
        )
        for task in tasks
    ]


def _first_place(page: int | str) -> int:
    """Return the place in the list at which a page begins, if there is such a page."""
    asked = str(page)
    known = asked.isdecimal() and len(asked) <= len(str(FURTHEST)) and 0 < int(asked) <= FURTHEST
    return (int(asked) - 1) * PAGE_SIZE if known else 0


def _page_in_clock_order(posts: Sequence[UUID], official_id: UUID, place: int) -> Question[tuple[UUID, UUID]]:
    """Return the question for a page of `own` in the order of the clock: ids of tasks and of their cases."""
    end = place + PAGE_SIZE
    values = [value for post_id in posts for value in (post_id, official_id, end)]
    return _merged(len(posts)).asking(*values, place, PAGE_SIZE)


@lru_cache(maxsize=128)
def _merged(posts: int) -> Written[tuple[UUID, UUID]]:
    """Return the statement for so many posts.

    Each is in the order of the index "task_inbox"; PostgreSQL merges them, and reads no more of all than there is on
    the pages up to this one. With `post_id IN …` it reads and sorts all: 44,000 tasks of four posts in a city of a
    million cases.
    """
    if not posts:
        return Written("", make=tuple)
    parts = " UNION ALL ".join([_OF_ONE_POST] * posts)
    sql = f"SELECT id, case_id FROM ({parts}) AS found ORDER BY due_on, id OFFSET %s LIMIT %s"  # noqa: S608 - our own words
    return Written(sql, make=lambda row: (row[0], row[1]))


def _in_clock_order(tasks: QuerySet[Task]) -> QuerySet[Task, tuple[UUID, UUID]]:
    return tasks.order_by(F("due_on").asc(nulls_last=True), "id").values_list("id", "case_id")


def _official(actor: Actor) -> UUID:
    """Return who acts; without an official there are no posts either, and nothing is found."""
    return actor.official_id or UUID(int=0)


def _in_order(ids: Sequence[tuple[UUID, UUID]]) -> tuple[list[Task], dict[UUID, Colour]]:
    """Return the tasks in the order of their ids, and the warnings that stand against their cases."""
    task_ids, case_ids = [task_id for task_id, _case_id in ids], [case_id for _task_id, case_id in ids]
    tasks, *warned = together(_rows.asking(task_ids), *(one.warnings(case_ids) for one in SUPERVISION.values()))
    found = {task.id: task for task in tasks}
    return [task for task in map(found.get, task_ids) if task is not None], worst(
        row for rows in warned for row in rows
    )


@compiled_once
def _rows(ids: Collection[UUID]) -> QuerySet[Task]:
    """Of the post, which is the actor's own, is known what is shown of it."""
    tasks = Task.objects.filter(id__in=ids).select_related("case", "holder")
    return tasks.only(
        "kind", "name", "name_en", "state", "choices", "due_on", "provisional", "post_id",
        "case__number", "case__title", "case__title_en", "case__applicant_name", "holder__name",
    )  # fmt: skip


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


def open_tasks_on(actor: Actor, case_id: UUID) -> list[Task]:
    """Return the open tasks on a case that the actor may work on, those held by the actor first."""
    return own_among(
        actor,
        own(actor.post_ids, _official(actor)).filter(case_id=case_id).select_related("post__organisation", "holder"),
    )


def own_among(actor: Actor, tasks: Iterable[Task]) -> list[Task]:
    """Return the same of the tasks at hand of a case that was found for the actor."""
    own = [task for task in tasks if task.state == Task.State.OPEN and task.post_id in actor.post_ids]
    return sorted(own, key=lambda task: (task.holder_id != actor.official_id, task.created_at))
