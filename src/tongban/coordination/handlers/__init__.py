"""What supervision does on news: settles the case that moved, tells who must know, orders what a rule demands."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM
from tongban.base.shipping import load_after_migrations
from tongban.cases import events as case_events
from tongban.coordination import actions, events
from tongban.coordination.errors import OrderOpen
from tongban.coordination.handlers import telling
from tongban.coordination.models import Finding, RuleTable
from tongban.coordination.queries import rules_in
from tongban.coordination.rules.table import WATCHES, WatchRule
from tongban.ledger.events import EventData, RecordedEvent
from tongban.ledger.kinds import handler

__all__ = ["telling"]


load_after_migrations("coordination", RuleTable, actions.load_preset)


def _unsettled(batch: Sequence[RecordedEvent], /, *, now: datetime) -> list[int]:
    """Return the events after which something else stands against their case: few of many."""
    case_ids = set(actions.unsettled(case_ids=[one.subject_id for one in batch], now=now))
    return [one.id for one in batch if one.subject_id in case_ids]


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
    handler(_event, name=f"coordination.settle_after.{_event.kind}", only=_unsettled)(settle)


@handler(case_events.CaseErased, name="coordination.erase_words")
def erase_words(event: case_events.CaseErased, *, recorded: RecordedEvent, now: datetime) -> None:
    """A case is erased after its retention period; what supervision has written about it goes with it."""
    actions.erase_words(case_id=event.subject_id, now=now)


def _demanding(batch: Sequence[RecordedEvent], /, *, now: datetime) -> Collection[int]:
    """Return the events with which a rule demands an order."""
    raised = {one.event.finding_id: one.id for one in batch if isinstance(one.event, events.WarningRaised)}
    standing = Finding.objects.filter(id__in=list(raised), ended_at__isnull=True).select_related("table")
    return [raised[finding.id] for finding in standing if _demands(finding)]


def _demands(finding: Finding) -> WatchRule | None:
    rule = rules_in(finding.table).rule(finding.rule)
    return rule if rule is not None and rule.follows == "order" and finding.ended_at is None else None


@handler(events.WarningRaised, name="coordination.follow_warning", only=_demanding)
def order_after_warning(event: events.WarningRaised, *, recorded: RecordedEvent, now: datetime) -> None:
    """Issue the order that the rule demands."""
    finding = Finding.objects.select_related("table", "case").get(id=event.finding_id)
    rule = _demands(finding)
    if rule is None:
        return
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
