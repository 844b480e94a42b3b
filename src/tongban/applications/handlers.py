"""What applications do on news: issue the result, count what is applied for, tell who lost an enterprise."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.applications.actions import issue_result_of
from tongban.applications.events import ApplicationSubmitted, EnterpriseLost
from tongban.applications.rules.news import enterprise_lost
from tongban.cases.events import CaseDecided, FeeSettled
from tongban.catalogue import actions as catalogue
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.notifications import actions as notifications


@handler(CaseDecided, name="applications.issue_result_on_decision")
def issue_on_decision(event: CaseDecided, *, recorded: RecordedEvent, now: datetime) -> None:
    """A granted case whose fees are settled gets its result."""
    issue_result_of(case_id=event.subject_id, now=now)


@handler(FeeSettled, name="applications.issue_result_on_payment")
def issue_on_payment(event: FeeSettled, *, recorded: RecordedEvent, now: datetime) -> None:
    """The last fee of a granted case was settled: it gets its result."""
    issue_result_of(case_id=event.subject_id, now=now)


def _count(handling_item_ids: Sequence[str], *, now: datetime) -> None:
    catalogue.count_applications(Counter(handling_item_ids))


@handler(ApplicationSubmitted, name="applications.count_for_most_used", gather=_count)
def count(event: ApplicationSubmitted, *, recorded: RecordedEvent, now: datetime) -> str:
    """Count the item, for the list of the most used; apart from submission, so that nobody waits for one row."""
    return event.handling_item_id


@handler(EnterpriseLost, name="applications.tell_enterprise_lost", together=True)
def tell_enterprise_lost(event: EnterpriseLost, *, recorded: RecordedEvent, now: datetime) -> None:
    """Tell who acts for an enterprise no more; not who has it now."""
    account = accounts.account_of_person(event.person_id)
    if account is None:
        return
    with translation.override(account.language):
        subject, body = enterprise_lost(accounts.enterprise_by_id(event.subject_id).name)
    notifications.tell(
        account_id=account.id,
        key=f"enterprise-lost-{recorded.uid}",
        subject=subject,
        body=body,
        link=reverse("organisations:mandates"),
        now=now,
    )
