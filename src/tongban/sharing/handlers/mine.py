"""What the room does on others' news about what people read and ask."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from tongban.cases import events as cases
from tongban.exchange import queries as exchange
from tongban.exchange.events import ResourcePublished
from tongban.ledger.events import RecordedEvent
from tongban.ledger.kinds import handler
from tongban.sharing import actions
from tongban.sharing.rules.clocks import ABOUT_LOOK_UPS

GRANTED = "granted"


@handler(ResourcePublished, name="sharing.give_own_view")
def give_own_view(event: ResourcePublished, *, recorded: RecordedEvent, now: datetime) -> None:
    """Everybody may read what a new resource holds on them."""
    for resource in exchange.resources().filter(id=event.subject_id):
        actions.give_own_view(resource=resource, now=now)


def _answered(batch: Sequence[RecordedEvent], /, *, now: datetime) -> Collection[int]:
    return [one.id for one in batch if _is_answer(one.data)]


def _is_answer(data: dict[str, Any]) -> bool:
    return data.get("item_type") == ABOUT_LOOK_UPS and data.get("outcome") == GRANTED


@handler(cases.CaseDecided, name="sharing.complete_answered", only=_answered)
def complete_answered(event: cases.CaseDecided, *, recorded: RecordedEvent, now: datetime) -> None:
    """A question was answered: there is nothing to issue."""
    if event.item_type == ABOUT_LOOK_UPS and event.outcome == GRANTED:
        actions.complete_answered(case_id=event.subject_id, now=now)


@handler(cases.CaseWithdrawn, name="sharing.end_withdrawn", together=True)
@handler(cases.CaseNotAccepted, name="sharing.end_not_accepted", together=True)
@handler(cases.CaseLapsed, name="sharing.end_lapsed", together=True)
def end_correction(event: cases.CaseEvent, *, recorded: RecordedEvent, now: datetime) -> None:
    """The value may be questioned again."""
    actions.end_correction(case_id=event.subject_id, now=now)
