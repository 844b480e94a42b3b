"""What supervisors look at: cases whose time is up, wherever in their reach they lie. They read, they do not act."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q

from tongban.base.actor import Actor
from tongban.calendar import queries as calendar
from tongban.cases.models import Case, Task
from tongban.cases.queries.finding import visible
from tongban.cases.rules import life
from tongban.cases.rules.urgency import Pressure, pressure
from tongban.organisations import queries as organisations

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class LateCase:
    """A case that is late: how late, and what lies with whom."""

    case: Case
    pressure: Pressure
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Oversight:
    """What is late within a supervisor's reach: a page of it, and by office (name, English name, how many)."""

    page: Page[Any]
    rows: list[LateCase]
    offices: list[dict[str, object]]
    in_progress: int
    today: int


def oversight(actor: Actor, *, today: date, page: int | str = 1) -> Oversight | None:
    """Return what is late within the actor's reach, the longest first; None for who does not supervise."""
    reach = organisations.overseen_by(actor.posts)
    if not reach:
        return None
    running = visible(actor).filter(organisation_id__in=reach).exclude(state__in=life.ENDED)
    late = running.filter(due_on__lt=today)
    at_work = Task.objects.filter(state=Task.State.OPEN).select_related("post__organisation", "holder").order_by("id")
    ordered = late.select_related("organisation").prefetch_related(Prefetch("tasks", at_work, to_attr="at_work"))
    shown = Paginator(ordered.order_by("due_on", "id"), PAGE_SIZE).get_page(page)
    reckoned = calendar.working_calendar()
    offices = late.values("organisation__name", "organisation__name_en").annotate(count=Count("id"))
    counts = running.aggregate(in_progress=Count("id"), today=Count("id", filter=Q(due_on=today)))
    return Oversight(
        page=shown,
        rows=[LateCase(case, pressure(case.due_on, today, reckoned), tuple(case.at_work)) for case in shown],  # type: ignore[attr-defined]  # of the prefetch
        offices=[
            {"name": row["organisation__name"], "name_en": row["organisation__name_en"], "count": row["count"]}
            for row in offices.order_by("-count", "organisation__name")
        ],
        **counts,
    )
