"""A resident opens an account with a declared real name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts import queries, rules
from tongban.accounts.actions.addresses import cleaned_address
from tongban.accounts.actions.consents import write_consent
from tongban.accounts.actions.counting import Bound, count_try
from tongban.accounts.actions.persons import CARD_LIKE, cleaned_identity, new_person
from tongban.accounts.errors import (
    IdentityAtWindow,
    IdentityHeldByGuardian,
    IdentityTaken,
    NameDiffers,
    UsernameTaken,
)
from tongban.accounts.events import AccountOpened, PersonRegistered
from tongban.accounts.models import Account, Consent, Person
from tongban.base import identifiers
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import Invalid, Words
from tongban.base.identifiers import WrongIdentifier
from tongban.base.ids import new_code
from tongban.ledger.actions import record

PRIVACY_NEEDED = gettext_lazy("Please read the privacy notice and agree to it; without it we may not keep your data.")
CHILDREN = gettext_lazy(
    "Children under 14 have no account of their own: a parent or guardian signs up and then adds the child under "
    "“Children and wards”."
)
FROM_ONE_PLACE = Bound("sign_up.place", most=500, seconds=86_400)
"""Generous: a whole office, school or village may stand behind one network address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What somebody declares to open an account, in normal forms, and what is wrong with it."""

    account: Account
    name: str
    number: str
    wrong: dict[str, list[Words]]


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
    place: str = "",
) -> Account:
    """Open an account. `consents` holds what is agreed to; the privacy notice must be among it.

    Without `username` a name is made up; phone and e-mail serve to sign in. Addresses are claims until verified.
    `place` is the network address asked from: so many accounts a day may be opened from one. Raises Invalid (fields),
    IdentityTaken, IdentityAtWindow, IdentityHeldByGuardian, NameDiffers, UsernameTaken, TooMany.
    """
    declared = declare(
        name=name, identity_kind=identity_kind, identity_number=identity_number, password=password, consents=consents,
        now=now, phone=phone, email=email, username=username, language=language,
    )  # fmt: skip
    if declared.wrong:
        raise Invalid(declared.wrong)
    if place:
        count_try(FROM_ONE_PLACE, place, now=now)
    account = declared.account
    account.set_password(password)  # slow on purpose, hence before the transaction
    try:
        with transaction.atomic():
            _open(account, declared.name, identity_kind, declared.number, consents, now)
    except IntegrityError as clash:
        if Account.objects.filter(username=account.username).exists():
            raise UsernameTaken from clash
        raise IdentityTaken from clash
    return account


def declare(
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
) -> Declared:
    """Read what is declared and say all that is wrong with it at once. Writes nothing."""
    wrong: dict[str, list[Words]] = {}
    today = office_date(now)
    identity = _part(
        wrong, cleaned_identity, name=name, identity_kind=identity_kind, identity_number=identity_number, today=today
    )
    account = Account(
        username=(_part(wrong, _username, typed=username) if username else None) or f"u{new_code(9).lower()}",
        phone=(_part(wrong, cleaned_address, channel="sms", typed=phone, field="phone") if phone else None) or "",
        email=(_part(wrong, cleaned_address, channel="email", typed=email, field="email") if email else None) or "",
        language=language,
        created_at=now,
    )
    if not phone and not email:
        wrong["phone"] = [
            _("Please give a mobile number or an e-mail address: with it you get back into your account.")
        ]
    if Consent.Matter.PRIVACY_NOTICE not in consents:
        wrong["privacy_notice"] = [PRIVACY_NEEDED]
    try:
        validate_password(password, account)
    except ValidationError as weak:
        wrong["password"] = list(weak.messages)
    if identity is not None and _too_young(identity_kind, identity[1], today):
        wrong["identity_number"] = [CHILDREN]
    clean_name, number = identity or ("", "")
    return Declared(account=account, name=clean_name, number=number, wrong=wrong)


Part = TypeVar("Part")


def _part(wrong: dict[str, list[Words]], clean: Callable[..., Part], **typed: object) -> Part | None:
    """Return the normal form of a part, or note what is wrong with it and return None."""
    try:
        return clean(**typed)
    except Invalid as refusal:
        for field, sentences in refusal.fields.items():
            wrong.setdefault(field, []).extend(sentences)
    return None


def _username(typed: str) -> str:
    try:
        return rules.username(typed)
    except WrongIdentifier as refusal:
        raise Invalid({"username": [refusal.words]}) from refusal


def _too_young(kind: str, number: str, today: date) -> bool:
    return kind in CARD_LIKE and rules.age_on(today, identifiers.birth_date(number)) < rules.OWN_ACCOUNT_AGE


def _open(account: Account, name: str, kind: str, number: str, consents: Collection[str], now: datetime) -> None:
    person = _joined_person(name, kind, number)
    account.save(force_insert=True)
    is_new = person is None
    if person is None:
        person = new_person(
            name=name, identity_kind=kind, identity_number=number, phone=account.phone,
            assurance=Person.Assurance.DECLARED, now=now,
        )  # fmt: skip
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
    person = Person.objects.select_for_update().filter(queries.of_identity(kind, number)).first()
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
