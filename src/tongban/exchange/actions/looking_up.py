"""The gate: the only way to read any register. Checked, logged, answered with exactly what was granted.

What is asked and why is committed before an answer leaves. A source in our own database is read in the transaction that
logs it, and the database itself opens only what that transaction has logged; any other is read after the commit.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.rows import Change, write_last
from tongban.exchange import errors
from tongban.exchange.actions import pace
from tongban.exchange.actions.ending import ending, event_of, logged
from tongban.exchange.actions.settling import settled
from tongban.exchange.actions.watching import Seen, note_in_passing
from tongban.exchange.models import Grant, LookUp, LookUpAnswer
from tongban.exchange.providers import (
    DECLARED,
    SOURCES,
    AsOf,
    Rest,
    Row,
    SourceAway,
    SourceKind,
    SourceRefused,
    SourceSettings,
)
from tongban.exchange.queries.looking import Found, found_for
from tongban.exchange.queries.rights import STEWARD
from tongban.exchange.queries.sources import settings_of
from tongban.exchange.rules.calls import Answer, Call, StandingReference, is_well_formed
from tongban.exchange.rules.judging import chosen, not_granted
from tongban.exchange.rules.rows import Projected, project, wanted_fields
from tongban.exchange.rules.subjects import Subject

REFUSED_SECRETLY = timedelta(days=90)
"""How long at most a refused wish for secrecy stays unseen: nobody is tipped off, and nobody hides one for good."""


Ended = Answer | errors.LookUpRefused
"""How a look-up ends."""


@dataclass(frozen=True, slots=True)
class Along:
    """What whoever asks writes in the transactions of the look-up, so that each is kept with the other or not at all.

    `first` is called before anything is judged and may refuse by an exception; `last` gives what is written with what
    came of it, before that is committed.
    """

    first: Callable[[], None] = lambda: None
    last: Callable[[Ended], Iterable[Change]] = lambda _ended: ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call, by whom and when."""

    call: Call
    actor: Actor
    now: datetime
    along: Along


@dataclass(frozen=True, slots=True)
class _Allowed:
    """A look-up that is allowed and logged, to be answered."""

    asked: _Asked
    row: LookUp
    grant: Grant
    kind: SourceKind
    subject: Subject
    as_of: AsOf


ALONE = Along()


def look_up(*, call: Call, actor: Actor, now: datetime, along: Along = ALONE) -> Answer:
    """Look something up. Raises one of `errors.LookUpRefused`, which then stands in the log.

    It commits by itself: called within another transaction it raises RuntimeError, for there the answer could leave
    and the log be undone.
    """
    asked = _Asked(call, actor, now, along)
    with transaction.atomic(durable=True):
        along.first()
        found: _Allowed | Answer | errors.LookUpRefused = _judge(asked)
        if isinstance(found, _Allowed):
            if found.kind.within:
                found = _answered(found)
            else:
                write_last(logged(found.row))
    if isinstance(found, _Allowed):
        found = _from_outside(found)
    if isinstance(found, errors.LookUpRefused):
        raise found
    return found


def prefill(
    *, calls: Mapping[str, Call], actor: Actor, now: datetime, seconds: float = math.inf
) -> tuple[dict[str, Answer], dict[str, errors.LookUpRefused]]:
    """Look up what a form needs, in one go. Returns answers and refusals by the caller's names for the calls.

    Each is a look-up of its own in the log: one that is refused does not keep the others back. Somebody waits: once
    `seconds` are over nothing more is asked, and what was left is told as unavailable.
    """
    answers: dict[str, Answer] = {}
    refusals: dict[str, errors.LookUpRefused] = {}
    until = time.monotonic() + seconds
    for name, call in calls.items():
        if time.monotonic() >= until:
            refusals[name] = errors.SourceUnavailable()
            continue
        try:
            answers[name] = look_up(call=call, actor=actor, now=now)
        except errors.LookUpRefused as refused:
            refusals[name] = refused
    return answers, refusals


def _judge(asked: _Asked) -> _Allowed | errors.LookUpRefused:
    """Decide, and log what is refused."""
    call, now = asked.call, asked.now
    if not is_well_formed(call):
        return _refuse(asked, "malformed_call")
    found = found_for(call, asked.actor)
    if found.subject is None:
        return _refuse(asked, "subject_unknown", found)
    (subject,) = settled([found.subject])
    found = replace(found, subject=subject)
    grant, why = chosen(found.grants, call, caller=found.caller, verdict=found.verdict, now=now)
    if grant is None or why:
        fields = not_granted(grant, call.fields) if grant and why == "field_not_granted" else []
        return _refuse(asked, why, found, grant, **({"fields": fields} if fields else {}))
    kind = _kind(grant)
    if kind is None:
        return _refuse(asked, "source_unavailable", found, grant)
    wait = pace.take(grant, now)
    if wait:
        return _refuse(asked, "rate_exceeded", found, grant, retry_after=wait)
    today = office_date(now)
    day = call.valid_on or today
    as_of = AsOf(day, call.known_at or now, other_day=day != today, other_knowledge=call.known_at is not None)
    return _Allowed(asked, _row(asked, found, grant), grant, kind, subject, as_of)


def _kind(grant: Grant) -> SourceKind | None:
    """Return how the resource is read; None where nobody has said so, or its kind is not installed."""
    source = getattr(grant.resource, "source", None)
    return SOURCES[source.kind] if source is not None and source.kind in SOURCES else None


def _refuse(
    asked: _Asked, why: str, found: Found | None = None, grant: Grant | None = None, **details: object
) -> errors.LookUpRefused:
    row = _row(asked, found, grant, refused=why)
    refusal = errors.refusal_of(why, **details)
    write_last(logged(row), event_of(row, why, actor=asked.actor, now=asked.now), *asked.along.last(refusal))
    return refusal


def _row(asked: _Asked, found: Found | None, grant: Grant | None, *, refused: str = "") -> LookUp:
    call, actor = asked.call, asked.actor
    subject = found.subject if found else None
    post_id, consumer_id = _post(actor, found, grant)
    reference_kind, reference = _reference(call, found)
    row = LookUp(
        at=asked.now,
        grant_id=grant.id if grant else None,
        resource_id=grant.resource_id if grant else None,
        consumer_id=consumer_id,
        post_id=post_id,
        official_id=actor.official_id,
        account_id=actor.account_id,
        system=actor.name if actor.kind == "system" else "",
        subject_kind=subject.kind if subject else "",
        subject_key=subject.key if subject else None,
        fields=list(call.fields) if found else [],
        purpose=call.purpose if found else "",
        reference_kind=reference_kind,
        reference=reference,
        valid_on=call.valid_on,
        known_at=call.known_at,
        refused=refused,
    )
    if call.secrecy is not None and call.secrecy.until > asked.now:
        longest = asked.now + REFUSED_SECRETLY
        row.secret_until = min(call.secrecy.until, longest) if refused else call.secrecy.until
        row.secret_order = call.secrecy.order.strip()[:200] or "-"
    return row


def _post(actor: Actor, found: Found | None, grant: Grant | None) -> tuple[UUID | None, UUID | None]:
    """Return the post by which is asked, and for which office."""
    consumer_id = grant.consumer_id if grant else None
    if found and found.verdict and found.verdict.post_id:
        return found.verdict.post_id, consumer_id
    own = [post for post in actor.posts if consumer_id is None or post.organisation_id == consumer_id]
    own.sort(key=lambda post: STEWARD not in post.roles)
    if consumer_id is None and own:
        consumer_id = own[0].organisation_id
    return (own[0].id if own else None), consumer_id


def _reference(call: Call, found: Found | None) -> tuple[str, str]:
    if found is None or call.reference is None:
        return "", ""
    if isinstance(call.reference, StandingReference):
        return call.reference.kind[:12], call.reference.note
    known = found.verdict.number if found.verdict else ""
    return call.reference.kind[:12], known or call.reference.number


def _read(allowed: _Allowed, *before: Change) -> Sequence[Row]:
    resource = allowed.grant.resource
    source = resource.source
    bare = SourceSettings(resource.id, source.settings, source.secrets)
    return allowed.kind.read(
        settings_of(source, resource) if source.kind in DECLARED else bare,
        subject=allowed.subject,
        fields=wanted_fields(allowed.asked.call.fields, allowed.grant.row_filter),
        as_of=allowed.as_of,
        look_up_id=allowed.row.id,
        **({"before": before} if before else {}),
    )


def _answered(allowed: _Allowed) -> Answer | errors.LookUpRefused:
    """Log the look-up and read a source in our own database, in one message."""
    try:
        return _answer(allowed, _read(allowed, logged(allowed.row)))
    except SourceAway as away:
        return _unanswered(allowed, away)


def _from_outside(allowed: _Allowed) -> Answer | errors.LookUpRefused:
    """Read a source that is not in our database: no transaction is open meanwhile. How it fared is noted afterwards."""
    began = time.monotonic()
    ended: Answer | errors.LookUpRefused
    try:
        rows = _read(allowed)
        seen = Seen(milliseconds=round((time.monotonic() - began) * 1000))
        with transaction.atomic(durable=True):
            ended = _answer(allowed, rows)
    except SourceAway as away:
        seen = Seen(away.why, away.about, rest=_rest(allowed))
        with transaction.atomic(durable=True):
            ended = _unanswered(allowed, away)
    source = allowed.grant.resource.source
    if source.kind in DECLARED:
        note_in_passing(source=source, seen=seen, now=allowed.asked.now)
    return ended


def _rest(allowed: _Allowed) -> Rest:
    resource = allowed.grant.resource
    kind = resource.source.kind
    return DECLARED[kind].rest(settings_of(resource.source, resource)) if kind in DECLARED else Rest()


def _unanswered(allowed: _Allowed, away: SourceAway) -> errors.LookUpRefused:
    """Log that the source refused, or did not answer, and with which code; return what is said to whoever asked."""
    refusal: errors.LookUpRefused
    if isinstance(away, SourceRefused):
        outcome, refusal = LookUpAnswer.Outcome.REFUSED, errors.refused_by_source(away.code)
    else:
        outcome = LookUpAnswer.Outcome.UNAVAILABLE
        refusal = errors.SourceUnavailable(None, **({"why": away.code} if away.code else {}))
    _close(allowed, outcome, Projected(()), refusal, away.code)
    return refusal


def _answer(allowed: _Allowed, rows: Sequence[Row]) -> Answer:
    """Cut the answer to what was asked, log what came of it, and return it."""
    call, resource = allowed.asked.call, allowed.grant.resource
    projected = project(rows, call.fields, allowed.grant.row_filter)
    outcome = LookUpAnswer.Outcome.ANSWERED if projected.records else LookUpAnswer.Outcome.NOTHING
    answer = Answer(
        look_up_id=allowed.row.id,
        looked_at=allowed.asked.now,
        valid_on=allowed.as_of.valid_on,
        provider=resource.provider.name,
        provider_en=resource.provider.name_en,
        resource=resource.slug,
        records=projected.records,
    )
    _close(allowed, outcome, projected, answer)
    return answer


def _close(
    allowed: _Allowed, outcome: LookUpAnswer.Outcome, projected: Projected, ended: Ended, told: str = ""
) -> None:
    asked, records, added = allowed.asked, projected.records, projected.added
    written = ending(allowed.row, outcome, records, added, actor=asked.actor, now=asked.now, told=told)
    write_last(*written, *asked.along.last(ended))
