"""All that is kept with a case, for the pages that show a case whole: fetched in one message to the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongban.accounts import queries as accounts
from tongban.base.compiled import Compiled, Question, compiled_once, together
from tongban.calendar import queries as calendar
from tongban.calendar.rules import WorkingCalendar
from tongban.cases.kinds import EXPECTATIONS
from tongban.cases.models import (
    Approval,
    Case,
    CasePaper,
    Clock,
    ClockExtension,
    ClockInterval,
    Decision,
    FeeDemand,
    HandOver,
    NonAcceptance,
    Rating,
    Recusal,
    Result,
    SupplementPoint,
    SupplementRequest,
    Suspension,
    Task,
)
from tongban.ledger import queries as ledger
from tongban.ledger.events import RecordedEvent


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is kept with a case, each in its own order, oldest first."""

    tasks: list[Task]
    clocks: list[Clock]
    stops: list[ClockInterval]
    extensions: list[ClockExtension]
    papers: list[CasePaper]
    fees: list[FeeDemand]
    supplements: list[SupplementRequest]
    hand_overs: list[HandOver]
    rating: Rating | None
    recusals: list[Recusal]
    events: list[RecordedEvent]
    calendar: WorkingCalendar
    expected: tuple[int, int, int] | None = None
    """In how many working days comparable cases were decided: see `kinds.EXPECTATIONS`."""

    @property
    def open_tasks(self) -> list[Task]:
        """What offices have to do now."""
        return [task for task in self.tasks if task.state == Task.State.OPEN]

    @property
    def open_supplement(self) -> SupplementRequest | None:
        """The supplement request that awaits its answer."""
        return next((request for request in self.supplements if request.answered_at is None), None)


def dossier_of(case: Case) -> Dossier:
    """Return the dossier of a case that the reader has been allowed to see; the case itself gets its outcome."""
    return _dossier(case)[0]


def dossier_with_people(case: Case) -> Dossier:
    """Return the same; the case also gets its applicant and who submitted it."""
    wanted = {one for one in (case.applicant_person_id, case.submitted_by_id) if one is not None}
    found, (rows,) = _dossier(case, accounts.persons_by_ids.asking(sorted(wanted)))
    people = {person.id: person for person in rows}
    if case.applicant_person_id is not None:
        case.applicant_person = people[case.applicant_person_id]
    if case.submitted_by_id is not None:
        case.submitted_by = people[case.submitted_by_id]
    return found


def _dossier(case: Case, *others: Question[Any]) -> tuple[Dossier, list[list[Any]]]:
    """Return the dossier, and the answers to what is asked in the same message."""
    expecting = [ask(case.id) for ask in EXPECTATIONS.values()]
    outcomes = [name for name in OUTCOMES if not _relation(name).is_cached(case)]
    (
        tasks,
        clocks,
        stops,
        extensions,
        papers,
        fees,
        supplements,
        hand_overs,
        ratings,
        recusals,
        events,
        content,
        *found,
    ) = together(
        tasks_of.asking(case.id),
        clock_rows.asking(case.id),
        stop_rows.asking(case.id),
        extension_rows.asking(case.id),
        paper_rows.asking(case.id),
        fees_of.asking(case.id),
        supplements_of.asking(case.id),
        hand_overs_of.asking(case.id),
        ratings_of.asking(case.id),
        recusals_of.asking(case.id),
        ledger.rows_of_subject.asking("case", case.id),
        calendar.calendar_content.asking(),
        *(OUTCOMES[name].asking(case.id) for name in outcomes),
        *expecting,
        *others,
    )
    for name, rows in zip(outcomes, found, strict=False):
        _relation(name).set_cached_value(case, next(iter(rows), None))
    dossier = Dossier(
        tasks=tasks,
        clocks=clocks,
        stops=stops,
        extensions=extensions,
        papers=papers,
        fees=fees,
        supplements=supplements,
        hand_overs=hand_overs,
        rating=next(iter(ratings), None),
        recusals=recusals,
        events=[ledger.recorded(row) for row in events],
        calendar=calendar.calendar_of(content),
        expected=next((rows[0] for rows in found[len(outcomes) : len(outcomes) + len(expecting)] if rows), None),
    )
    return dossier, found[len(outcomes) + len(expecting) :]


@compiled_once
def tasks_of(case_id: UUID) -> QuerySet[Task]:
    """Return all tasks of a case in the order in which they came, with their offices and who holds or did them."""
    tasks = Task.objects.filter(case_id=case_id).select_related("post__organisation", "holder", "done_by")
    return tasks.order_by("created_at", "id")


@compiled_once
def clock_rows(case_id: UUID) -> QuerySet[Clock]:
    """Return the clocks of a case in the order in which they began."""
    return Clock.objects.filter(case_id=case_id).order_by("started_at", "id")


@compiled_once
def stop_rows(case_id: UUID) -> QuerySet[ClockInterval]:
    """Return the stretches during which clocks of a case stood, with what they stood for and which paper told it."""
    rows = ClockInterval.objects.filter(clock__case_id=case_id, running=False)
    return rows.select_related("suspension__paper").defer("suspension__paper__content").order_by("since", "id")


@compiled_once
def extension_rows(case_id: UUID) -> QuerySet[ClockExtension]:
    """Return what was added to the clocks of a case, in its order."""
    rows = ClockExtension.objects.filter(clock__case_id=case_id).select_related("paper").defer("paper__content")
    return rows.order_by("granted_at", "id")


@compiled_once
def paper_rows(case_id: UUID) -> QuerySet[CasePaper]:
    """Return all papers of a case in the order of their issue, without what they say."""
    rows = CasePaper.objects.filter(case_id=case_id).select_related("paper").defer("paper__content")
    return rows.order_by("paper__issued_at", "paper_id")


def papers_of(case: Case, *, for_applicant: bool) -> list[CasePaper]:
    """Return the papers of a case in the order of their issue."""
    return [row for row in paper_rows(case.id) if row.for_applicant or not for_applicant]


@compiled_once
def fees_of(case_id: UUID) -> QuerySet[FeeDemand]:
    """Return the fees of a case in the order of their demand, with the office that takes the money."""
    fees = FeeDemand.objects.filter(case_id=case_id).select_related("post__organisation")
    return fees.order_by("demanded_at", "id")


@compiled_once
def supplements_of(case_id: UUID) -> QuerySet[SupplementRequest]:
    """Return the supplement requests of a case with their points."""
    found = SupplementRequest.objects.filter(case_id=case_id).select_related("asked_by__organisation", "approval")
    return found.prefetch_related("points").order_by("asked_at", "id")


def named_before(case_id: UUID) -> set[tuple[str, str]]:
    """Return kind and key of what the applicant of a case was asked for so far."""
    points = SupplementPoint.objects.filter(request__case_id=case_id)
    return set(points.values_list("target_kind", "target_key"))


def standing_suspensions(case: Case) -> list[Suspension]:
    """Return what a suspended case stands for; asked only then."""
    if case.state != Case.State.SUSPENDED:
        return []
    standing = Suspension.objects.filter(case=case, ended_at__isnull=True)
    return list(standing.select_related("paper", "post").defer("paper__content").order_by("began_at", "id"))


def approvals_among(tasks: Iterable[Task]) -> list[Approval]:
    """Return what superiors were asked, oldest first; asked only where a task says that they were."""
    wanted = [task.id for task in tasks if task.kind == Task.Kind.APPROVAL]
    if not wanted:
        return []
    found = Approval.objects.filter(task_id__in=wanted).select_related("asked_by", "asked_for", "answered_by")
    return list(found.order_by("asked_at", "id"))


@compiled_once
def hand_overs_of(case_id: UUID) -> QuerySet[HandOver]:
    """Return who handed what of a case to whom, with which word."""
    found = HandOver.objects.filter(task__case_id=case_id).select_related("from_official", "to_official", "to_post")
    return found.order_by("at", "id")


@compiled_once
def ratings_of(case_id: UUID) -> QuerySet[Rating]:
    """Return how the applicant found it: one rating, or none."""
    return Rating.objects.filter(case_id=case_id)


@compiled_once
def recusals_of(case_id: UUID) -> QuerySet[Recusal]:
    """Return who stands aside from a case."""
    return Recusal.objects.filter(case_id=case_id).order_by("at", "id")


@compiled_once
def _decisions_of(case_id: UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(case_id=case_id)


@compiled_once
def _non_acceptances_of(case_id: UUID) -> QuerySet[NonAcceptance]:
    return NonAcceptance.objects.filter(case_id=case_id)


@compiled_once
def _results_of(case_id: UUID) -> QuerySet[Result]:
    return Result.objects.filter(case_id=case_id)


OUTCOMES: Mapping[str, Compiled[[UUID], Any]] = {
    "decision": _decisions_of,
    "non_acceptance": _non_acceptances_of,
    "result": _results_of,
}
"""What a case may end in, by the name under which it hangs on the case; one each, or none."""


def _relation(name: str) -> Any:  # noqa: ANN401 - Django's OneToOneRel
    return Case._meta.get_field(name)  # noqa: SLF001 - Django's public name


DELIVERED_KINDS = ("decision_granted", "decision_refused", "result")
"""Kinds of papers that the proof of delivery lists."""


def delivered_numbers(case: Case) -> list[str]:
    """Return the numbers of the papers that are delivered with a case, in the order of their issue."""
    rows = case.case_papers.filter(paper__kind__in=DELIVERED_KINDS, paper__voided_at=None)
    return list(rows.order_by("paper__issued_at", "paper_id").values_list("paper__number", flat=True))
