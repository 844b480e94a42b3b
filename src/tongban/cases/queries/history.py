"""What happened to a case, in sentences, from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.compiled import compiled_once
from tongban.base.templatetags.words import either
from tongban.cases.models import Case, HandOver, Rating, SupplementRequest, Task
from tongban.cases.rules import life
from tongban.ledger import queries as ledger
from tongban.ledger.events import RecordedEvent
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.accounts.models import Official
    from tongban.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: when, who did it, in words."""

    when: datetime
    who: str
    words: str


def history(case: Case) -> list[Happened]:
    """Return the history of a case for officials, oldest first."""
    events = _told(ledger.history_of("case", case.id), "official")
    officials = official_names(event.official_id for event, _words in events)
    return [Happened(event.happened_at, _who(event, officials), words) for event, words in events]


def _told(events: Iterable[RecordedEvent], reader: str) -> list[tuple[RecordedEvent, str]]:
    told = [(event, ledger.words_of(event, "official" if reader == "official" else "applicant")) for event in events]
    return [(event, words) for event, words in told if words]


def _who(event: RecordedEvent, officials: dict[UUID, str]) -> str:
    if event.official_id is not None:
        return officials.get(event.official_id, "")
    return _("Applicant") if event.actor_kind == "resident" else _("System")


def official_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return names of officials by id, in one query."""
    wanted = {official_id for official_id in ids if official_id is not None}
    return dict(_official_names(sorted(wanted)))


@compiled_once
def _official_names(wanted: list[UUID]) -> "QuerySet[Official, tuple[UUID, str]]":
    return accounts.officials().filter(id__in=wanted).values_list("id", "name")


def organisation_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return names of organisations by id in the reader's language, in one query."""
    wanted = {organisation_id for organisation_id in ids if organisation_id is not None}
    found = _organisation_names(sorted(wanted))
    return {organisation_id: either(name, name_en) for organisation_id, name, name_en in found}


@compiled_once
def _organisation_names(wanted: list[UUID]) -> "QuerySet[Organisation, tuple[UUID, str, str]]":
    return organisations.organisations().filter(id__in=wanted).values_list("id", "name", "name_en")


def applicant_history(case: Case) -> list[Happened]:
    """Return what happened in words for the applicant; officials are not named, their offices are."""
    events = _told(ledger.history_of("case", case.id), "applicant")
    offices = organisation_names(_office(event) for event, _words in events)
    return [Happened(event.happened_at, _by(event, offices), words) for event, words in events]


def _office(event: RecordedEvent) -> UUID | None:
    given = event.data.get("post_organisation_id") or event.data.get("organisation_id")
    return UUID(given) if given else None


def _by(event: RecordedEvent, offices: dict[UUID, str]) -> str:
    if event.actor_kind == "resident":
        return _("You")
    office = _office(event)
    return offices.get(office, "") if office else ""


@compiled_once
def tasks_of(case_id: UUID) -> QuerySet[Task]:
    """Return all tasks of a case in the order in which they came, with their offices and who holds or did them."""
    tasks = Task.objects.filter(case_id=case_id).select_related("post__organisation", "holder", "done_by")
    return tasks.order_by("created_at", "id")


def opinions(case: Case) -> list[Task]:
    """Return the finished tasks of a case in the order of their end, with who did them."""
    return opinions_among(tasks_of(case.id))


def opinions_among(tasks: Iterable[Task]) -> list[Task]:
    """Return the same of tasks that are at hand."""
    done = [(task.ended_at, task.id, task) for task in tasks if task.state == Task.State.DONE and task.ended_at]
    return [task for _ended_at, _id, task in sorted(done, key=lambda one: one[:2])]


def supplements_of(case: Case) -> list[SupplementRequest]:
    """Return all supplement requests of a case with their points, oldest first."""
    return _supplements(case.id)


@compiled_once
def _supplements(case_id: UUID) -> QuerySet[SupplementRequest]:
    return SupplementRequest.objects.filter(case_id=case_id).prefetch_related("points").order_by("asked_at", "id")


def hand_overs_of(case: Case) -> list[HandOver]:
    """Return who handed what to whom, with which word."""
    return _hand_overs(case.id)


@compiled_once
def _hand_overs(case_id: UUID) -> QuerySet[HandOver]:
    found = HandOver.objects.filter(task__case_id=case_id).select_related("from_official", "to_official", "to_post")
    return found.order_by("at", "id")


def rating_of(case: Case) -> Rating | None:
    """Return how the applicant found it."""
    if not life.is_possible(case.state, "rate"):
        return None
    return next(iter(_ratings(case.id)), None)


@compiled_once
def _ratings(case_id: UUID) -> QuerySet[Rating]:
    return Rating.objects.filter(case_id=case_id)
