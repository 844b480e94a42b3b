"""What supervision is told of cases: the bare facts of many at once, and which clocks fall into a span of days."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from tongban.cases.models import (
    Case,
    Clock,
    Decision,
    HandOver,
    NonAcceptance,
    Rating,
    SupplementRequest,
    Task,
)

BAD = 4
"""Ratings from this level on are bad: 4 dissatisfied, 5 very dissatisfied (GB/T 39046 A.8)."""


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A running clock whose end is certain, with the office it measures: that of its step, else of the case."""

    id: UUID
    kind: str
    limit_value: int
    limit_unit: str
    due_on: date
    task_id: UUID | None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What an office has to do now."""

    id: UUID
    post_id: UUID
    holder_id: UUID | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal with the length of its reasons: of acceptance or of the permit."""

    id: UUID
    at: datetime
    characters: int
    post_id: UUID | None
    official_id: UUID | None


@dataclass(slots=True)
class Watched:
    """The facts of one case."""

    id: UUID
    number: str
    organisation_id: UUID
    item_code: str
    state: str
    submitted_at: datetime
    accepted_at: datetime | None
    acceptance_is_deemed: bool
    clocks: list[RunningClock] = field(default_factory=list)
    tasks: list[OpenTask] = field(default_factory=list)
    second_supplements: list[tuple[UUID, datetime, UUID]] = field(default_factory=list)
    """(id, when, post) of each request after the first."""
    passed_around: int = 0
    """How often a task was handed over, or the case passed on to another office."""
    last_passed_at: datetime | None = None
    passed_on: list[tuple[UUID, datetime, datetime, UUID]] = field(default_factory=list)
    """(task, when it came to the office, when it was passed on, post) of each passing on."""
    refusals: list[Refusal] = field(default_factory=list)
    skipped: list[tuple[UUID, datetime, UUID]] = field(default_factory=list)
    """(task, when, post) of steps of the review left out before the decision."""
    bad_rating: tuple[UUID, datetime] | None = None
    """A bad rating that nobody has answered."""


def watched(case_ids: Collection[UUID]) -> list[Watched]:
    """Return the facts of cases: nine queries, however many there are."""
    rows: QuerySet[Any] = (
        Case.objects.filter(id__in=case_ids)
        .annotate(item_code=Coalesce(KeyTextTransform("item_code", "terms"), Value(""), output_field=TextField()))
        .values_list(
            "id", "number", "organisation_id", "item_code", "state", "submitted_at", "accepted_at",
            "acceptance_is_deemed",
        )
    )  # fmt: skip
    found = {row[0]: Watched(*row) for row in rows}
    _add_work(found)
    _add_wrongs(found)
    return list(found.values())


def _by_case(rows: "QuerySet[Any]", path: str, *columns: str) -> Iterator[tuple[UUID, list[Any]]]:
    """Go through rows with the case each belongs to, which the row knows by `path`."""
    for case_id, *values in rows.values_list(path, *columns):
        yield case_id, values


def _add_work(found: dict[UUID, Watched]) -> None:
    clocks = Clock.objects.filter(case_id__in=found, state=Clock.State.RUNNING, provisional=False).order_by("id")
    columns = ("id", "kind", "limit_value", "limit_unit", "due_on", "task_id")
    for case_id, values in _by_case(clocks, "case_id", *columns):
        found[case_id].clocks.append(RunningClock(*values))
    tasks = Task.objects.filter(case_id__in=found, state=Task.State.OPEN).order_by("created_at", "id")
    for case_id, values in _by_case(tasks, "case_id", "id", "post_id", "holder_id"):
        found[case_id].tasks.append(OpenTask(*values))
    ratings = Rating.objects.filter(case_id__in=found, level__gte=BAD, answered_at__isnull=True)
    for case_id, (rating_id, at) in _by_case(ratings, "case_id", "id", "rated_at"):
        found[case_id].bad_rating = (rating_id, at)


def _add_wrongs(found: dict[UUID, Watched]) -> None:
    asked = SupplementRequest.objects.filter(case_id__in=found, round__gt=1).order_by("asked_at")
    for case_id, (request_id, at, post_id) in _by_case(asked, "case_id", "id", "asked_at", "asked_by_id"):
        found[case_id].second_supplements.append((request_id, at, post_id))
    _add_passing(found)
    refused = Decision.objects.filter(case_id__in=found, outcome=Decision.Outcome.REFUSED)
    for case_id, values in _by_case(refused, "case_id", "id", "decided_at", "reasons", "post_id", "official_id"):
        found[case_id].refusals.append(_refusal(*values))
    declined = NonAcceptance.objects.filter(case_id__in=found)
    for case_id, values in _by_case(declined, "case_id", "id", "refused_at", "reason", "post_id", "official_id"):
        found[case_id].refusals.append(_refusal(*values))
    skipped = Task.objects.filter(
        case_id__in=found,
        kind=Task.Kind.REVIEW,
        state=Task.State.CANCELLED,
        case__decision__isnull=False,
        case__decision__is_deemed=False,
    )
    for case_id, (task_id, at, post_id) in _by_case(skipped, "case_id", "id", "ended_at", "post_id"):
        found[case_id].skipped.append((task_id, at, post_id))


def _refusal(refusal_id: UUID, at: datetime, reasons: str, post_id: UUID | None, official_id: UUID | None) -> Refusal:
    return Refusal(refusal_id, at, len("".join(reasons.split())), post_id, official_id)


def _add_passing(found: dict[UUID, Watched]) -> None:
    handed = HandOver.objects.filter(task__case_id__in=found).order_by("at")
    for case_id, (at,) in _by_case(handed, "task__case_id", "at"):
        _passed(found[case_id], at)
    passed = Task.objects.filter(case_id__in=found, outcome="passed_on", ended_at__isnull=False).order_by("ended_at")
    for case_id, (task_id, came, went, post_id) in _by_case(
        passed, "case_id", "id", "created_at", "ended_at", "post_id"
    ):
        found[case_id].passed_on.append((task_id, came, went, post_id))
        _passed(found[case_id], went)


def _passed(case: Watched, at: datetime) -> None:
    case.passed_around += 1
    case.last_passed_at = max(at, case.last_passed_at or at)


Place = tuple[date, UUID]
"""Where reading goes on: behind a clock, in the order of due days."""
START: Place = (date.min, UUID(int=0))


def clocks_due_before(before: date, kinds: Collection[str], *, since: date | None = None) -> "QuerySet[Clock]":
    """Return running clocks of these kinds that end before a day (and not before `since`), provisional ones left out.

    The index `clock_running` finds them, however many others run.
    """
    clocks = Clock.objects.filter(
        state=Clock.State.RUNNING, due_on__lt=before, kind__in=kinds, provisional=False
    ).order_by("due_on", "id")
    return clocks if since is None else clocks.filter(due_on__gte=since)


def cases_of_clocks(clocks: "QuerySet[Clock]", *, batch: int) -> Iterator[list[UUID]]:
    """Go through the cases of clocks in batches, each read anew behind the last: nothing is kept open meanwhile."""
    place = START
    while rows := list(_behind(clocks, place)[:batch]):
        yield list(dict.fromkeys(case_id for case_id, _due, _id in rows))
        place = (rows[-1][1], rows[-1][2])


def _behind(clocks: "QuerySet[Clock]", place: Place) -> "QuerySet[Clock, tuple[UUID, date, UUID]]":
    day, clock_id = place
    behind = clocks.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=clock_id), due_on__gte=day)
    return behind.values_list("case_id", "due_on", "id")


def cases_badly_rated_before(instant: datetime, *, since: datetime | None = None) -> list[UUID]:
    """Return the cases with a bad rating given before an instant that nobody has answered."""
    ratings = Rating.objects.filter(level__gte=BAD, answered_at__isnull=True, rated_at__lt=instant)
    ratings = ratings if since is None else ratings.filter(rated_at__gte=since)
    return list(ratings.order_by("rated_at").values_list("case_id", flat=True))
