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
from tongban.cases.models import Case, Task
from tongban.cases.queries.dossier import tasks_of
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
    return history_among(ledger.history_of("case", case.id))


def history_among(happened: Iterable[RecordedEvent]) -> list[Happened]:
    """Return the same of events that are at hand."""
    events = _told(happened, "official")
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
    return applicant_history_among(ledger.history_of("case", case.id))


def applicant_history_among(happened: Iterable[RecordedEvent]) -> list[Happened]:
    """Return the same of events that are at hand."""
    events = _told(happened, "applicant")
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


def opinions(case: Case) -> list[Task]:
    """Return the finished tasks of a case in the order of their end, with who did them."""
    return opinions_among(tasks_of(case.id))


def opinions_among(tasks: Iterable[Task]) -> list[Task]:
    """Return the same of tasks that are at hand."""
    done = [(task.ended_at, task.id, task) for task in tasks if task.state == Task.State.DONE and task.ended_at]
    return [task for _ended_at, _id, task in sorted(done, key=lambda one: one[:2])]
