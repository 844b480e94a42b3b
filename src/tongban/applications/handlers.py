"""What applications do on others' news: issue the result, count what is applied for."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from tongban.applications.actions import issue_result_of
from tongban.applications.events import ApplicationSubmitted
from tongban.cases.events import CaseDecided, FeeSettled
from tongban.catalogue import actions as catalogue
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler


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
