"""Enterprises and their legal representatives."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries, rules
from tongban.accounts.errors import (
    AlreadyRepresentative,
    EnterpriseHeld,
    EnterpriseNameDiffers,
    EnterpriseTaken,
    NotAResident,
    RepresentativeChanged,
    RepresentativeNotProven,
)
from tongban.accounts.events import EnterpriseHandedOver, EnterpriseRegistered, RepresentativeNamed
from tongban.accounts.models import Enterprise, Person
from tongban.base import identifiers
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, NotFound, Words
from tongban.base.identifiers import WrongIdentifier
from tongban.base.text import clean_line
from tongban.ledger.actions import record

LONGEST_NAME = 200
LONGEST_ADDRESS = 300


def register_enterprise(
    *,
    actor: Actor,
    name: str,
    credit_code: str,
    now: datetime,
    address: str = "",
    representative_id: UUID | None = None,
) -> Enterprise:
    """Register an enterprise whose legal representative 法定代表人 the actor is.

    At a window an official names the representative, whose paper and business licence were seen. Registered before
    with the same representative: that enterprise is returned. Raises Invalid, EnterpriseTaken, NotAResident.
    """
    representative = _representative(actor, representative_id)
    values = cleaned_enterprise(name=name, credit_code=credit_code, address=address)
    enterprise = _create(actor, values, representative, now)
    if actor.is_resident:
        if enterprise.legal_representative_id == representative:
            return enterprise
        raise EnterpriseTaken
    return _name_representative(actor, enterprise.id, representative, now)


def register_enterprise_at_window(
    *, actor: Actor, name: str, credit_code: str, came: Person, now: datetime, address: str = ""
) -> Enterprise:
    """Find or register an enterprise for which somebody came to a window, licence and authority in hand.

    Who came (`came`) is not taken for its legal representative: that a window sees and names on its own.
    The name must agree with what is known under the code. Raises Invalid, EnterpriseNameDiffers, Forbidden.
    """
    if not (actor.is_official or actor.kind == "system"):
        raise Forbidden
    del came  # noted with the application; it gives no right to act online
    values = cleaned_enterprise(name=name, credit_code=credit_code, address=address)
    enterprise = _create(actor, values, None, now)
    if not rules.same_name(enterprise.name, values["name"]):
        raise EnterpriseNameDiffers(_("This code is known as {name}.").format(name=enterprise.name))
    return enterprise


def _create(actor: Actor, values: dict[str, str], representative: UUID | None, now: datetime) -> Enterprise:
    """Create the enterprise; when its code is known, return the one that is there."""
    try:
        with transaction.atomic():
            enterprise = Enterprise.objects.create(**values, legal_representative_id=representative, created_at=now)
            record(
                EnterpriseRegistered(subject_id=enterprise.id, legal_representative_id=representative),
                actor=actor,
                now=now,
            )
    except IntegrityError:
        return Enterprise.objects.get(credit_code=values["credit_code"])
    return enterprise


@transaction.atomic
def _name_representative(actor: Actor, enterprise_id: UUID, representative: UUID, now: datetime) -> Enterprise:
    enterprise = Enterprise.objects.select_for_update().get(id=enterprise_id)
    if enterprise.legal_representative_id not in {None, representative}:
        raise EnterpriseHeld
    if enterprise.representative_seen_at is None:
        enterprise.legal_representative_id, enterprise.representative_seen_at = representative, now
        enterprise.save(update_fields=["legal_representative", "representative_seen_at"])
        named = RepresentativeNamed(subject_id=enterprise.id, legal_representative_id=representative)
        record(named, actor=actor, now=now)
    return enterprise


@transaction.atomic
def name_other_representative(
    *,
    actor: Actor,
    enterprise_id: UUID,
    former_id: UUID,
    representative_id: UUID,
    name: str,
    address: str = "",
    now: datetime,
) -> Enterprise:
    """Put an enterprise into the hands of whom the business licence names, at a window; part of handing it over.

    Who may act for it beside, and what was begun for it, rooms above see to: `applications.hand_over_enterprise`.
    `former_id` is whom the page has shown to hold it; name and address are those of the licence. Raises Forbidden,
    NotFound, Invalid, RepresentativeNotProven, AlreadyRepresentative, RepresentativeChanged.
    """
    if not actor.has_role("window"):
        raise Forbidden
    representative = queries.person_by_id(representative_id)
    enterprise = queries.held_enterprise(enterprise_id)
    if enterprise is None:
        raise NotFound
    if not representative.is_proven:
        raise RepresentativeNotProven
    if enterprise.legal_representative_id == representative.id:
        raise AlreadyRepresentative
    if enterprise.legal_representative_id != former_id:
        raise RepresentativeChanged
    values = cleaned_enterprise(name=name, credit_code=enterprise.credit_code, address=address)
    enterprise.name, enterprise.address = values["name"], values["address"]
    enterprise.legal_representative_id, enterprise.representative_seen_at = representative.id, now
    enterprise.save(update_fields=["name", "address", "legal_representative", "representative_seen_at"])
    handed_over = EnterpriseHandedOver(
        subject_id=enterprise.id, former_representative_id=former_id, legal_representative_id=representative.id
    )
    record(handed_over, actor=actor, now=now)
    return enterprise


def _representative(actor: Actor, representative_id: UUID | None) -> UUID:
    if actor.is_resident and representative_id in {None, actor.person_id} and actor.person_id:
        return actor.person_id
    if representative_id and (actor.has_role("window") or actor.kind == "system"):
        return queries.person_by_id(representative_id).id
    raise NotAResident


def cleaned_enterprise(*, name: str, credit_code: str, address: str) -> dict[str, str]:
    """Return the normal forms; raises Invalid with a sentence for each wrong field."""
    wrong: dict[str, list[Words]] = {}
    clean, code = clean_line(name), ""
    if not clean or len(clean) > LONGEST_NAME:
        wrong["name"] = [_("Please give the full name as on the business licence, at most 200 characters.")]
    if len(clean_line(address)) > LONGEST_ADDRESS:
        wrong["address"] = [_("An address can have at most 300 characters.")]
    try:
        code = identifiers.credit_code(credit_code)
    except WrongIdentifier as reason:
        wrong["credit_code"] = [reason.words]
    if wrong:
        raise Invalid(wrong)
    return {"name": clean, "credit_code": code, "address": clean_line(address)}
