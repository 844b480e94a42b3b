"""Persons, by their identity paper."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.accounts import queries, rules
from tongban.accounts.actions.turning import settle_keys
from tongban.accounts.errors import NameDiffers
from tongban.accounts.events import IdentitySeen, PersonRegistered
from tongban.accounts.models import Person
from tongban.base import identifiers
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Forbidden, Invalid
from tongban.base.identifiers import WrongIdentifier
from tongban.ledger.actions import record

CARD = "resident_identity_card"
CARD_LIKE = frozenset({CARD, "hong_kong_macao_taiwan_residence_permit"})
"""Papers whose number holds the date of birth and the sex (GB 11643 shape)."""


def cleaned_identity(*, name: str, identity_kind: str, identity_number: str, today: date) -> tuple[str, str]:
    """Return the normal forms of name and number; raises Invalid with a sentence for each field that is wrong."""
    wrong: dict[str, list[object]] = {}
    clean_name = clean_number = ""
    try:
        clean_name = rules.person_name(name)
    except rules.WrongName as reason:
        wrong["name"] = [reason.words]
    try:
        clean_number = identifiers.identity_number(identity_kind, identity_number, today=today)
    except KeyError:
        wrong["identity_kind"] = [rules.UNKNOWN_KIND]
    except WrongIdentifier as reason:
        wrong["identity_number"] = [reason.words]
    if wrong:
        raise Invalid(wrong)  # type: ignore[arg-type]
    return clean_name, clean_number


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    name: str,
    identity_kind: str,
    identity_number: str,
    now: datetime,
    phone: str = "",
    assurance: str = Person.Assurance.DECLARED,
) -> Person:
    """Find the person of an identity paper, or make them known.

    The name must agree with what is known, else NameDiffers. `assurance` "seen" is for officials at a window: it
    raises what is known of the person, never lowers it. Raises Invalid for a wrong name or number, Forbidden.
    """
    if assurance == Person.Assurance.SEEN and not (actor.is_official or actor.kind == "system"):
        raise Forbidden
    name, number = cleaned_identity(
        name=name, identity_kind=identity_kind, identity_number=identity_number, today=office_date(now)
    )
    person = queries.person_by_identity(identity_kind, number)
    if person is None:
        person = _create(actor, name, identity_kind, number, phone, assurance, now)
    if not rules.same_name(person.name, name):
        raise NameDiffers
    return _raise_assurance(actor, person.id, phone, now) if assurance == Person.Assurance.SEEN else person


def _create(actor: Actor, name: str, kind: str, number: str, phone: str, assurance: str, now: datetime) -> Person:
    """Create the person; when another transaction was faster, return theirs."""
    try:
        with transaction.atomic():
            person = new_person(
                name=name, identity_kind=kind, identity_number=number, phone=phone, assurance=assurance, now=now
            )
    except IntegrityError:
        return Person.objects.get(queries.of_identity(kind, number))
    record(PersonRegistered(subject_id=person.id, assurance=assurance), actor=actor, now=now)
    return person


def new_person(
    *, name: str, identity_kind: str, identity_number: str, phone: str, assurance: str, now: datetime
) -> Person:
    """Write a person with clean name and number; raises IntegrityError when the identity is known."""
    card = identity_kind in CARD_LIKE
    indexes = queries.identity_indexes(identity_kind, identity_number)
    settle_keys([indexes])
    return Person.objects.create(
        name=name,
        identity_kind=identity_kind,
        identity_number=identity_number,
        **queries.indexed(indexes),
        birth_date=identifiers.birth_date(identity_number) if card else None,
        sex=identifiers.sex(identity_number) if card else "",
        phone=phone,
        assurance=assurance,
        created_at=now,
    )


def _raise_assurance(actor: Actor, person_id: UUID, phone: str, now: datetime) -> Person:
    """Note the number given at the window; one that was only declared may be a stranger's, and is not kept.

    Locked, so that of two windows the second does not take out the number that the first has noted.
    """
    person = Person.objects.select_for_update(no_key=True).get(id=person_id)
    if person.assurance != Person.Assurance.SEEN:
        record(IdentitySeen(subject_id=person.id), actor=actor, now=now)
        person.phone = ""
    person.assurance = Person.Assurance.SEEN
    person.phone = phone or person.phone
    person.save(update_fields=["assurance", "phone"])
    return person
