"""Who may act for which enterprise: its legal representative, or whom they have named."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.compiled import compiled_once, together
from tongban.organisations.errors import EnterpriseNotYours
from tongban.organisations.models import Mandate

if TYPE_CHECKING:
    from tongban.accounts.models import Enterprise


def may_act_for(person_id: UUID, enterprise_id: UUID, on: date) -> bool:
    """Whether a person may act for an enterprise on a day: its legal representative, or named and not run out."""
    return represented_enterprises(person_id, on).filter(id=enterprise_id).exists()


def enterprises_for(actor: Actor, on: date | None = None) -> list["Enterprise"]:
    """Return the enterprises for which the actor may act today (or `on` a day): represented or by mandate, by name.

    Each tells in `is_proven` whether it is one of `proven_enterprises`.
    """
    if actor.person_id is None:
        return []
    return _represented_by_name(actor.person_id, on or office_date(clock.now()))


@compiled_once
def _represented_by_name(person_id: UUID, on: date) -> "QuerySet[Enterprise]":
    proven = ExpressionWrapper(_is_proven(person_id, on), output_field=BooleanField())
    return represented_enterprises(person_id, on).annotate(is_proven=proven).order_by("name", "id")


def represented_enterprises(person_id: UUID, on: date) -> "QuerySet[Enterprise]":
    """Return the enterprises for which a person may act on a day: represented or by mandate."""
    named = _standing(person_id, on).values("enterprise_id")
    return accounts.enterprises().filter(Q(legal_representative_id=person_id) | Q(id__in=named))


def _standing(person_id: UUID, on: date) -> QuerySet[Mandate]:
    not_over = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    return Mandate.objects.filter(not_over, person_id=person_id, revoked_at__isnull=True)


def proven_enterprise_ids(person_id: UUID, on: date) -> frozenset[UUID]:
    """Return the ids of `proven_enterprises`. One query."""
    return frozenset(_proven_ids(person_id, on))


@compiled_once
def _proven_ids(person_id: UUID, on: date) -> "QuerySet[Enterprise, UUID]":
    return proven_enterprises(person_id, on).values_list("id", flat=True)


def proven_enterprises(person_id: UUID, on: date) -> "QuerySet[Enterprise]":
    """Return the enterprises for which a person may act for sure: enough to be told what offices hold on them.

    A window has seen the licence and who represents it; a mandate counts when it was given after a window had given
    that person their account, since before that somebody else may have sat at it. Whether whoever asks is the person
    for sure is for the caller to ask beside (`Actor.is_proven`).
    """
    return accounts.enterprises().filter(_is_proven(person_id, on))


def _is_proven(person_id: UUID, on: date) -> Q:
    since = F("enterprise__legal_representative__account_given_at")
    named = _standing(person_id, on).filter(granted_at__gte=since).values("enterprise_id")
    return Q(representative_seen_at__isnull=False) & (Q(legal_representative_id=person_id) | Q(id__in=named))


@dataclass(frozen=True, slots=True)
class Representation:
    """Who acts for an enterprise on a day: its legal representative, and of those asked about whom it has named."""

    representative_id: UUID | None
    is_seen: bool
    given_at: datetime | None
    """When a window gave the representative their account."""
    named_at: Mapping[UUID, datetime]

    def is_acting(self, person_id: UUID) -> bool:
        """Whether a person may act for it."""
        return person_id == self.representative_id or person_id in self.named_at

    def is_sure_of(self, person_id: UUID) -> bool:
        """Whether it is one of a person's `proven_enterprises`."""
        if not self.is_seen or self.given_at is None:
            return False
        named_at = self.named_at.get(person_id)
        return person_id == self.representative_id or (named_at is not None and named_at >= self.given_at)


def representations(
    enterprise_ids: Collection[UUID], person_ids: Collection[UUID], on: date
) -> dict[UUID, Representation]:
    """Return for each enterprise who of these persons acts for it on a day. One message to the database."""
    firms, mandates = together(_seen_of.asking(enterprise_ids), _named_among.asking(enterprise_ids, person_ids, on))
    named: dict[UUID, dict[UUID, datetime]] = {}
    for enterprise_id, person_id, granted_at in mandates:
        named.setdefault(enterprise_id, {})[person_id] = granted_at
    return {
        firm_id: Representation(representative_id, seen_at is not None, given_at, named.get(firm_id, {}))
        for firm_id, representative_id, seen_at, given_at in firms
    }


@compiled_once
def _seen_of(enterprise_ids: Collection[UUID]) -> "QuerySet[Enterprise, Any]":
    found = accounts.enterprises().filter(id__in=enterprise_ids)
    return found.values_list(
        "id", "legal_representative_id", "representative_seen_at", "legal_representative__account_given_at"
    )


@compiled_once
def _named_among(enterprise_ids: Collection[UUID], person_ids: Collection[UUID], on: date) -> QuerySet[Mandate, Any]:
    not_over = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    found = Mandate.objects.filter(not_over, enterprise_id__in=enterprise_ids, person_id__in=person_ids)
    return found.filter(revoked_at__isnull=True).values_list("enterprise_id", "person_id", "granted_at")


def enterprise_for(actor: Actor, enterprise_id: UUID) -> "Enterprise":
    """Return an enterprise whose legal representative the actor is; raises EnterpriseNotYours."""
    found = next((one for one in accounts.enterprises_of(actor) if one.id == enterprise_id), None)
    if found is None:
        raise EnterpriseNotYours
    return found


def mandates_of(enterprise_id: UUID) -> list[Mandate]:
    """Return the mandates of an enterprise that are not revoked, with who was named, newest first."""
    return list(
        Mandate.objects.filter(enterprise_id=enterprise_id, revoked_at__isnull=True)
        .select_related("person")
        .order_by("-granted_at")
    )


def mandates_held(actor: Actor, on: date) -> list[Mandate]:
    """Return the mandates by which the actor acts for enterprises of others on a day, with the enterprises."""
    if actor.person_id is None:
        return []
    return list(
        Mandate.objects.filter(person_id=actor.person_id, revoked_at__isnull=True)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        .select_related("enterprise", "enterprise__legal_representative")
        .order_by("enterprise__name")
    )


def held_enterprise_for(actor: Actor, enterprise_id: UUID) -> "Enterprise":
    """Return the same, locked: a window that hands it over comes before or after. Raises EnterpriseNotYours."""
    found = accounts.held_enterprise(enterprise_id)
    if found is None or actor.person_id is None or found.legal_representative_id != actor.person_id:
        raise EnterpriseNotYours
    return found
