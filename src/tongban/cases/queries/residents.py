"""Which cases a resident may see: one question, asked of lists by ids that are at hand, of one case by subqueries.

Before a window has given somebody their account, a stranger who knew the number may sit at it (`Actor.is_proven`). Such
an account is shown what it handed in itself, what others handed in online for a ward (guardianship confirmed) or for an
enterprise whose licence nobody has seen yet; never what a window took in. An enterprise whose licence a window has seen
is shown to whom it is sure of (`organisations.proven_enterprises`); others who may act for it follow what they handed
in online themselves.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.organisations import queries as organisations

Ids = Collection[UUID] | QuerySet[Any, UUID]
ONLINE = Q(taken_in_by_id__isnull=True)


def seen_by(actor: Actor, person_id: UUID) -> Q:
    """Return the condition for lists. Ids are given, so that each part of the condition finds its index."""
    wards = accounts.ward_ids_of(person_id)
    firms = organisations.enterprises_for(actor)
    declared = [firm.id for firm in firms if firm.representative_seen_at is None]
    if not actor.is_proven:
        return _of_declared(person_id, wards) | _online(person_id, declared, [firm.id for firm in firms])
    sure = [firm.id for firm in firms if firm.is_proven]  # type: ignore[attr-defined]  # annotated
    others = [firm.id for firm in firms if not firm.is_proven]  # type: ignore[attr-defined]
    return _of_proven(person_id, wards, sure) | _online(person_id, declared, others)


def one_of_proven(person_id: UUID, today: date) -> Q:
    """Return the condition for one case, of who is that person for sure."""
    sure = organisations.proven_enterprises(person_id, today).values_list("id", flat=True)
    return _of_proven(person_id, accounts.confirmed_wards(person_id), sure) | _one_online(person_id, today)


def one_of_declared(person_id: UUID, today: date) -> Q:
    """Return the condition for one case, of an account that may be a stranger's."""
    return _of_declared(person_id, accounts.confirmed_wards(person_id)) | _one_online(person_id, today)


def _of_proven(person_id: UUID, wards: Ids, sure: Ids) -> Q:
    own = Q(submitted_by_id=person_id, applicant_enterprise_id__isnull=True) | Q(applicant_person_id=person_id)
    return own | Q(applicant_person_id__in=wards) | Q(applicant_enterprise_id__in=sure)


def _of_declared(person_id: UUID, wards: Ids) -> Q:
    own = Q(ONLINE, submitted_by_id=person_id, applicant_enterprise_id__isnull=True)
    return own | Q(ONLINE, applicant_person_id__in=wards)


def _one_online(person_id: UUID, today: date) -> Q:
    """As `_online`, for one case, whose enterprise is fetched with it."""
    acted_for = organisations.represented_enterprises(person_id, today).values_list("id", flat=True)
    shown = Q(submitted_by_id=person_id) | Q(applicant_enterprise__representative_seen_at__isnull=True)
    return Q(shown, ONLINE, applicant_enterprise_id__in=acted_for)


def _online(person_id: UUID, declared: Ids, acted_for: Ids) -> Q:
    """Of enterprises that one acts for: all that came online while none is sure of them, else one's own."""
    own = Q(ONLINE, applicant_enterprise_id__in=acted_for, submitted_by_id=person_id)
    return own | Q(ONLINE, applicant_enterprise_id__in=declared)
