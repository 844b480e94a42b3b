"""What is written when a look-up ends: its answer row and its event, in one message with whatever else is written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.base import crypto
from tongban.base.actor import SYSTEM, Actor
from tongban.base.compiled import texts_as_array
from tongban.base.rows import Change
from tongban.exchange.events import WHOLE_JURISDICTION, LookedUp, SourceAnsweredMore
from tongban.exchange.models import LookUp, LookUpAnswer
from tongban.ledger import actions as ledger


def ending(
    row: LookUp,
    outcome: LookUpAnswer.Outcome,
    records: Sequence[Mapping[str, Any]],
    added: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    told: str = "",
) -> Iterator[Change]:
    """Give what is to be written when a look-up that was allowed has come to its end.

    `told`: the code by which the source refused, or why it was away.
    """
    said = json.dumps(records, ensure_ascii=False, sort_keys=True, default=str)
    digest = crypto.index(said, context=f"exchange.answer.{row.id}")
    yield Change(_ANSWERED, [row.id, outcome.value, now, len(records), texts_as_array(added), told, digest])
    yield event_of(row, outcome.value, actor=actor, now=now)
    if added and row.resource_id is not None and row.secret_until is None:
        event = SourceAnsweredMore(subject_id=row.resource_id, fields=tuple(added))
        yield ledger.recorded(ledger.Entry(event=event, actor=SYSTEM), now=now)


def logged(row: LookUp) -> Change:
    """Return the insertion of a look-up. Written by hand: half of its columns are empty in most, and binding costs."""
    row._state.adding = False  # noqa: SLF001 - Django's public name for it
    always = [
        row.id,
        row.at,
        row.grant_id,
        row.resource_id,
        row.consumer_id,
        row.post_id,
        row.official_id,
        row.account_id,
    ]
    always += [
        row.subject_kind,
        row.subject_key,
        texts_as_array(row.fields),
        row.purpose,
        row.reference_kind,
        row.reference,
        row.refused,
    ]
    if not (row.system or row.valid_on or row.known_at or row.secret_until):
        return Change(_MOST, always)
    return Change(_WHOLE, [*always, row.system, row.secret_order, row.valid_on, row.known_at, row.secret_until])


_ANSWERED = """
    INSERT INTO exchange_lookupanswer (look_up_id, outcome, answered_at, records, cut, told, digest)
    VALUES (%s, %s, %s, %s, %s::varchar[], %s, %s)
"""
_HEAD = """
    INSERT INTO exchange_lookup (id, at, grant_id, resource_id, consumer_id, post_id, official_id, account_id,
        subject_kind, subject_key, fields, purpose, reference_kind, reference, refused, transaction, system,
        secret_order"""
_PLACES = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s, %s, %s, 0"
_MOST = f"{_HEAD}) VALUES {_PLACES}, '', '')"
_WHOLE = f"{_HEAD}, valid_on, known_at, secret_until) VALUES {_PLACES}, %s, %s, %s, %s, %s)"


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
