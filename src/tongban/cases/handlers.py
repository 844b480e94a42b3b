"""Who is told what: the applicant hears of each turn of their case, in the language of their account."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.cases import events, queries
from tongban.cases.models import Case, Decision, FeeDemand, NonAcceptance, SupplementPoint
from tongban.cases.rules import news
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications


def _tell(case_id: UUID, recorded: RecordedEvent, write: Callable[[Case], news.News | None], now: datetime) -> None:
    """Tell the account of whoever submitted; somebody served at a window without an account gets paper instead."""
    case = queries.case_to_tell_of(case_id)
    account = accounts.account_of_person(case.submitted_by_id) if case.submitted_by_id else None
    if account is None:
        return
    with translation.override(account.language):
        said = write(case)
    if said is None:
        return
    notifications.tell(
        account_id=account.id,
        key=f"case-event-{recorded.uid}",
        subject=said.subject,
        body=said.body,
        link=reverse("cases:follow", args=[case.number]),
        wants_answer=said.wants_answer,
        now=now,
    )


def _is_granted(case: Case) -> bool:
    return bool(case.decision.outcome == Decision.Outcome.GRANTED)


@handler(events.CaseOpened, name="cases.tell_received", together=True)
def tell_received(event: events.CaseOpened, *, recorded: RecordedEvent, now: datetime) -> None:
    """It has come in."""
    _tell(event.subject_id, recorded, news.received, now)


@handler(events.SupplementAsked, name="cases.tell_supplement_wanted", together=True)
def tell_supplement_wanted(event: events.SupplementAsked, *, recorded: RecordedEvent, now: datetime) -> None:
    """Something is missing: what, by when."""
    points = SupplementPoint.objects.filter(request_id=event.request_id).order_by("position", "id")
    names = list(points.values_list("target_name", flat=True))
    _tell(event.subject_id, recorded, lambda case: news.supplement_wanted(case, names, event.answer_by), now)


@handler(events.SupplementGiven, name="cases.tell_supplement_arrived", together=True)
def tell_supplement_arrived(event: events.SupplementGiven, *, recorded: RecordedEvent, now: datetime) -> None:
    """The answer has arrived."""
    _tell(event.subject_id, recorded, news.supplement_arrived, now)


@handler(events.CaseAccepted, name="cases.tell_accepted", together=True)
def tell_accepted(event: events.CaseAccepted, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is accepted, and decided by when."""
    _tell(event.subject_id, recorded, lambda case: news.accepted(case, event.due_on), now)


@handler(events.CaseNotAccepted, name="cases.tell_not_accepted", together=True)
def tell_not_accepted(event: events.CaseNotAccepted, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is not accepted; what else to do."""
    refusal = NonAcceptance.objects.get(case_id=event.subject_id)
    _tell(event.subject_id, recorded, lambda case: news.not_accepted(case, refusal.what_else), now)


@handler(events.CasePassedOn, name="cases.tell_passed_on", together=True)
def tell_passed_on(event: events.CasePassedOn, *, recorded: RecordedEvent, now: datetime) -> None:
    """Another office has it now."""
    _tell(event.subject_id, recorded, news.passed_on, now)


@handler(events.CaseDecided, name="cases.tell_decided", together=True)
def tell_decided(event: events.CaseDecided, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is decided."""
    _tell(event.subject_id, recorded, lambda case: news.decided(case, granted=event.outcome == "granted"), now)


@handler(events.FeeDemanded, name="cases.tell_to_pay", together=True)
def tell_to_pay(event: events.FeeDemanded, *, recorded: RecordedEvent, now: datetime) -> None:
    """A fee is due."""
    fee = FeeDemand.objects.select_related("post__organisation").get(id=event.fee_id)
    _tell(event.subject_id, recorded, lambda case: news.to_pay(case, fee), now)


@handler(events.CaseCompleted, name="cases.tell_ready", together=True)
def tell_ready(event: events.CaseCompleted, *, recorded: RecordedEvent, now: datetime) -> None:
    """The papers are ready; who gets them online is told once, on delivery."""

    def write(case: Case) -> news.News | None:
        online = case.delivery.way == "online" and case.delivery.electronic
        return (
            None
            if online
            else news.ready(
                case, case.delivery.way, queries.collected_at(case).name, granted=event.outcome == "granted"
            )
        )

    _tell(event.subject_id, recorded, write, now)


@handler(events.CaseDelivered, name="cases.tell_delivered", together=True)
def tell_delivered(event: events.CaseDelivered, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is done; how was it?"""
    _tell(
        event.subject_id,
        recorded,
        lambda case: news.delivered(case, event.way, case.delivery.tracking_number, granted=_is_granted(case)),
        now,
    )


@handler(events.CaseLapsed, name="cases.tell_lapsed", together=True)
def tell_lapsed(event: events.CaseLapsed, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is closed."""
    _tell(event.subject_id, recorded, news.lapsed, now)


@handler(events.CaseWithdrawn, name="cases.tell_withdrawn", together=True)
def tell_withdrawn(event: events.CaseWithdrawn, *, recorded: RecordedEvent, now: datetime) -> None:
    """It is taken back."""
    _tell(event.subject_id, recorded, news.withdrawn, now)
