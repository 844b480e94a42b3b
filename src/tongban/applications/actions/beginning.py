"""Begin an application, online or at a window; throw it away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from tongban.accounts import queries as accounts
from tongban.applications import queries
from tongban.applications.errors import KeyUsed, NotApplicable, WrongApplicant
from tongban.applications.events import DraftBegun, DraftDiscarded
from tongban.applications.models import ApplicantKind, Application, Draft
from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.errors import Forbidden, NotFound
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.catalogue.models import HandlingVersion

DRAFT_KEPT_DAYS = 90
"""Policy: a draft that nobody touches for so long is thrown away; the page says so."""


@transaction.atomic
def begin(
    *,
    actor: Actor,
    item_code: str,
    applicant_kind: str,
    now: datetime,
    subject_id: UUID | None = None,
    situation: Mapping[str, str] | None = None,
    predecessor_id: UUID | None = None,
    idempotency_key: UUID | None = None,
) -> Draft:
    """Begin a draft of a resident for themselves, a ward or an enterprise.

    The same `idempotency_key` again answers with the same draft. Raises NotApplicable when the item cannot be applied
    for, WrongApplicant when the actor may not act for the subject, KeyUsed for a key that was used for something else.
    """
    person = accounts.person_of(actor)
    if person is None or actor.account_id is None:
        raise Forbidden
    if begun := _begun_before(actor, idempotency_key):
        return begun
    if idempotency_key and Application.objects.filter(idempotency_key=idempotency_key).exists():
        raise KeyUsed
    version = _applicable_version(item_code)
    guide = catalogue.guide_of(version.id)
    allowed = {(choice.kind, choice.id) for choice in queries.choices_for(actor, guide)}
    if (applicant_kind, subject_id) not in allowed:
        raise WrongApplicant
    _check_predecessor(actor, version, predecessor_id, holder_id=subject_id or person.id)
    draft, is_new = _created(
        actor=actor,
        idempotency_key=idempotency_key,
        account_id=actor.account_id,
        handling_version=version,
        applicant_kind=applicant_kind,
        person=person,
        ward_id=subject_id if applicant_kind == ApplicantKind.WARD else None,
        enterprise_id=subject_id if applicant_kind == ApplicantKind.ENTERPRISE else None,
        situation=catalogue.clean_situation(guide, dict(situation or {})),
        predecessor_id=predecessor_id,
        **_times(now),
    )
    if is_new:
        _record_begun(draft, actor, now)
    return draft


def _begun_before(actor: Actor, idempotency_key: UUID | None) -> Draft | None:
    return queries.drafts_of(actor).filter(idempotency_key=idempotency_key).first() if idempotency_key else None


def _check_predecessor(
    actor: Actor, version: "HandlingVersion", predecessor_id: UUID | None, *, holder_id: UUID
) -> None:
    """What is renewed or changed is a standing result of the same matter that the applicant holds; raises NotFound."""
    if predecessor_id is None:
        return
    code = version.handling_item.service_item.catalogue_item.code
    holders = {
        result.id: result.case.applicant_enterprise_id or result.case.applicant_person_id
        for result in cases.results_of(actor, code)
    }
    if holders.get(predecessor_id) != holder_id:
        raise NotFound


def _created(*, actor: Actor, idempotency_key: UUID | None, **values: Any) -> tuple[Draft, bool]:  # noqa: ANN401 - columns of a draft
    """Return a new draft, and whether it is new: of two who begin with one key at once, both get the same.

    Raises KeyUsed for the key of somebody else's draft.
    """
    try:
        with transaction.atomic():
            return Draft.objects.create(idempotency_key=idempotency_key or uuid4(), **values), True
    except IntegrityError as clash:
        if begun := _begun_before(actor, idempotency_key):
            return begun, False
        raise KeyUsed from clash


@transaction.atomic
def begin_at_window(
    *,
    actor: Actor,
    post_id: UUID,
    item_code: str,
    person_id: UUID,
    now: datetime,
    enterprise_id: UUID | None = None,
    proxy: Mapping[str, str] | None = None,
    situation: Mapping[str, str] | None = None,
) -> Draft:
    """Begin a draft at a window for somebody whose identity the clerk has seen.

    `person_id` is the applicant, or who came for an enterprise; `proxy` names who came in the applicant's place
    (name, identity_kind, identity_number, authority: the paper seen). Raises Forbidden without a window post.
    """
    post = next((held for held in actor.posts if held.id == post_id and "window" in held.roles), None)
    if post is None:
        raise Forbidden
    version = _applicable_version(item_code)
    guide = catalogue.guide_of(version.id)
    kind = ApplicantKind.ENTERPRISE if enterprise_id else ApplicantKind.SELF
    if queries.guide_kind(kind) not in guide.audiences:
        raise WrongApplicant
    draft = Draft.objects.create(
        window_post_id=post.id,
        official_id=actor.official_id,
        handling_version=version,
        applicant_kind=kind,
        person_id=person_id,
        enterprise_id=enterprise_id,
        proxy=dict(proxy) if proxy else None,
        situation=catalogue.clean_situation(guide, dict(situation or {})),
        idempotency_key=uuid4(),
        **_times(now),
    )
    _record_begun(draft, actor, now)
    return draft


@transaction.atomic
def discard(*, actor: Actor, draft_id: UUID, now: datetime) -> None:
    """Throw a draft away. Its files are swept later, when nothing refers to them."""
    draft = queries.locked_draft(actor, draft_id)
    ledger.record(DraftDiscarded(subject_id=draft.id, reason="by_writer"), actor=actor, now=now)
    draft.delete()


def discard_expired(*, now: datetime, limit: int = 500) -> int:
    """Throw away drafts that nobody has touched for `DRAFT_KEPT_DAYS`; returns how many went.

    One that is being written at this moment is left: it has a new term.
    """
    discarded = 0
    ids = list(Draft.objects.filter(expires_on__lt=office_date(now)).values_list("id", flat=True)[:limit])
    for draft_id in ids:
        with transaction.atomic():
            draft = Draft.objects.select_for_update(skip_locked=True).filter(id=draft_id).first()
            if draft is not None and draft.expires_on < office_date(now):
                ledger.record(DraftDiscarded(subject_id=draft.id, reason="expired"), actor=SYSTEM, now=now)
                draft.delete()
                discarded += 1
    return discarded


def _applicable_version(item_code: str) -> "HandlingVersion":
    item = catalogue.item(item_code)
    if not item.applicable or item.current is None or item.state != "in_use":
        raise NotApplicable
    return item.current


def _times(now: datetime) -> dict[str, object]:
    return {
        "created_at": now,
        "changed_at": now,
        "expires_on": office_date(now) + timedelta(days=DRAFT_KEPT_DAYS),
    }


def _record_begun(draft: Draft, actor: Actor, now: datetime) -> None:
    ledger.record(
        DraftBegun(
            subject_id=draft.id,
            handling_version_id=str(draft.handling_version_id),
            applicant_kind=draft.applicant_kind,
        ),
        actor=actor,
        now=now,
    )
