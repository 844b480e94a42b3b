"""Who is told what about requests, disputes and grants: the data stewards of the offices concerned."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.base.actor import SYSTEM
from tongban.cases.events import CaseWithdrawn
from tongban.cases.rules.news import News
from tongban.exchange import queries as exchange
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications
from tongban.organisations import queries as organisations
from tongban.sharing import actions, events
from tongban.sharing.models import DataRequest, Dispute, UnusedFields
from tongban.sharing.rules import news
from tongban.sharing.rules.terms import STEWARD


def _tell(
    office_ids: Iterable[UUID], recorded: RecordedEvent, write: Callable[[], News], link: str, now: datetime
) -> None:
    """Tell the data stewards of offices, each in their language."""
    posts = [
        post.id
        for office_id in dict.fromkeys(office_ids)
        for post in organisations.posts_of_organisation(office_id)
        if STEWARD in post.roles
    ]
    holders = {one for some in organisations.officials_by_post(posts, now).values() for one in some}
    told = []
    for official_id, account in sorted(accounts.accounts_of_officials(holders).items()):
        with translation.override(account.language):
            said = write()
        told.append(
            notifications.News(
                account_id=account.id,
                key=f"sharing-{recorded.uid}-{official_id}",
                subject=said.subject,
                body=said.body,
                link=link,
                wants_answer=said.wants_answer,
            )
        )
    notifications.tell_all(told, now=now)


def _request(request_id: UUID) -> tuple[DataRequest, str]:
    found = DataRequest.objects.select_related("case", "resource__provider", "consumer").get(id=request_id)
    return found, reverse("sharing:request", args=[found.case.number])


@handler(events.RequestHandedIn, name="sharing.tell_asked")
def tell_asked(event: events.RequestHandedIn, *, recorded: RecordedEvent, now: datetime) -> None:
    """Another office asks."""
    request, link = _request(event.subject_id)
    _tell([request.resource.provider_id], recorded, lambda: news.handed_in(request), link, now)


@handler(events.RequestAnswered, name="sharing.tell_answered")
def tell_answered(event: events.RequestAnswered, *, recorded: RecordedEvent, now: datetime) -> None:
    """The answer is there."""
    request, link = _request(event.subject_id)
    _tell([request.consumer_id], recorded, lambda: news.answered(request), link, now)


@handler(events.DisputeRaised, name="sharing.tell_disputed")
def tell_disputed(event: events.DisputeRaised, *, recorded: RecordedEvent, now: datetime) -> None:
    """The refusal is disputed."""
    request, link = _request(event.subject_id)
    _tell([request.resource.provider_id], recorded, lambda: news.disputed(request), link, now)


@handler(events.DisputeDecided, name="sharing.tell_dispute_decided")
def tell_dispute_decided(event: events.DisputeDecided, *, recorded: RecordedEvent, now: datetime) -> None:
    """The coordinator has decided."""
    request, link = _request(event.subject_id)
    offices = [request.consumer_id, request.resource.provider_id]
    _tell(offices, recorded, lambda: news.dispute_decided(request, event.outcome), link, now)


@handler(events.UnusedFieldsProposed, name="sharing.tell_unused")
def tell_unused(event: events.UnusedFieldsProposed, *, recorded: RecordedEvent, now: datetime) -> None:
    """Fields lie idle."""
    shown = ("grant__resource", "grant__consumer")
    proposal = UnusedFields.objects.select_related(*shown).get(id=event.proposal_id)
    link = reverse("sharing:unused-one", args=[proposal.id])
    _tell([proposal.grant.resource.provider_id], recorded, lambda: news.unused(proposal), link, now)


@handler(events.EndReminded, name="sharing.tell_ends_soon")
def tell_ends_soon(event: events.EndReminded, *, recorded: RecordedEvent, now: datetime) -> None:
    """A grant ends soon."""
    grant = exchange.grant_by_id(event.subject_id)
    if grant.consumer_id is not None:
        _tell([grant.consumer_id], recorded, lambda: news.ends_soon(grant), reverse("sharing:asked"), now)


@handler(CaseWithdrawn, name="sharing.note_taken_back")
def note_taken_back(event: CaseWithdrawn, *, recorded: RecordedEvent, now: datetime) -> None:
    """A case was withdrawn by whatever page: the request or the dispute says so, too."""
    if DataRequest.objects.filter(case_id=event.subject_id).exists():
        actions.note_taken_back(actor=SYSTEM, case_id=event.subject_id, now=now)
    elif Dispute.objects.filter(case_id=event.subject_id).exists():
        actions.note_dispute_taken_back(case_id=event.subject_id, now=now)
