"""Whether a draft is good for a look-up: the asker's own, still open, and about whom it may speak for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongban.accounts import queries as accounts
from tongban.applications.models import ApplicantKind, Draft
from tongban.applications.queries.registers import may_ask
from tongban.base.actor import Actor
from tongban.base.clock import now, office_date
from tongban.base.compiled import Question, compiled_once
from tongban.exchange import queries as exchange
from tongban.exchange.providers import Verdict
from tongban.exchange.rules.subjects import Subject
from tongban.organisations import queries as organisations

_NONE = UUID(int=0)


@compiled_once
def _drafts(draft_id: UUID) -> QuerySet[Draft]:
    related = "handling_version__handling_item__service_item__catalogue_item"
    return (
        Draft.objects.filter(id=draft_id)
        .select_related(related, "person", "ward", "enterprise")
        .defer("handling_version__guide")
    )


class DraftVerifier:
    """Answers the gate for references of the kind "draft".

    It opens the data of the applicant, of who submits, and of wards whose papers an office has seen. Whom somebody only
    names in a form, it does not: a number is easily known, and what a register says on a stranger is not to be had by
    typing it. For such people the office asks, once there is a case.
    """

    def asking(self, number: str) -> Question[Any]:
        """Return the question about the draft of an id."""
        try:
            return _drafts.asking(UUID(number))
        except ValueError:
            return _drafts.asking(_NONE)

    def judge(self, rows: Sequence[Any], *, subject: Subject, actor: Actor) -> Verdict:
        """Say whether the actor may look this subject up for this draft, by the grants of the office that decides."""
        if not rows:
            return Verdict("case_unknown")
        draft: Draft = rows[0]
        number = str(draft.id)
        item = draft.handling_version.handling_item
        service = item.service_item
        offices = frozenset({service.organisation_id} if service.organisation_id else ())
        if not _is_own(draft, actor):
            return Verdict("case_not_yours", number, offices)
        if item.state != item.State.IN_USE:
            return Verdict("case_not_open", number, offices, draft.window_post_id)
        if not may_ask(draft):
            return Verdict("identity_not_proven", number, offices, draft.window_post_id)
        if not _concerns(draft, subject):
            return Verdict("case_about_another", number, offices, draft.window_post_id)
        return Verdict("", number, offices, draft.window_post_id, frozenset({item.code, service.catalogue_item.code}))


def _is_own(draft: Draft, actor: Actor) -> bool:
    if actor.is_resident:
        return draft.account_id is not None and draft.account_id == actor.account_id
    return actor.is_official and draft.window_post_id is not None and draft.window_post_id in actor.post_ids


def _concerns(draft: Draft, subject: Subject) -> bool:
    if subject.kind == "enterprise":
        enterprise = draft.enterprise
        return (
            enterprise is not None
            and subject == exchange.enterprise_subject(enterprise.credit_code)
            and (draft.window_post_id is not None or _may_act(draft))
        )
    own = [draft.person, *([draft.ward] if draft.ward is not None else [])]
    if any(subject.key == _key(one.identity_kind, one.identity_number) for one in own):
        return True
    if draft.window_post_id is not None or draft.applicant_kind == ApplicantKind.ENTERPRISE:
        return False
    confirmed = accounts.ward_ids_of(draft.person_id)
    wards = accounts.persons_by_ids(sorted(confirmed)) if confirmed else []
    return any(subject.key == _key(one.identity_kind, one.identity_number) for one in wards)


def _may_act(draft: Draft) -> bool:
    """Whether the mandate still stands: a draft outlives it."""
    return draft.enterprise_id is not None and organisations.may_act_for(
        draft.person_id, draft.enterprise_id, office_date(now())
    )


def _key(kind: str, number: str) -> UUID:
    return exchange.person_subject(kind, number).key
