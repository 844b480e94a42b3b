"""What supervision does on news: settles the case that moved, tells who must know, orders what a rule demands."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.actor import SYSTEM
from tongban.base.shipping import load_after_migrations
from tongban.cases import events as case_events
from tongban.coordination import actions, events
from tongban.coordination.actions.escalating import superior_of
from tongban.coordination.errors import OrderOpen
from tongban.coordination.models import Finding, Order, RuleTable
from tongban.coordination.queries import rules_in
from tongban.coordination.rules import news
from tongban.coordination.rules.table import WATCHES, WatchRule
from tongban.ledger.events import EventData, RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.cases.models import Case


load_after_migrations("coordination", RuleTable, actions.load_preset)


def settle(event: EventData, *, recorded: RecordedEvent, now: datetime) -> None:
    """Something moved the clocks of a case, or may be wrong in itself: settle what stands against it.

    It locks the case, so it shares no transaction with other news.
    """
    actions.settle(case_ids=[event.subject_id], now=now)


MOVES: tuple[type[EventData], ...] = (
    case_events.CaseAccepted,
    case_events.SupplementAsked,
    case_events.SupplementGiven,
    case_events.CaseNotAccepted,
    case_events.CasePassedOn,
    case_events.CaseSuspended,
    case_events.CaseResumed,
    case_events.CaseExtended,
    case_events.TaskHandedOver,
    case_events.ReviewCompleted,
    case_events.CaseDecided,
    case_events.CaseCompleted,
    case_events.CaseDelivered,
    case_events.CaseWithdrawn,
    case_events.CaseLapsed,
    case_events.RatingAnswered,
    case_events.CaseDeemedAccepted,
    case_events.CaseDeemedRenewed,
)
"""Events after which something else may stand against a case.

A change of the calendar moves a million clocks at once and is owed to nobody: the look at the whole finds it.
"""

for _event in MOVES:
    handler(_event, name=f"coordination.settle_after.{_event.kind}")(settle)


@handler(case_events.CaseErased, name="coordination.erase_words")
def erase_words(event: case_events.CaseErased, *, recorded: RecordedEvent, now: datetime) -> None:
    """A case is erased after its retention period; what supervision has written about it goes with it."""
    actions.erase_words(case_id=event.subject_id, now=now)


@handler(events.WarningRaised, name="coordination.follow_warning")
def follow_warning(event: events.WarningRaised, *, recorded: RecordedEvent, now: datetime) -> None:
    """Tell whom the rule names, and issue the order it demands."""
    finding = Finding.objects.select_related("table", "case").get(id=event.finding_id)
    rule = rules_in(finding.table).rule(finding.rule)
    if rule is None or rule.follows == "nothing" or finding.ended_at is not None:
        return
    _tell(_told(rule, finding, now), recorded, finding.case, lambda: news.warned(finding.case, finding), now)
    if rule.follows == "order":
        with translation.override("zh-hans"):
            demand = _demand(finding)
        try:
            actions.issue_order(
                actor=SYSTEM, case=finding.case, demand=demand, days=rule.order_days, finding=finding, now=now
            )
        except OrderOpen:
            return  # the one that is open asks already


def _demand(finding: Finding) -> str:
    values = {"watch": str(WATCHES[finding.watch]), "case": finding.case.number}
    return _("%(case)s: %(watch)s. Please explain why, and say what is done about it.") % values


def _told(rule: WatchRule, finding: Finding, now: datetime) -> set[UUID]:
    """Return the officials a rule tells: the holder of the task, the post, the head, the supervisor."""
    found: set[UUID] = set()
    if "holder" in rule.tells and finding.official_id is not None:
        found.add(finding.official_id)
    posts: set[UUID] = set()
    if "post" in rule.tells and finding.post_id is not None:
        posts.add(finding.post_id)
    if "head" in rule.tells:
        posts.add(superior_of(finding.post_id, finding.organisation_id))
    if "supervisor" in rule.tells:
        posts.add(organisations.post_id_for(organisation_id=finding.organisation_id, role="supervisor"))
    return found | _holders(posts, now)


def _holders(post_ids: Iterable[UUID], now: datetime) -> set[UUID]:
    return {one for some in organisations.officials_by_post(post_ids, now).values() for one in some}


def _tell(
    officials: Iterable[UUID],
    recorded: RecordedEvent,
    case: "Case",
    write: Callable[[], news.News],
    now: datetime,
    *,
    link: str = "",
) -> None:
    """Tell officials, but for those who stand aside from the case."""
    aside = set(case.recusals.values_list("official_id", flat=True))
    for official_id in sorted(set(officials) - aside):
        account = accounts.account_of_official(official_id)
        if account is None:
            continue
        with translation.override(account.language):
            said = write()
        notifications.tell(
            account_id=account.id,
            key=f"supervision-{recorded.uid}-{official_id}",
            subject=said.subject,
            body=said.body,
            link=link or reverse("cases:case", args=[case.number]),
            wants_answer=said.wants_answer,
            now=now,
        )


@handler(events.WarningEscalated, name="coordination.tell_superior")
def tell_superior(event: events.WarningEscalated, *, recorded: RecordedEvent, now: datetime) -> None:
    """A warning stood too long."""
    finding = Finding.objects.select_related("case").get(id=event.finding_id)
    _tell(_holders([event.to_post_id], now), recorded, finding.case, lambda: news.escalated(finding.case, finding), now)


def _order(order_id: UUID) -> Order:
    return Order.objects.select_related("case").get(id=order_id)


def _tell_of_order(
    order: Order,
    posts: Iterable[UUID],
    recorded: RecordedEvent,
    write: Callable[["Case", Order], news.News],
    now: datetime,
) -> None:
    link = reverse("coordination:order", args=[order.id])
    _tell(_holders(posts, now), recorded, order.case, lambda: write(order.case, order), now, link=link)


@handler(events.OrderIssued, name="coordination.tell_ordered")
def tell_ordered(event: events.OrderIssued, *, recorded: RecordedEvent, now: datetime) -> None:
    """An order has to be answered."""
    order = _order(event.order_id)
    _tell_of_order(order, [order.post_id], recorded, news.ordered, now)


@handler(events.OrderSentBack, name="coordination.tell_sent_back")
def tell_sent_back(event: events.OrderSentBack, *, recorded: RecordedEvent, now: datetime) -> None:
    """It has to be answered once more."""
    order = _order(event.order_id)
    _tell_of_order(order, [order.post_id], recorded, news.ordered, now)


@handler(events.OrderEscalated, name="coordination.tell_order_late")
def tell_order_late(event: events.OrderEscalated, *, recorded: RecordedEvent, now: datetime) -> None:
    """The superior and the supervisor hear that it was not answered in time."""
    order = _order(event.order_id)
    _tell_of_order(order, [event.to_post_id, order.issuing_post_id], recorded, news.order_late, now)


@handler(events.OrderAnswered, name="coordination.tell_to_judge")
def tell_to_judge(event: events.OrderAnswered, *, recorded: RecordedEvent, now: datetime) -> None:
    """The supervisor judges the answer."""
    order = _order(event.order_id)
    _tell_of_order(order, [order.issuing_post_id], recorded, news.to_judge, now)
