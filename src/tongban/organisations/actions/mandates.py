"""Who may act for an enterprise: named by its legal representative 法定代表人, for a time, until revoked."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import actions as accounts
from tongban.accounts.errors import NotAResident
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Invalid, NotFound
from tongban.ledger.actions import record
from tongban.organisations import queries
from tongban.organisations.errors import MandateExists
from tongban.organisations.events import MandateGranted, MandateRevoked
from tongban.organisations.models import Mandate


def grant_mandate(
    *,
    actor: Actor,
    enterprise_id: UUID,
    name: str,
    identity_kind: str,
    identity_number: str,
    now: datetime,
    valid_until: date | None = None,
) -> Mandate:
    """Let a person act for the enterprise, until a day (included) or until revoked.

    The person need not have an account yet. Raises Invalid, MandateExists, NameDiffers, EnterpriseNotYours.
    """
    granted_by = _person(actor)
    if valid_until is not None and valid_until < office_date(now):
        raise Invalid({"valid_until": [_("This day is over already.")]})
    with transaction.atomic():
        enterprise = queries.held_enterprise_for(actor, enterprise_id)
        person = accounts.register_person(
            actor=actor, name=name, identity_kind=identity_kind, identity_number=identity_number, now=now
        )
        if person.id == actor.person_id:
            raise Invalid({"identity_number": [_("As legal representative you may act for the enterprise anyway.")]})
        _close_run_out(enterprise.id, person.id, now)
        mandate = _create(granted_by, enterprise.id, person.id, valid_until, now)
        record(
            MandateGranted(
                subject_id=enterprise.id, mandate_id=mandate.id, person_id=person.id, valid_until=valid_until
            ),
            actor=actor,
            now=now,
        )
    return mandate


def _person(actor: Actor) -> UUID:
    """Return the natural person who acts; raises NotAResident."""
    if actor.person_id is None:
        raise NotAResident
    return actor.person_id


def _close_run_out(enterprise_id: UUID, person_id: UUID, now: datetime) -> None:
    """A mandate that has run out makes room for a new one."""
    Mandate.objects.filter(
        enterprise_id=enterprise_id, person_id=person_id, revoked_at__isnull=True, valid_until__lt=office_date(now)
    ).update(revoked_at=now)


def _create(granted_by: UUID, enterprise_id: UUID, person_id: UUID, valid_until: date | None, now: datetime) -> Mandate:
    try:
        with transaction.atomic():
            return Mandate.objects.create(
                enterprise_id=enterprise_id, person_id=person_id, granted_by_id=granted_by, granted_at=now,
                valid_until=valid_until,
            )  # fmt: skip
    except IntegrityError as clash:
        raise MandateExists from clash


@transaction.atomic
def revoke_mandate(*, actor: Actor, mandate_id: UUID, now: datetime) -> Mandate:
    """Take a mandate back, as legal representative. Raises NotFound."""
    mandate = Mandate.objects.select_for_update().filter(id=mandate_id, revoked_at__isnull=True).first()
    if mandate is None:
        raise NotFound
    queries.enterprise_for(actor, mandate.enterprise_id)
    mandate.revoked_at = now
    mandate.save(update_fields=["revoked_at"])
    record(
        MandateRevoked(subject_id=mandate.enterprise_id, mandate_id=mandate.id, person_id=mandate.person_id),
        actor=actor,
        now=now,
    )
    return mandate


@transaction.atomic
def hand_over_enterprise(
    *,
    actor: Actor,
    enterprise_id: UUID,
    former_id: UUID,
    representative_id: UUID,
    name: str,
    address: str = "",
    now: datetime,
) -> list[UUID]:
    """Hand an enterprise over to whom the licence names, and end all mandates: who has lost it may have given them.

    Returns the persons who act for it no more. See `accounts.name_other_representative`, which says what it raises.
    """
    accounts.name_other_representative(
        actor=actor, enterprise_id=enterprise_id, former_id=former_id, representative_id=representative_id,
        name=name, address=address, now=now,
    )  # fmt: skip
    ended = Mandate.objects.select_for_update().filter(enterprise_id=enterprise_id, revoked_at__isnull=True)
    lost = {former_id}
    for mandate in ended.order_by("id"):
        mandate.revoked_at = now
        mandate.save(update_fields=["revoked_at"])
        revoked = MandateRevoked(subject_id=enterprise_id, mandate_id=mandate.id, person_id=mandate.person_id)
        record(revoked, actor=actor, now=now)
        lost.add(mandate.person_id)
    return sorted(lost - {representative_id})
