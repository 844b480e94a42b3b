"""A resident opens an account with a declared real name."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries, rules
from tongban.accounts.actions.addresses import cleaned_address
from tongban.accounts.actions.consents import write_consent
from tongban.accounts.actions.persons import cleaned_identity, new_person
from tongban.accounts.errors import (
    IdentityAtWindow,
    IdentityHeldByGuardian,
    IdentityTaken,
    NameDiffers,
    TooYoung,
    UsernameTaken,
)
from tongban.accounts.events import AccountOpened, PersonRegistered
from tongban.accounts.models import Account, Consent, Person
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Invalid
from tongban.base.identifiers import WrongIdentifier
from tongban.base.ids import new_code
from tongban.ledger.actions import record


def sign_up(
    *,
    name: str,
    identity_kind: str,
    identity_number: str,
    password: str,
    consents: Collection[str],
    now: datetime,
    phone: str = "",
    email: str = "",
    username: str = "",
    language: str = "zh-hans",
) -> Account:
    """Open an account. `consents` holds what is agreed to; the privacy notice must be among it.

    Without `username` a name is made up; phone and e-mail serve to sign in. Addresses are claims until verified.
    Raises Invalid (fields), IdentityTaken, IdentityAtWindow, IdentityHeldByGuardian, NameDiffers, UsernameTaken.
    """
    name, number = cleaned_identity(
        name=name, identity_kind=identity_kind, identity_number=identity_number, today=office_date(now)
    )
    account = Account(
        username=_username(username),
        phone=cleaned_address("sms", phone, field="phone") if phone else "",
        email=cleaned_address("email", email, field="email") if email else "",
        language=language,
        created_at=now,
    )
    _check(account, password, consents)
    account.set_password(password)  # slow on purpose, hence before the transaction
    try:
        with transaction.atomic():
            _open(account, name, identity_kind, number, consents, now)
    except IntegrityError as clash:
        if Account.objects.filter(username=account.username).exists():
            raise UsernameTaken from clash
        raise IdentityTaken from clash
    return account


def _username(typed: str) -> str:
    if not typed:
        return f"u{new_code(9).lower()}"
    try:
        return rules.username(typed)
    except WrongIdentifier as wrong:
        raise Invalid({"username": [wrong.words]}) from wrong


def _check(account: Account, password: str, consents: Collection[str]) -> None:
    wrong: dict[str, list[str]] = {}
    if not account.phone and not account.email:
        wrong["phone"] = [
            _("Please give a mobile number or an e-mail address: with it you get back into your account.")
        ]
    if Consent.Matter.PRIVACY_NOTICE not in consents:
        wrong["privacy_notice"] = [
            _("Please read the privacy notice and agree to it; without it we may not keep your data.")
        ]
    try:
        validate_password(password, account)
    except ValidationError as weak:
        wrong["password"] = list(weak.messages)
    if wrong:
        raise Invalid(wrong)


def _open(account: Account, name: str, kind: str, number: str, consents: Collection[str], now: datetime) -> None:
    person = _joined_person(name, kind, number)
    account.save(force_insert=True)
    is_new = person is None
    if person is None:
        person = new_person(
            name=name, identity_kind=kind, identity_number=number, phone=account.phone,
            assurance=Person.Assurance.DECLARED, now=now,
        )  # fmt: skip
    _check_age(person, now)
    person.account = account
    person.save(update_fields=["account"])
    actor = Actor(kind="resident", account_id=account.id, person_id=person.id)
    if is_new:
        record(PersonRegistered(subject_id=person.id, assurance=person.assurance), actor=actor, now=now)
    record(AccountOpened(subject_id=account.id, person_id=person.id, way="online"), actor=actor, now=now)
    for matter in consents:
        write_consent(actor=actor, account_id=account.id, matter=matter, now=now)


def _joined_person(name: str, kind: str, number: str) -> Person | None:
    """Return the person known before whom this account may join, None when nobody is known; else refuse.

    What others entrusted to an office under this number must not fall to whoever knows the number: a person seen at a
    window joins at a window, a ward when the guardian has let go.
    """
    person = (
        Person.objects.select_for_update()
        .filter(identity_kind=kind, identity_index=queries.identity_index(kind, number))
        .first()
    )
    if person is None:
        return None
    if person.account_id is not None:
        raise IdentityTaken
    if person.assurance == Person.Assurance.SEEN:
        raise IdentityAtWindow
    if person.guardians_held.filter(ended_at__isnull=True).exists():
        raise IdentityHeldByGuardian
    if not rules.same_name(person.name, name):
        raise NameDiffers
    return person


def _check_age(person: Person, now: datetime) -> None:
    if person.birth_date and rules.age_on(office_date(now), person.birth_date) < rules.OWN_ACCOUNT_AGE:
        raise TooYoung(
            {
                "identity_number": [
                    _(
                        "Children under 14 have no account of their own: a parent or guardian signs up and then adds "
                        "the child under “Children and wards”."
                    )
                ]
            }
        )
