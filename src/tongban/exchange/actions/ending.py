"""What is written when a look-up ends: its answer row and its event, in one message with whatever else is written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.base import crypto
from tongban.base.actor import SYSTEM, Actor
from tongban.base.rows import Change, new
from tongban.exchange.events import WHOLE_JURISDICTION, LookedUp, SourceAnsweredMore
from tongban.exchange.models import LookUp, LookUpAnswer
from tongban.ledger import actions as ledger

LONGEST_NAME = 60


def ending(
    row: LookUp,
    outcome: LookUpAnswer.Outcome,
    records: Sequence[Mapping[str, Any]],
    added: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
) -> Iterator[Change]:
    """Give what is to be written when a look-up that was allowed has come to its end."""
    said = json.dumps(records, ensure_ascii=False, sort_keys=True, default=str)
    answer = LookUpAnswer(
        look_up=row,
        outcome=outcome,
        answered_at=now,
        records=len(records),
        cut=[name[:LONGEST_NAME] for name in added],
        digest=crypto.index(said, context=f"exchange.answer.{row.id}"),
    )
    yield from new(answer)
    yield event_of(row, outcome.value, actor=actor, now=now)
    if added and row.resource_id is not None:
        event = SourceAnsweredMore(subject_id=row.resource_id, fields=tuple(answer.cut))
        yield ledger.recorded(ledger.Entry(event=event, actor=SYSTEM), now=now)


def event_of(row: LookUp, outcome: str, *, actor: Actor, now: datetime) -> Change:
    """Return the event of a look-up. Of one under secrecy it says that there was one, and nothing else."""
    if row.secret_until is not None:
        event = LookedUp(subject_id=row.id, chain=WHOLE_JURISDICTION)
        return ledger.recorded(ledger.Entry(event=event, actor=SYSTEM), now=now)
    event = LookedUp(
        subject_id=row.id,
        chain=row.subject_key,
        resource_id=row.resource_id,
        grant_id=row.grant_id,
        outcome=outcome,
    )
    return ledger.recorded(ledger.Entry(event=event, actor=actor, post_id=row.post_id), now=now)
