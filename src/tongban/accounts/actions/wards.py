"""Children and other wards 监护 (民法典 arts. 26 to 39)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries
from tongban.accounts.actions.counting import Bound, count_try
from tongban.accounts.actions.persons import register_person
from tongban.accounts.errors import NotAResident, OwnWard, WardHasAccount
from tongban.accounts.events import GuardianshipConfirmed, WardAdded, WardReleased
from tongban.accounts.models import Guardianship, Person
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.ledger.actions import record

ADDING = Bound("ward.add", most=12, seconds=86_400)


def add_ward(
    *, actor: Actor, name: str, identity_kind: str, identity_number: str, relation: str, now: datetime
) -> Person:
    """Add a child or ward of the actor. Added before: nothing changes.

    Raises Invalid, OwnWard, NameDiffers, WardHasAccount, NotAResident, TooMany (twelve a day).
    """
    guardian = queries.person_of(actor)
    if guardian is None:
        raise NotAResident
    if relation not in Guardianship.Relation.values:
        raise Invalid({"relation": [_("Please say what you are to this person.")]})
    count_try(ADDING, str(guardian.id), now=now)
    with transaction.atomic():
        ward = register_person(
            actor=actor, name=name, identity_kind=identity_kind, identity_number=identity_number, now=now
        )
        if ward.id == guardian.id:
            raise OwnWard({"identity_number": [_("This is your own identity number. Please give the ward's.")]})
        if ward.account_id is not None:
            raise WardHasAccount
        _add(actor, guardian, ward, relation, now)
    return ward


def _add(actor: Actor, guardian: Person, ward: Person, relation: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            Guardianship.objects.create(guardian=guardian, ward=ward, relation=relation, declared_at=now)
    except IntegrityError:
        return
    record(WardAdded(subject_id=ward.id, guardian_id=guardian.id, relation=relation), actor=actor, now=now)


@transaction.atomic
def release_ward(*, actor: Actor, ward_id: UUID, now: datetime) -> None:
    """End acting for a ward, who may then sign up for themselves. Raises NotFound."""
    held = (
        Guardianship.objects.select_for_update()
        .filter(guardian_id=actor.person_id, ward_id=ward_id, ended_at__isnull=True)
        .first()
    )
    if held is None:
        raise NotFound
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    record(WardReleased(subject_id=ward_id, guardian_id=held.guardian_id), actor=actor, now=now)


@transaction.atomic
def confirm_guardianship(*, actor: Actor, guardian_id: UUID, ward_id: UUID, now: datetime) -> None:
    """Write that the papers of a guardianship (birth certificate, household register …) were seen."""
    if not (actor.has_role("window") or actor.kind == "system"):
        raise Forbidden
    held = (
        Guardianship.objects.select_for_update()
        .filter(guardian_id=guardian_id, ward_id=ward_id, ended_at__isnull=True)
        .first()
    )
    if held is None:
        raise NotFound
    if held.confirmed_at is None:
        held.confirmed_at = now
        held.save(update_fields=["confirmed_at"])
        record(GuardianshipConfirmed(subject_id=ward_id, guardian_id=guardian_id), actor=actor, now=now)
