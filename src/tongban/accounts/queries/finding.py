"""How to find accounts, persons, wards and enterprises."""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tongban.accounts import rules
from tongban.accounts.models import (
    Account,
    Consent,
    Enterprise,
    Guardianship,
    Official,
    Person,
)
from tongban.base import crypto
from tongban.base.actor import NOBODY, Actor
from tongban.base.compiled import compiled_once
from tongban.base.errors import NotFound
from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.text import mask


def identity_index(identity_kind: str, number: str) -> bytes:
    """Return the keyed index of an identity number in its normal form."""
    return crypto.index(number, context=f"accounts.identity.{identity_kind}")


def identity_indexes(identity_kind: str, number: str) -> dict[int, bytes]:
    """Return its index under each index key that is given."""
    return crypto.indexes(number, context=f"accounts.identity.{identity_kind}")


def indexed(indexes: Mapping[int, bytes]) -> dict[str, bytes]:
    """Return the columns of a person that hold these indexes."""
    return {"identity_index_even" if number % 2 == 0 else "identity_index": one for number, one in indexes.items()}


def of_identity(identity_kind: str, number: str) -> Q:
    """Return what finds the person of an identity number, by each index key that is given."""
    by_key = Q()
    for column, index in indexed(identity_indexes(identity_kind, number)).items():
        by_key |= Q(**{column: index})
    return Q(identity_kind=identity_kind) & by_key


def person_by_identity(identity_kind: str, number: str) -> Person | None:
    """Return the person of an identity number in its normal form, None when nobody is known."""
    return Person.objects.filter(of_identity(identity_kind, number)).first()


def person_by_id(person_id: UUID) -> Person:
    """Return a person for rooms that may name them already; raises NotFound."""
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person


@compiled_once
def persons_by_ids(person_ids: Collection[UUID]) -> QuerySet[Person]:
    """Return the persons of these ids, for rooms that may name them already. One query."""
    return Person.objects.filter(id__in=person_ids)


def person_of(actor: Actor) -> Person | None:
    """Return the natural person of a resident, None for everybody else."""
    return Person.objects.filter(id=actor.person_id).first() if actor.person_id else None


def person_for(actor: Actor, person_id: UUID) -> Person:
    """Return a person whom the actor may see: themselves or a ward; raises NotFound."""
    if actor.person_id is None:
        raise NotFound
    guarded = Q(guardians_held__guardian_id=actor.person_id, guardians_held__ended_at__isnull=True)
    person = Person.objects.filter(Q(id=actor.person_id) | guarded).filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person


def wards_of(actor: Actor) -> list[Person]:
    """Return the children and wards for whom the actor applies, in the order of being added."""
    if actor.person_id is None:
        return []
    return [held.ward for held in guardianships_of(actor.person_id)]


def guardianships_of(person_id: UUID) -> list[Guardianship]:
    """Return the open guardianships that a person holds, with their wards."""
    return list(
        Guardianship.objects.filter(guardian_id=person_id, ended_at__isnull=True)
        .select_related("ward")
        .order_by("declared_at")
    )


def confirmed_wards(person_id: UUID) -> QuerySet[Guardianship, UUID]:
    """Return the wards whose papers an official has seen, as ids: the guardian may see all that concerns them."""
    confirmed = Guardianship.objects.filter(guardian_id=person_id, ended_at__isnull=True, confirmed_at__isnull=False)
    return confirmed.values_list("ward_id", flat=True)


def may_apply_for_ward(person_id: UUID, ward_id: UUID) -> bool:
    """Whether a guardianship is declared: enough to apply, since the office looks at the papers."""
    return Guardianship.objects.filter(guardian_id=person_id, ward_id=ward_id, ended_at__isnull=True).exists()


def ward_ids_of(person_id: UUID) -> frozenset[UUID]:
    """Return the wards whose papers an official has seen: the guardian may see all that concerns them."""
    return frozenset(_confirmed_wards(person_id))


_confirmed_wards = compiled_once(confirmed_wards)


def is_guardian(person_id: UUID, ward_id: UUID) -> bool:
    """Whether an official has seen the papers of a guardianship: enough to see all that concerns the ward."""
    return Guardianship.objects.filter(
        guardian_id=person_id, ward_id=ward_id, ended_at__isnull=True, confirmed_at__isnull=False
    ).exists()


def enterprises_of(actor: Actor) -> list[Enterprise]:
    """Return the enterprises whose legal representative the actor is."""
    if actor.person_id is None:
        return []
    return list(Enterprise.objects.filter(legal_representative_id=actor.person_id).order_by("name", "id"))


def held_enterprise(enterprise_id: UUID) -> Enterprise | None:
    """Return an enterprise, locked: until the end of the transaction nobody hands it over. None when there is none."""
    return Enterprise.objects.select_for_update(no_key=True).filter(id=enterprise_id).first()


def enterprise_by_id(enterprise_id: UUID) -> Enterprise:
    """Return an enterprise for rooms that may name it already; raises NotFound."""
    enterprise = Enterprise.objects.filter(id=enterprise_id).first()
    if enterprise is None:
        raise NotFound
    return enterprise


@compiled_once
def enterprises_by_ids(enterprise_ids: Collection[UUID]) -> QuerySet[Enterprise]:
    """Return the enterprises of these ids, for rooms that may name them already. One query."""
    return Enterprise.objects.filter(id__in=enterprise_ids)


def enterprise_by_code(credit_code: str) -> Enterprise | None:
    """Return the enterprise of a credit code in its normal form, None when unknown."""
    return Enterprise.objects.filter(credit_code=credit_code).first()


def masked_identity(person: Person) -> str:
    """Return the identity number as it is shown: 3301**********1234."""
    number = person.identity_number
    return mask(number, first=4, last=4) if len(number) > 10 else mask(number, first=1, last=2)  # noqa: PLR2004 - short


def identity_kind_words(person: Person) -> str:
    """Return the kind of a person's identity paper in words."""
    return str(IDENTITY_KINDS[person.identity_kind][1])


def consents_of(actor: Actor) -> list[Consent]:
    """Return all consents of the actor, also those taken back, newest first."""
    return list(Consent.objects.filter(account_id=actor.account_id).order_by("-given_at")) if actor.account_id else []


@compiled_once
def _consent(account_id: UUID, matter: str) -> QuerySet[Consent]:
    return Consent.objects.filter(account_id=account_id, matter=matter, withdrawn_at__isnull=True).only("id")


def consents_electronic_service(account_id: UUID) -> bool:
    """Whether papers may be served on this account by electronic means."""
    return electronic_consent_rows.first(account_id) is not None


@compiled_once
def electronic_consent_rows(account_id: UUID) -> QuerySet[Consent]:
    """Return the consent to electronic service as a row, to be asked for together with other things."""
    found = Consent.objects.filter(account_id=account_id, matter=Consent.Matter.ELECTRONIC_SERVICE)
    return found.filter(withdrawn_at__isnull=True).only("id")


def consents_privacy_notice(account_id: UUID) -> bool:
    """Whether the privacy notice is agreed to: without it nothing new may be applied for online."""
    return _consent.first(account_id, str(Consent.Matter.PRIVACY_NOTICE)) is not None


def account_of_person(person_id: UUID) -> Account | None:
    """Return the account by which news reach a person, None for somebody served at a window."""
    return accounts_of_persons({person_id}).get(person_id)


def accounts_of_persons(person_ids: Collection[UUID]) -> dict[UUID, Account]:
    """Return for each person who has one the account by which news reach them."""
    return {account.person.id: account for account in _of_persons(person_ids)}


@compiled_once
def _of_persons(person_ids: Collection[UUID]) -> QuerySet[Account]:
    found = Account.objects.filter(person__id__in=person_ids, is_active=True).select_related("person")
    return found.defer("person__identity_number", "person__identity_index", "person__identity_index_even")


@compiled_once
def account_rows(account_ids: Collection[UUID]) -> QuerySet[Account]:
    """Return accounts as rows, to be asked for together with other things."""
    return Account.objects.filter(id__in=account_ids)


def account_of_official(official_id: UUID) -> Account | None:
    """Return the account of an official who is still in office."""
    return Account.objects.filter(official__id=official_id, is_active=True).first()


def accounts_of_officials(official_ids: Collection[UUID]) -> dict[UUID, Account]:
    """Return the accounts of those of the officials who are still in office, by official."""
    return {account.official.id: account for account in _of_officials(official_ids)}


@compiled_once
def _of_officials(official_ids: Collection[UUID]) -> QuerySet[Account]:
    return Account.objects.filter(official__id__in=official_ids, is_active=True).select_related("official")


def addresses_of(account_id: UUID) -> tuple[str, str, str]:
    """Return (email, phone, language). Addresses that nobody has verified stay empty: news must not reach strangers."""
    found = addresses_of_all({account_id})
    if not found:
        raise NotFound
    return found[account_id]


def reached_by(person: Person, account_id: UUID | None) -> tuple[str, str]:
    """Return (phone, email) to offer somebody who applies by an account, or at a window without one.

    The number that a window noted is offered to no account but one that a window has given.
    """
    account = account_rows.first([account_id]) if account_id else None
    if account is None:
        return person.phone, ""
    email = account.email if account.email_verified_at else ""
    if not person.is_proven:
        return account.phone, email
    return person.phone or (account.phone if account.phone_verified_at else ""), email


def addresses_of_all(account_ids: Collection[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """Return the same for several accounts, by their ids."""
    return {
        account.id: (
            account.email if account.email_verified_at else "",
            account.phone if account.phone_verified_at else "",
            account.language,
        )
        for account in account_rows(account_ids)
    }


def account_by_id(account_id: UUID) -> Account | None:
    """Return an account that is open, None otherwise."""
    return Account.objects.filter(id=account_id, is_active=True).first()


def account_by_username(username: str) -> Account | None:
    """Return the open account of a sign-in name, None when there is none."""
    return Account.objects.filter(username=username, is_active=True).first()


def account_of(actor: Actor) -> Account:
    """Return the actor's own account; raises NotFound."""
    account = Account.objects.filter(id=actor.account_id).first() if actor.account_id else None
    if account is None:
        raise NotFound
    return account


def accounts_by_sign_in_name(kind: Literal["sms", "email", "username"], name: str) -> list[Account]:
    """Return the accounts that a sign-in name may mean: who has verified the address first, then the oldest claims."""
    if not name:
        return []
    field = {"sms": "phone", "email": "email", "username": "username"}[kind]
    order = ["username"] if kind == "username" else [F(f"{field}_verified_at").asc(nulls_last=True), "created_at"]
    return list(Account.objects.filter(**{field: name}, is_active=True).order_by(*order))


def account_by_verified_address(channel: rules.Channel, address: str) -> Account | None:
    """Return the account that has shown that an address is theirs."""
    verified = (
        Q(phone=address, phone_verified_at__isnull=False)
        if channel == "sms"
        else Q(email=address, email_verified_at__isnull=False)
    )
    return Account.objects.filter(verified, is_active=True).first()


def actor_by_account(account_id: UUID) -> Actor:
    """Return who acts by an account, without the posts of an official (those: organisations). One query."""
    try:
        return actor_of_account(Account.objects.get(pk=account_id))
    except Account.DoesNotExist:
        return NOBODY


def actor_of_account(account: Account) -> Actor:
    """Return who acts by an account that has been fetched by its key: no further query.

    An account that was closed, and an official who has left, are nobody.
    """
    if not account.is_active:
        return NOBODY
    official: Official | None = getattr(account, "official", None)
    if official is not None:
        if official.ended_at is not None:
            return NOBODY
        return Actor(kind="official", name=official.name, account_id=account.id, official_id=official.id)
    person: Person | None = getattr(account, "person", None)
    if person is None:
        return NOBODY
    return Actor(
        kind="resident",
        name=person.name,
        account_id=account.id,
        person_id=person.id,
        is_proven=person.is_proven,
    )


def officials() -> QuerySet[Official]:
    """Return all officials, for rooms above to narrow by what they know of them."""
    return Official.objects.all()


def enterprises() -> QuerySet[Enterprise]:
    """Return all enterprises, for rooms above to narrow by what they know of them."""
    return Enterprise.objects.all()


def official_by_id(official_id: UUID) -> Official:
    """Return an official; raises NotFound."""
    official = Official.objects.filter(id=official_id).first()
    if official is None:
        raise NotFound
    return official


def official_names(official_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return id → name for a page that shows many, in one query."""
    return dict(Official.objects.filter(id__in=set(official_ids)).values_list("id", "name"))


def official_by_staff_number(staff_number: str) -> Official | None:
    """Return the official of a staff number."""
    return Official.objects.filter(staff_number=staff_number).first()
