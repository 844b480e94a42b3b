"""Officials and their accounts. What they may do depends on the posts they hold (room organisations)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import rules
from tongban.accounts.actions.addresses import cleaned_address
from tongban.accounts.actions.passwords import set_password
from tongban.accounts.errors import UsernameTaken
from tongban.accounts.events import AddressVerified, OfficialCreated
from tongban.accounts.models import Account, Official
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.base.identifiers import WrongIdentifier
from tongban.ledger.actions import record


def create_official(
    *,
    actor: Actor,
    name: str,
    staff_number: str,
    username: str,
    now: datetime,
    password: str = "",
    email: str = "",
    phone: str = "",
    language: str = "zh-hans",
) -> Official:
    """Create an official with an account. Addresses come from the personnel office, hence count as verified.

    Without a password the official sets one by a code to their address. Raises Forbidden, Invalid, UsernameTaken.
    """
    if not (actor.kind == "system" or actor.has_role("operator")):
        raise Forbidden
    account = Account(username=_username(username), language=language, created_at=now)
    if email:
        account.email, account.email_verified_at = cleaned_address("email", email, field="email"), now
    if phone:
        account.phone, account.phone_verified_at = cleaned_address("sms", phone, field="phone"), now
    if password:
        set_password(account=account, password=password, field="password")
    else:
        account.set_unusable_password()
    return _write(actor, account, _name(name), staff_number.strip(), now)


def _username(typed: str) -> str:
    try:
        return rules.username(typed)
    except WrongIdentifier as wrong:
        raise Invalid({"username": [wrong.words]}) from wrong


def _name(typed: str) -> str:
    try:
        return rules.person_name(typed)
    except rules.WrongName as wrong:
        raise Invalid({"name": [wrong.words]}) from wrong


def _write(actor: Actor, account: Account, name: str, staff_number: str, now: datetime) -> Official:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            official = Official.objects.create(account=account, name=name, staff_number=staff_number)
            record(OfficialCreated(subject_id=account.id, official_id=official.id), actor=actor, now=now)
            for channel, verified in (("sms", account.phone_verified_at), ("email", account.email_verified_at)):
                if verified:
                    record(AddressVerified(subject_id=account.id, channel=channel, way="seen"), actor=actor, now=now)
    except IntegrityError as clash:
        if Account.objects.filter(username=account.username).exists():
            raise UsernameTaken from clash
        raise Invalid(
            {"staff_number": [_("This staff number, phone or e-mail address belongs to another account.")]}
        ) from clash
    return official


@transaction.atomic
def end_official(*, actor: Actor, official_id: UUID, now: datetime) -> None:
    """An official leaves: the account is closed at once, also for open sessions. Raises Forbidden, NotFound."""
    if not (actor.kind == "system" or actor.has_role("operator")):
        raise Forbidden
    official = Official.objects.select_for_update().filter(id=official_id, ended_at__isnull=True).first()
    if official is None:
        raise NotFound
    official.ended_at = now
    official.save(update_fields=["ended_at"])
    Account.objects.filter(id=official.account_id).update(is_active=False)
