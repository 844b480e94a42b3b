"""What supervision is told of cases: the bare facts of many at once, and which clocks fall into a span of days."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from tongban.base.compiled import Compiled, Question, compiled_once, together
from tongban.cases.models import (
    Case,
    Clock,
    ClockExtension,
    Decision,
    HandOver,
    NonAcceptance,
    Rating,
    Recusal,
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
    limits: list[tuple[int, str]] = field(default_factory=list)
    """The limit as it was first set, and after it what was added."""

    def __post_init__(self) -> None:
        """Begin with the limit as it was first set."""
        self.limits.append((self.limit_value, self.limit_unit))


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
    """Return the facts of cases: eleven questions in one message, however many there are."""
    return watched_from(together(*facts_asked(case_ids)))


def facts_asked(case_ids: Collection[UUID]) -> list[Question[Any]]:
    """Return the questions for the facts of cases, to be asked with others; `watched_from` reads the answers."""
    return [question.asking(case_ids) for question, _add in _FACTS]


def watched_from(answers: Sequence[Sequence[Any]]) -> list[Watched]:
    """Return what the answers to `facts_asked` say."""
    found: dict[UUID, Watched] = {}
    for rows, (_question, add) in zip(answers, _FACTS, strict=True):
        for row in rows:
            add(found, *row)
    return list(found.values())


@compiled_once
def _cases(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    item_code = Coalesce(KeyTextTransform("item_code", "terms"), Value(""), output_field=TextField())
    return (
        Case.objects.filter(id__in=case_ids)
        .annotate(item_code=item_code)
        .values_list(
            "id", "number", "organisation_id", "item_code", "state", "submitted_at", "accepted_at",
            "acceptance_is_deemed",
        )
    )  # fmt: skip


def _add_case(found: dict[UUID, Watched], *row: Any) -> None:  # noqa: ANN401 - its columns
    found[row[0]] = Watched(*row)


@compiled_once
def _clocks(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    clocks = Clock.objects.filter(case_id__in=case_ids, state=Clock.State.RUNNING, provisional=False).order_by("id")
    return clocks.values_list("case_id", "id", "kind", "limit_value", "limit_unit", "due_on", "task_id")


def _add_clock(found: dict[UUID, Watched], case_id: UUID, *values: Any) -> None:  # noqa: ANN401 - its columns
    found[case_id].clocks.append(RunningClock(*values))


@compiled_once
def _extensions(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    added = ClockExtension.objects.filter(clock__case_id__in=case_ids, clock__state=Clock.State.RUNNING)
    return added.order_by("granted_at", "id").values_list("clock__case_id", "clock_id", "value", "unit")


def _add_extension(found: dict[UUID, Watched], case_id: UUID, clock_id: UUID, value: int, unit: str) -> None:
    for clock in found[case_id].clocks:
        if clock.id == clock_id:
            clock.limits.append((value, unit))


@compiled_once
def _tasks(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    tasks = Task.objects.filter(case_id__in=case_ids, state=Task.State.OPEN).order_by("created_at", "id")
    return tasks.values_list("case_id", "id", "post_id", "holder_id")


def _add_task(found: dict[UUID, Watched], case_id: UUID, *values: Any) -> None:  # noqa: ANN401 - its columns
    found[case_id].tasks.append(OpenTask(*values))


@compiled_once
def _ratings(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    bad = Rating.objects.filter(case_id__in=case_ids, level__gte=BAD, answered_at__isnull=True)
    return bad.values_list("case_id", "id", "rated_at")


def _add_rating(found: dict[UUID, Watched], case_id: UUID, rating_id: UUID, at: datetime) -> None:
    found[case_id].bad_rating = (rating_id, at)


@compiled_once
def _supplements(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    asked = SupplementRequest.objects.filter(case_id__in=case_ids, round__gt=1).order_by("asked_at")
    return asked.values_list("case_id", "id", "asked_at", "asked_by_id")


def _add_supplement(found: dict[UUID, Watched], case_id: UUID, request_id: UUID, at: datetime, post_id: UUID) -> None:
    found[case_id].second_supplements.append((request_id, at, post_id))


@compiled_once
def _hand_overs(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    return HandOver.objects.filter(task__case_id__in=case_ids).order_by("at").values_list("task__case_id", "at")


def _add_hand_over(found: dict[UUID, Watched], case_id: UUID, at: datetime) -> None:
    _passed(found[case_id], at)


@compiled_once
def _passings(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    passed = Task.objects.filter(case_id__in=case_ids, outcome="passed_on", ended_at__isnull=False)
    return passed.order_by("ended_at").values_list("case_id", "id", "created_at", "ended_at", "post_id")


def _add_passing(
    found: dict[UUID, Watched], case_id: UUID, task_id: UUID, came: datetime, went: datetime, post_id: UUID
) -> None:
    found[case_id].passed_on.append((task_id, came, went, post_id))
    _passed(found[case_id], went)


@compiled_once
def _refused(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    refused = Decision.objects.filter(case_id__in=case_ids, outcome=Decision.Outcome.REFUSED)
    return refused.values_list("case_id", "id", "decided_at", "reasons", "post_id", "official_id")


@compiled_once
def _declined(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    declined = NonAcceptance.objects.filter(case_id__in=case_ids)
    return declined.values_list("case_id", "id", "refused_at", "reason", "post_id", "official_id")


def _add_refusal(
    found: dict[UUID, Watched],
    case_id: UUID,
    refusal_id: UUID,
    at: datetime,
    reasons: str,
    post_id: UUID | None,
    official_id: UUID | None,
) -> None:
    refusal = Refusal(refusal_id, at, len("".join(reasons.split())), post_id, official_id)
    found[case_id].refusals.append(refusal)


@compiled_once
def _skipped(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    skipped = Task.objects.filter(
        case_id__in=case_ids,
        kind=Task.Kind.REVIEW,
        state=Task.State.CANCELLED,
        case__decision__isnull=False,
        case__decision__is_deemed=False,
    )
    return skipped.values_list("case_id", "id", "ended_at", "post_id")


def _add_skipped(found: dict[UUID, Watched], case_id: UUID, task_id: UUID, at: datetime, post_id: UUID) -> None:
    found[case_id].skipped.append((task_id, at, post_id))


_FACTS: tuple[tuple[Compiled[[Collection[UUID]], Any], Callable[..., None]], ...] = (
    (_cases, _add_case),
    (_clocks, _add_clock),
    (_extensions, _add_extension),
    (_tasks, _add_task),
    (_ratings, _add_rating),
    (_supplements, _add_supplement),
    (_hand_overs, _add_hand_over),
    (_passings, _add_passing),
    (_refused, _add_refusal),
    (_declined, _add_refusal),
    (_skipped, _add_skipped),
)
"""What is asked, and where each row of the answer goes. Cases come first, what belongs to a clock after the clocks."""


def _passed(case: Watched, at: datetime) -> None:
    case.passed_around += 1
    case.last_passed_at = max(at, case.last_passed_at or at)


def recused_from(case_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return by case the officials who stand aside from it 回避."""
    found: dict[UUID, set[UUID]] = {}
    for case_id, official_id in _recusals(case_ids):
        found.setdefault(case_id, set()).add(official_id)
    return found


@compiled_once
def _recusals(case_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    return Recusal.objects.filter(case_id__in=case_ids).values_list("case_id", "official_id")


Place = tuple[date, UUID]
"""Where reading goes on: behind a clock, in the order of due days."""
START: Place = (date.min, UUID(int=0))
AT_ONCE = 5000
"""Clocks that are read in one piece."""


def clocks_due_before(before: date, kinds: Collection[str], *, since: date | None = None) -> "QuerySet[Clock]":
    """Return running clocks of these kinds that end before a day (and not before `since`), provisional ones left out.

    The index `clock_running` finds them, however many others run.
    """
    clocks = Clock.objects.filter(
        state=Clock.State.RUNNING, due_on__lt=before, kind__in=kinds, provisional=False
    ).order_by("due_on", "id")
    return clocks if since is None else clocks.filter(due_on__gte=since)


def running_clocks(kinds: Collection[str]) -> Iterator[tuple[UUID, date, tuple[tuple[int, str], ...]]]:
    """Go through running clocks of these kinds, provisional ones left out: case, due day, the limit and what was added.

    Read in pieces, each anew behind the last: nothing is kept open meanwhile.
    """
    clocks, place = clocks_due_before(date.max, kinds), START
    while rows := list(_behind(clocks, place, "limit_value", "limit_unit")[:AT_ONCE]):
        added: dict[UUID, list[tuple[int, str]]] = {}
        for clock_id, value, unit in _added_to([row[2] for row in rows]):
            added.setdefault(clock_id, []).append((value, unit))
        for case_id, due_on, clock_id, value, unit in rows:
            yield case_id, due_on, ((value, unit), *added.get(clock_id, ()))
        place = (rows[-1][1], rows[-1][2])


def _added_to(clock_ids: Collection[UUID]) -> "QuerySet[Any, Any]":
    added = ClockExtension.objects.filter(clock_id__in=clock_ids).order_by("granted_at", "id")
    return added.values_list("clock_id", "value", "unit")


def cases_of_clocks(clocks: "QuerySet[Clock]", *, batch: int) -> Iterator[list[UUID]]:
    """Go through the cases of clocks in batches, each read anew behind the last: nothing is kept open meanwhile."""
    place = START
    while rows := list(_behind(clocks, place)[:batch]):
        yield list(dict.fromkeys(case_id for case_id, _due, _id in rows))
        place = (rows[-1][1], rows[-1][2])


def _behind(clocks: "QuerySet[Clock]", place: Place, *more: str) -> "QuerySet[Clock, Any]":
    day, clock_id = place
    behind = clocks.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=clock_id), due_on__gte=day)
    return behind.values_list("case_id", "due_on", "id", *more)


def cases_badly_rated_before(instant: datetime, *, since: datetime | None = None) -> list[UUID]:
    """Return the cases with a bad rating given before an instant that nobody has answered."""
    ratings = Rating.objects.filter(level__gte=BAD, answered_at__isnull=True, rated_at__lt=instant)
    ratings = ratings if since is None else ratings.filter(rated_at__gte=since)
    return list(ratings.order_by("rated_at").values_list("case_id", flat=True))
