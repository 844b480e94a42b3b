"""Who may act for which enterprise: its legal representative, or whom they have named."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.compiled import compiled_once
from tongban.organisations.errors import EnterpriseNotYours
from tongban.organisations.models import Mandate

if TYPE_CHECKING:
    from tongban.accounts.models import Enterprise


def may_act_for(person_id: UUID, enterprise_id: UUID, on: date) -> bool:
    """Whether a person may act for an enterprise on a day: its legal representative, or named and not run out."""
    return represented_enterprises(person_id, on).filter(id=enterprise_id).exists()


def enterprises_for(actor: Actor, on: date | None = None) -> list["Enterprise"]:
    """Return the enterprises for which the actor may act today (or `on` a day): represented or by mandate, by name."""
    if actor.person_id is None:
        return []
    return _represented_by_name(actor.person_id, on or office_date(clock.now()))


@compiled_once
def _represented_by_name(person_id: UUID, on: date) -> "QuerySet[Enterprise]":
    return represented_enterprises(person_id, on).order_by("name", "id")


def represented_enterprises(person_id: UUID, on: date) -> "QuerySet[Enterprise]":
    """Return the enterprises for which a person may act on a day: represented or by mandate."""
    named = Mandate.objects.filter(person_id=person_id, revoked_at__isnull=True).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    return accounts.enterprises().filter(Q(legal_representative_id=person_id) | Q(id__in=named.values("enterprise_id")))


def proven_enterprise_ids(person_id: UUID, on: date) -> frozenset[UUID]:
    """Return the enterprises for which a person may act for sure: enough to be told what registers hold on them.

    A window has seen the licence and who represents it, and has given that person their account; a mandate counts when
    it was given from then on, since before that somebody else may have sat at that account. One query.
    """
    return frozenset(_proven(person_id, on))


@compiled_once
def _proven(person_id: UUID, on: date) -> "QuerySet[Enterprise, UUID]":
    named = Mandate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        person_id=person_id,
        revoked_at__isnull=True,
        granted_at__gte=F("enterprise__legal_representative__account_given_at"),
    )
    return (
        accounts.enterprises()
        .filter(representative_seen_at__isnull=False, legal_representative__account_given_at__isnull=False)
        .filter(Q(legal_representative_id=person_id) | Q(id__in=named.values("enterprise_id")))
        .values_list("id", flat=True)
    )


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
