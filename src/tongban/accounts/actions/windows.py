"""What a window does for somebody's account, with the identity paper in hand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries
from tongban.accounts.actions.addresses import COLUMNS, cleaned_address, mark_verified
from tongban.accounts.events import AccountOpened, AddressVerified
from tongban.accounts.models import Account, Person
from tongban.accounts.rules import Channel
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid
from tongban.base.ids import new_code
from tongban.ledger.actions import record


def open_account_at_window(
    *, actor: Actor, person_id: UUID, now: datetime, phone: str = "", email: str = ""
) -> Account:
    """Give a person whose paper was seen an account, or their account a new address, by which they set a password.

    This is the way out when a phone is lost or somebody else used the number: the addresses given replace the old
    ones, the password is void, open sessions end. From then on whoever signs in is that person (`Person.is_proven`).
    Raises Forbidden, Invalid, AddressTaken.
    """
    if not actor.has_role("window"):
        raise Forbidden
    given: dict[Channel, str] = {}
    if phone.strip():
        given["sms"] = cleaned_address("sms", phone, field="phone")
    if email.strip():
        given["email"] = cleaned_address("email", email, field="email")
    if not given:
        raise Invalid({"phone": [_("Please give a mobile number or an e-mail address.")]})
    with transaction.atomic():
        person = Person.objects.select_for_update().get(id=queries.person_by_id(person_id).id)
        if person.assurance != Person.Assurance.SEEN:
            raise Forbidden
        account = _account(actor, person, now)
        _give(person, now)
        _replace_addresses(actor, account, given, now)
    return account


def _account(actor: Actor, person: Person, now: datetime) -> Account:
    if person.account_id is not None:
        account = Account.objects.select_for_update().get(id=person.account_id)
    else:
        account = Account(username=f"u{new_code(9).lower()}", created_at=now)
        account.set_unusable_password()
        account.save(force_insert=True)
        person.account = account
        person.save(update_fields=["account"])
        record(AccountOpened(subject_id=account.id, person_id=person.id, way="window"), actor=actor, now=now)
    return account


@transaction.atomic
def vouch_for_holder(*, actor: Actor, person_id: UUID, now: datetime) -> None:
    """Take a known person's account as theirs: the system loads people of whom that is known. Raises Forbidden."""
    person = Person.objects.select_for_update().get(id=queries.person_by_id(person_id).id)
    if actor.kind != "system" or person.account_id is None or person.assurance != Person.Assurance.SEEN:
        raise Forbidden
    _give(person, now)


def _give(person: Person, now: datetime) -> None:
    if person.account_given_at is None:
        person.account_given_at = now
        person.save(update_fields=["account_given_at"])


def _replace_addresses(actor: Actor, account: Account, given: dict[Channel, str], now: datetime) -> None:
    account.set_unusable_password()
    account.phone, account.phone_verified_at = "", None
    account.email, account.email_verified_at = "", None
    for channel, address in given.items():
        setattr(account, COLUMNS[channel], address)
    account.save()
    for channel in given:
        mark_verified(account=account, channel=channel, now=now)
        record(AddressVerified(subject_id=account.id, channel=channel, way="seen"), actor=actor, now=now)
