"""Who is told what: the applicant hears of each turn of their case, in the language of their account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.base.clock import office_date
from tongban.base.shipping import load_after_migrations
from tongban.base.templatetags.words import either
from tongban.calendar import events as calendar
from tongban.cases import actions, events, queries
from tongban.cases.models import Case, ClockTable, Decision, FeeDemand, NonAcceptance, SupplementPoint, Suspension
from tongban.cases.rules import news
from tongban.ledger import queries as ledger
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications

load_after_migrations("cases", ClockTable, actions.load_shipped_tables)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is to be told of a case on one event; `write` finds the words, None where there is nothing to tell."""

    case_id: UUID
    recorded: RecordedEvent
    write: Callable[[Case], news.News | None]


def _tell(tellings: Sequence[_Telling], *, now: datetime) -> None:
    """Tell those who may follow the case online; somebody served at a window without an account gets paper instead."""
    cases = queries.cases_to_tell_of({one.case_id for one in tellings})
    known = queries.accounts_told(cases.values(), office_date(now))
    told = []
    for one in tellings:
        case = cases[one.case_id]
        account = known.get(case.id)
        if account is None:
            continue
        with translation.override(account.language):
            said = one.write(case)
        if said is None:
            continue
        told.append(
            notifications.News(
                account_id=account.id,
                key=f"case-event-{one.recorded.uid}",
                subject=said.subject,
                body=said.body,
                link=reverse("cases:follow", args=[case.number]),
                wants_answer=said.wants_answer,
            )
        )
    notifications.tell_all(told, now=now)


@handler(calendar.CalendarYearPublished, name="cases.recount_after_notice", together=True)
@handler(calendar.LocalDaysChanged, name="cases.recount_after_local_days", together=True)
@handler(calendar.PoliciesChanged, name="cases.recount_after_policies", together=True)
def recount(event: calendar.CalendarChanged, *, recorded: RecordedEvent, now: datetime) -> None:
    """Reckon anew what a change of the calendar can move; the worker does it in pieces."""
    actions.begin_recount(event_id=recorded.id, change=event.change, now=now)


TOLD_AT_ONCE = 50


@transaction.atomic
def tell_some_moved(*, now: datetime) -> bool:
    """Tell some of those whose day a change of the calendar has moved; returns whether there were any.

    Not owed like other news: of a million at once, everybody else's would wait behind them.
    """
    taken = actions.take_to_tell(most=TOLD_AT_ONCE)
    tellings = []
    for recorded in ledger.events_by_id(taken):
        moved = recorded.event
        end = events.told_end(moved.ends) if isinstance(moved, events.ClocksMoved) else None
        if end is not None:
            tellings.append(_Telling(recorded.subject_id, recorded, partial(news.moved, end=end)))
    _tell(tellings, now=now)
    return bool(taken)


def _is_granted(case: Case) -> bool:
    return bool(case.decision.outcome == Decision.Outcome.GRANTED)


@handler(events.CaseOpened, name="cases.tell_received", gather=_tell)
def tell_received(event: events.CaseOpened, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It has come in."""
    return _Telling(event.subject_id, recorded, news.received)


@handler(events.SupplementAsked, name="cases.tell_supplement_wanted", gather=_tell)
def tell_supplement_wanted(event: events.SupplementAsked, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """Something is missing: what, by when."""
    points = SupplementPoint.objects.filter(request_id=event.request_id).order_by("position", "id")
    names = list(points.values_list("target_name", flat=True))
    return _Telling(event.subject_id, recorded, lambda case: news.supplement_wanted(case, names, event.answer_by))


@handler(events.SupplementGiven, name="cases.tell_supplement_arrived", gather=_tell)
def tell_supplement_arrived(event: events.SupplementGiven, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The answer has arrived."""
    return _Telling(event.subject_id, recorded, news.supplement_arrived)


@handler(events.CaseAccepted, name="cases.tell_accepted", gather=_tell)
def tell_accepted(event: events.CaseAccepted, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is accepted, and decided by when."""
    return _Telling(event.subject_id, recorded, lambda case: news.accepted(case, event.due_on))


@handler(events.CaseDeemedAccepted, name="cases.tell_deemed_accepted", gather=_tell)
def tell_deemed_accepted(event: events.CaseDeemedAccepted, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is accepted by law."""
    return _Telling(event.subject_id, recorded, lambda case: news.deemed_accepted(case, event.due_on))


@handler(events.CaseDeemedRenewed, name="cases.tell_deemed_renewed", gather=_tell)
def tell_deemed_renewed(event: events.CaseDeemedRenewed, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is renewed by law."""
    return _Telling(event.subject_id, recorded, news.deemed_renewed)


@handler(events.SuspensionOverdue, name="cases.remind_of_suspension", together=True)
def remind_of_suspension(event: events.SuspensionOverdue, *, recorded: RecordedEvent, now: datetime) -> None:
    """The official who began a procedure is reminded of it."""
    suspension = Suspension.objects.get(id=event.suspension_id)
    account = accounts.account_of_official(suspension.official_id)
    if account is None or suspension.ended_at is not None:
        return
    case = queries.cases_to_tell_of({event.subject_id})[event.subject_id]
    with translation.override(account.language):
        said = news.suspension_overdue(case, suspension)
    notifications.tell(
        account_id=account.id,
        key=f"case-event-{recorded.uid}",
        subject=said.subject,
        body=said.body,
        link=reverse("cases:case", args=[case.number]),
        wants_answer=said.wants_answer,
        now=now,
    )


@handler(events.CaseNotAccepted, name="cases.tell_not_accepted", gather=_tell)
def tell_not_accepted(event: events.CaseNotAccepted, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is not accepted; what else to do."""
    refusal = NonAcceptance.objects.get(case_id=event.subject_id)
    return _Telling(event.subject_id, recorded, lambda case: news.not_accepted(case, refusal.what_else))


@handler(events.CasePassedOn, name="cases.tell_passed_on", gather=_tell)
def tell_passed_on(event: events.CasePassedOn, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """Another office has it now."""
    return _Telling(event.subject_id, recorded, news.passed_on)


@handler(events.CaseSuspended, name="cases.tell_suspended", gather=_tell)
def tell_suspended(event: events.CaseSuspended, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The limit stands for a while."""
    suspension = Suspension.objects.get(id=event.suspension_id)
    return _Telling(event.subject_id, recorded, lambda case: news.suspended(case, suspension))


@handler(events.CaseResumed, name="cases.tell_resumed", gather=_tell)
def tell_resumed(event: events.CaseResumed, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The limit runs on; while another procedure stands, there is nothing to tell but the paper."""
    return _Telling(
        event.subject_id, recorded, lambda case: news.resumed(case, event.due_on) if event.goes_on else None
    )


@handler(events.CaseExtended, name="cases.tell_extended", gather=_tell)
def tell_extended(event: events.CaseExtended, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The limit is extended."""
    return _Telling(event.subject_id, recorded, lambda case: news.extended(case, event))


@handler(events.CaseDecided, name="cases.tell_decided", gather=_tell)
def tell_decided(event: events.CaseDecided, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is decided."""

    def write(case: Case) -> news.News | None:
        """Say nothing of what the law has granted: `tell_deemed_renewed` does."""
        return None if event.is_deemed else news.decided(case, granted=event.outcome == "granted")

    return _Telling(event.subject_id, recorded, write)


@handler(events.FeeDemanded, name="cases.tell_to_pay", gather=_tell)
def tell_to_pay(event: events.FeeDemanded, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A fee is due."""
    fee = FeeDemand.objects.select_related("post__organisation").get(id=event.fee_id)
    return _Telling(event.subject_id, recorded, lambda case: news.to_pay(case, fee))


@handler(events.CaseCompleted, name="cases.tell_ready", gather=_tell)
def tell_ready(event: events.CaseCompleted, *, recorded: RecordedEvent, now: datetime) -> _Telling:
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

    return _Telling(event.subject_id, recorded, write)


@handler(events.CaseDelivered, name="cases.tell_delivered", gather=_tell)
def tell_delivered(event: events.CaseDelivered, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is done; how was it?"""
    return _Telling(
        event.subject_id,
        recorded,
        lambda case: news.delivered(case, event.way, case.delivery.tracking_number, granted=_is_granted(case)),
    )


@handler(events.RatingAnswered, name="cases.tell_rating_answered", gather=_tell)
def tell_rating_answered(event: events.RatingAnswered, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The office has answered a bad rating."""

    def write(case: Case) -> news.News:
        return news.rating_answered(case, either(case.organisation.name, case.organisation.name_en))

    return _Telling(event.subject_id, recorded, write)


@handler(events.CaseLapsed, name="cases.tell_lapsed", gather=_tell)
def tell_lapsed(event: events.CaseLapsed, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is closed."""
    return _Telling(event.subject_id, recorded, news.lapsed)


@handler(events.CaseWithdrawn, name="cases.tell_withdrawn", gather=_tell)
def tell_withdrawn(event: events.CaseWithdrawn, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It is taken back."""
    return _Telling(event.subject_id, recorded, news.withdrawn)


@handler(events.PaperCorrected, name="cases.tell_corrected", gather=_tell)
def tell_corrected(event: events.PaperCorrected, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A paper was wrong; another takes its place."""
    return _Telling(event.subject_id, recorded, lambda case: news.corrected(case, event.voided_number, event.number))


@handler(events.PaperVoidedAlone, name="cases.tell_voided", gather=_tell)
def tell_voided(event: events.PaperVoidedAlone, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A paper should not have been issued."""
    return _Telling(event.subject_id, recorded, lambda case: news.voided(case, event.number))
