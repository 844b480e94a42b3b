"""What happened to a case, in sentences, from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.templatetags.words import either
from tongban.cases.models import Case, HandOver, Rating, SupplementRequest, Task
from tongban.ledger import queries as ledger
from tongban.ledger.events import RecordedEvent
from tongban.organisations import queries as organisations


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
    return dict(accounts.officials().filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def organisation_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return names of organisations by id in the reader's language, in one query."""
    wanted = {organisation_id for organisation_id in ids if organisation_id is not None}
    if not wanted:
        return {}
    found = organisations.organisations().filter(id__in=wanted).values_list("id", "name", "name_en")
    return {organisation_id: either(name, name_en) for organisation_id, name, name_en in found}


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


def opinions(case: Case) -> list[Task]:
    """Return the finished tasks of a case in the order of their end, with who did them."""
    done = case.tasks.filter(state=Task.State.DONE).select_related("post__organisation", "done_by")
    return list(done.order_by("ended_at", "id"))


def supplements_of(case: Case) -> list[SupplementRequest]:
    """Return all supplement requests of a case with their points, oldest first."""
    return list(case.supplement_requests.prefetch_related("points").order_by("asked_at", "id"))


def hand_overs_of(case: Case) -> list[HandOver]:
    """Return who handed what to whom, with which word."""
    found = HandOver.objects.filter(task__case=case).select_related("task", "from_official", "to_official", "to_post")
    return list(found.order_by("at", "id"))


def rating_of(case: Case) -> Rating | None:
    """Return how the applicant found it."""
    return Rating.objects.filter(case=case).first()
