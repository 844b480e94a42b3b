"""Who is told what by supervision: all that comes of a batch of events, in a few statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, ParamSpec
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.cases import queries as cases
from tongban.cases.rules.news import News
from tongban.coordination import events
from tongban.coordination.actions.escalating import superior_of
from tongban.coordination.models import Finding, Order
from tongban.coordination.queries import rules_in
from tongban.coordination.rules import news
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications
from tongban.organisations import queries as organisations
from tongban.organisations.errors import NoPost

Subject = Finding | Order
Asked = ParamSpec("Asked")


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is to be told on an event about a warning or an order: to which posts, in which words."""

    recorded: RecordedEvent
    subject_id: UUID
    posts: Callable[[Any, "_Posts"], Iterable[UUID | None]]
    write: Callable[[Any, Any], News]
    to_holder: bool = False
    """Whether the official who holds the task is told too, where the rule says so."""


class _Posts:
    """The posts above others, each looked for once in a batch."""

    def __init__(self) -> None:
        self.superior = cache(_if_any(superior_of))
        self.supervisor = cache(_if_any(partial(organisations.post_id_for, role="supervisor")))


def _if_any(find: Callable[Asked, UUID | None]) -> Callable[Asked, UUID | None]:
    """Find nobody in a city that has no such post yet: others must be told all the same."""

    def found(*asked: Asked.args, **more: Asked.kwargs) -> UUID | None:
        try:
            return find(*asked, **more)
        except NoPost:
            return None

    return found


def _tell_of_warnings(tellings: Sequence[_Telling], *, now: datetime) -> None:
    _tell(tellings, Finding.objects.select_related("table", "case"), now)


def _tell_of_orders(tellings: Sequence[_Telling], *, now: datetime) -> None:
    _tell(tellings, Order.objects.select_related("case"), now)


def _tell(tellings: Sequence[_Telling], found: "QuerySet[Any]", now: datetime) -> None:
    """Tell officials, but for those who stand aside from the case."""
    subjects = found.in_bulk({one.subject_id for one in tellings})
    above = _Posts()
    posts = [set(one.posts(subjects[one.subject_id], above)) for one in tellings]
    holders = organisations.officials_by_post({post for some in posts for post in some if post is not None}, now)
    aside = cases.recused_from({subject.case_id for subject in subjects.values()})
    told = []
    for one, some in zip(tellings, posts, strict=True):
        subject = subjects[one.subject_id]
        officials = {official for post in some if post is not None for official in holders.get(post, ())}
        officials |= _holder(one, subject)
        told += [(one, subject, official) for official in sorted(officials - aside.get(subject.case_id, set()))]
    known = accounts.accounts_of_officials({official for _one, _subject, official in told})
    notifications.tell_all(
        (_news(one, subject, official, known[official]) for one, subject, official in told if official in known),
        now=now,
    )


def _holder(telling: _Telling, subject: Subject) -> set[UUID]:
    if not telling.to_holder or not isinstance(subject, Finding) or subject.official_id is None:
        return set()
    rule = rules_in(subject.table).rule(subject.rule)
    return {subject.official_id} if rule is not None and "holder" in rule.tells and _follows(subject) else set()


def _news(telling: _Telling, subject: Subject, official_id: UUID, account: Any) -> notifications.News:  # noqa: ANN401 - an account
    with translation.override(account.language):
        said = telling.write(subject.case, subject)
    return notifications.News(
        account_id=account.id,
        key=f"supervision-{telling.recorded.uid}-{official_id}",
        subject=said.subject,
        body=said.body,
        link=_address(subject),
        wants_answer=said.wants_answer,
    )


def _address(subject: Subject) -> str:
    if isinstance(subject, Order):
        return reverse("coordination:order", args=[subject.id])
    return reverse("cases:case", args=[subject.case.number])


def _follows(finding: Finding) -> bool:
    """Whether the rule of a warning that stands wants anybody to hear of it."""
    rule = rules_in(finding.table).rule(finding.rule)
    return rule is not None and rule.follows != "nothing" and finding.ended_at is None


def _posts_of_rule(finding: Finding, above: _Posts) -> Iterable[UUID | None]:
    """Go through the posts a rule tells: the post itself, the head, the supervisor."""
    rule = rules_in(finding.table).rule(finding.rule)
    if rule is None or not _follows(finding):
        return
    if "post" in rule.tells:
        yield finding.post_id
    if "head" in rule.tells:
        yield above.superior(finding.post_id, organisation_id=finding.organisation_id)
    if "supervisor" in rule.tells:
        yield above.supervisor(organisation_id=finding.organisation_id)


@handler(events.WarningRaised, name="coordination.tell_warned", gather=_tell_of_warnings)
def tell_warned(event: events.WarningRaised, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A rule found something wrong: whom it names hears of it."""
    return _Telling(recorded, event.finding_id, _posts_of_rule, news.warned, to_holder=True)


@handler(events.WarningEscalated, name="coordination.tell_superior", gather=_tell_of_warnings)
def tell_superior(event: events.WarningEscalated, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A warning stood too long."""
    return _Telling(recorded, event.finding_id, lambda _finding, _above: [event.to_post_id], news.escalated)


def _ordered_post(order: Order, _above: _Posts) -> list[UUID]:
    return [order.post_id]


@handler(events.OrderIssued, name="coordination.tell_ordered", gather=_tell_of_orders)
def tell_ordered(event: events.OrderIssued, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """An order has to be answered."""
    return _Telling(recorded, event.order_id, _ordered_post, news.ordered)


@handler(events.OrderSentBack, name="coordination.tell_sent_back", gather=_tell_of_orders)
def tell_sent_back(event: events.OrderSentBack, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It has to be answered once more."""
    return _Telling(recorded, event.order_id, _ordered_post, news.ordered)


@handler(events.OrderMoved, name="coordination.tell_order_moved", gather=_tell_of_orders)
def tell_order_moved(event: events.OrderMoved, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """A change of the calendar has moved its day."""
    return _Telling(recorded, event.order_id, _ordered_post, news.order_moved)


@handler(events.OrderWithdrawn, name="coordination.tell_withdrawn", gather=_tell_of_orders)
def tell_withdrawn(event: events.OrderWithdrawn, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """It need not be answered: also the superior and the supervisor who had heard of it are told."""

    def posts(order: Order, _above: _Posts) -> list[UUID | None]:
        return [order.post_id, order.superior_post_id, order.issuing_post_id]

    return _Telling(recorded, event.order_id, posts, news.withdrawn)


@handler(events.OrderEscalated, name="coordination.tell_order_late", gather=_tell_of_orders)
def tell_order_late(event: events.OrderEscalated, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The superior and the supervisor hear that it was not answered in time."""
    return _Telling(
        recorded, event.order_id, lambda order, _above: [event.to_post_id, order.issuing_post_id], news.order_late
    )


@handler(events.OrderAnswered, name="coordination.tell_to_judge", gather=_tell_of_orders)
def tell_to_judge(event: events.OrderAnswered, *, recorded: RecordedEvent, now: datetime) -> _Telling:
    """The supervisor judges the answer."""
    return _Telling(recorded, event.order_id, lambda order, _above: [order.issuing_post_id], news.to_judge)
