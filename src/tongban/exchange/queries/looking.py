"""What the gate has to know before it decides: asked in one message to the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tongban.accounts import queries as accounts
from tongban.base import crypto, identifiers
from tongban.base.actor import Actor
from tongban.base.compiled import Question, Written, as_array, compiled_once, together
from tongban.exchange.models import Grant
from tongban.exchange.providers import LENDING, VERIFIERS, Verdict
from tongban.exchange.queries.rights import STEWARD
from tongban.exchange.rules.calls import About, Call, CaseReference
from tongban.exchange.rules.feeds import references
from tongban.exchange.rules.judging import Caller
from tongban.exchange.rules.subjects import Subject, SubjectKind

_STANDING: Written[tuple[Any, ...]] = Written(
    "SELECT id, state, in_force, source, provider FROM exchange_standing(%s::uuid[], %s)", tuple
)
_Stamp = list[object]
_Number = tuple[SubjectKind, str, str]
"""Kind of subject, kind of number, the number in its normal form."""
CREDIT_CODE = "credit_code"
_kept: dict[tuple[str, UUID], tuple[_Stamp, Grant]] = {}
MOST_KEPT = 5_000
"""Grants remembered by a process, 3 KB each."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the call is about, which grants might allow it, and what is known of its case."""

    subject: Subject | None
    grants: Sequence[Grant]
    caller: Caller
    verdict: Verdict | None


def found_for(call: Call, actor: Actor) -> Found:
    """Return what is to be known of a well-formed call. One message."""
    caller = caller_of(actor)
    verifier = None
    questions: list[Question[Any]] = [_grants_for(call, actor, caller)]
    about = call.about
    if about.id is not None and not about.reference:
        questions.append(_persons(about.id) if about.kind == "person" else _enterprises(about.id))
    reference = call.reference
    if isinstance(reference, CaseReference) and reference.kind in VERIFIERS:
        verifier = VERIFIERS[reference.kind]
        questions.append(verifier.asking(reference.number))
    grants, *others = together(*questions)
    if call.grant_id is None and actor.is_official and not _is_lent(call, actor):
        grants = _as_they_stand(grants)
    if about.reference:
        subject = _subject_named(about, caller)
    else:
        subject = subject_of(about) if about.id is None else _subject_among(about, others.pop(0))
    verdict = None
    if isinstance(reference, CaseReference):
        verdict = Verdict("case_unknown")
        if verifier is not None and subject is not None:
            verdict = verifier.judge(others[-1], subject=subject, actor=actor)
    if verdict is not None and _is_lent(call, actor):
        caller = Caller(verdict.organisation_ids)
    return Found(subject, grants, caller, verdict)


def caller_of(actor: Actor) -> Caller:
    """Return who asks. A resident asks for the office of the own draft: that is known by its reference alone."""
    if actor.is_official:
        stewarding = frozenset(post.organisation_id for post in actor.posts if STEWARD in post.roles)
        return Caller(actor.organisation_ids, stewarding)
    return Caller(system=actor.name if actor.kind == "system" else "")


def _grants_for(call: Call, actor: Actor, caller: Caller) -> Question[Any]:
    """Return the question for the grants that may hold; of officials it answers with stamps (`_as_they_stand`)."""
    if call.grant_id is not None:
        return grants_by_id.asking(call.grant_id)
    if _is_lent(call, actor):
        return grants_for_purpose.asking(call.purpose, call.resource)
    if actor.is_official:
        return _STANDING.asking(as_array(caller.organisation_ids), call.resource)
    return grants_of_system.asking(caller.system, call.resource)


def _is_lent(call: Call, actor: Actor) -> bool:
    """Whether it is asked by the grants of the office that will decide: nobody else's post is in play yet."""
    lent = isinstance(call.reference, CaseReference) and call.reference.kind in LENDING
    return actor.is_resident or (lent and actor.is_official)


def _as_they_stand(rows: Sequence[Sequence[Any]]) -> list[Grant]:
    """Return grants as they stand now; a grant is remembered while what may change of it is the same.

    What it allows never changes. What may, its state and its resource's version in force, source and provider, is its
    stamp.
    """
    schema = str(settings.TONGBAN_SCHEMA)
    found: dict[UUID, Grant | None] = {}
    for grant_id, *stamp in rows:
        kept = _kept.get((schema, grant_id))
        found[grant_id] = kept[1] if kept is not None and kept[0] == stamp else None
    missing = [grant_id for grant_id, grant in found.items() if grant is None]
    if missing:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        stamps = {grant_id: stamp for grant_id, *stamp in rows}
        for grant in grants_by_ids(missing):
            grant.state = str(stamps[grant.id][0])
            _kept[schema, grant.id] = stamps[grant.id], grant
            found[grant.id] = grant
    return [grant for grant in found.values() if grant is not None]


def _with_all() -> QuerySet[Grant]:
    return Grant.objects.select_related("resource__provider", "resource__source").order_by("granted_at", "id")


@compiled_once
def grants_by_id(grant_id: UUID) -> QuerySet[Grant]:
    """Return the grant of an id, with its resource and its source."""
    return _with_all().filter(id=grant_id)


@compiled_once
def grants_by_ids(grant_ids: Collection[UUID]) -> QuerySet[Grant]:
    """Return the grants of these ids."""
    return _with_all().filter(id__in=grant_ids)


@compiled_once
def grants_of_system(system: str, resource: str) -> QuerySet[Grant]:
    """Return the grants of a system for a resource."""
    return _with_all().filter(consumer_system=system, resource__slug=resource)


@compiled_once
def grants_for_purpose(purpose: str, resource: str) -> QuerySet[Grant]:
    """Return the grants of whatever office for a purpose."""
    return _with_all().filter(purpose=purpose, resource__slug=resource)


def _persons(person_id: UUID) -> Question[Any]:
    return accounts.persons_by_ids.asking([person_id])


def _enterprises(enterprise_id: UUID) -> Question[Any]:
    return accounts.enterprises_by_ids.asking([enterprise_id])


def subject_of(about: About) -> Subject | None:
    """Return the subject of a number as it was typed; None when there can be no such number."""
    return subjects_of([about])[0]


def subjects_of(abouts: Sequence[About]) -> list[Subject | None]:
    """Return the subjects of many numbers, None for each that cannot be. One question at most."""
    numbers = [_number_of(about) for about in abouts]
    subjects = iter(_subjects([number for number in numbers if number is not None]))
    return [None if number is None else next(subjects) for number in numbers]


def _number_of(about: About) -> _Number | None:
    try:
        if about.kind == "person":
            return "person", about.identity_kind, identifiers.identity_number(about.identity_kind, about.number)
        return "enterprise", CREDIT_CODE, identifiers.credit_code(about.number)
    except (identifiers.WrongIdentifier, KeyError):
        return None


def _subject_named(about: About, caller: Caller) -> Subject | None:
    """Return the subject that the feed has named to one of the caller's offices, or to the system that calls."""
    names = [references.of_office(one) for one in caller.organisation_ids]
    names += [references.of_system(caller.system)] if caller.system else []
    for consumer in names:
        key = references.key_behind(about.reference, about.kind, consumer=consumer)
        if key is not None:
            return Subject(about.kind, key)
    return None


def person_subject(identity_kind: str, number: str) -> Subject:
    """Return the subject of an identity number in its normal form."""
    return _subjects([("person", identity_kind, number)])[0]


def enterprise_subject(code: str) -> Subject:
    """Return the subject of a credit code in its normal form."""
    return _subjects([("enterprise", CREDIT_CODE, code)])[0]


def _subjects(numbers: Sequence[_Number]) -> list[Subject]:
    keys = accounts.keys_of_numbers([indexes_of(*number) for number in numbers])
    return [
        Subject(kind, known.key, identity_kind, number, known.is_settled)
        for (kind, identity_kind, number), known in zip(numbers, keys, strict=True)
    ]


def indexes_of(kind: SubjectKind, identity_kind: str, number: str) -> dict[int, bytes]:
    """Return the keyed index of a subject's number under each index key that is given."""
    return accounts.identity_indexes(identity_kind, number) if kind == "person" else enterprise_indexes(number)


def enterprise_indexes(code: str) -> dict[int, bytes]:
    """Return the keyed index of a credit code under each index key that is given."""
    return crypto.indexes(code, context="exchange.enterprise")


def _subject_among(about: About, rows: Sequence[Any]) -> Subject | None:
    if not rows:
        return None
    if about.kind == "person":
        return person_subject(rows[0].identity_kind, rows[0].identity_number)
    return enterprise_subject(rows[0].credit_code)
