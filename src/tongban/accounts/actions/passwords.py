"""Passwords: changed by their owner, or set anew by a code to a verified address."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries, rules
from tongban.accounts.actions.addresses import COLUMNS, bound_sending, carry_code, new_code, own_account, use_code
from tongban.accounts.actions.counting import Bound, count_try
from tongban.accounts.errors import CodeWrong
from tongban.accounts.events import PasswordChanged
from tongban.accounts.models import Account, VerificationCode
from tongban.accounts.rules import Channel
from tongban.base.actor import Actor
from tongban.base.errors import Invalid
from tongban.ledger.actions import record

CHANGING = Bound("password.change", most=10, seconds=600)


def change_password(*, actor: Actor, present: str, password: str, now: datetime) -> Account:
    """Change the password, knowing the present one. All other sessions end. Raises Invalid, TooMany."""
    account = own_account(actor)
    count_try(CHANGING, str(account.id), now=now)
    if not account.check_password(present):
        raise Invalid({"present": [_("This is not your present password.")]})
    set_password(account=account, password=password, field="password")
    with transaction.atomic():
        account.save(update_fields=["password"])
        record(PasswordChanged(subject_id=account.id, way="by_owner"), actor=actor, now=now)
    return account


def send_recovery_code(*, address: str, now: datetime) -> tuple[str, UUID]:
    """Send a code for a new password to an address, if an account has verified it.

    Answers and works alike whether it is somebody's or not: a code is made either way, only nobody is written to.
    Returns the normal form of the address, and what the browser that asked keeps: the code is good there alone.
    Raises Invalid for what is no address, TooMany.
    """
    channel, clean = _address(address)
    bound_sending(f"recover:{clean}", now)
    account = queries.account_by_verified_address(channel, clean)
    with transaction.atomic():
        asked, code = new_code(use=VerificationCode.Use.RECOVER, address=clean, now=now)
        if account is not None:
            carry_code(channel=channel, address=clean, code=code, language=account.language, now=now)
    return clean, asked


def recover(*, address: str, asked: UUID, code: str, password: str, now: datetime) -> Account:
    """Set a new password with the code. Sessions end everywhere; a second factor stays. Raises Invalid, CodeWrong.

    A password that is too weak does not use up the code.
    """
    channel, clean = _address(address)
    account = queries.account_by_verified_address(channel, clean)
    # judged by what is known without the account, so that what is said tells nothing of it
    set_password(account=Account(**{COLUMNS[channel]: clean}), password=password, field="password")
    use_code(use=VerificationCode.Use.RECOVER, address=clean, typed=code, asked=asked, now=now)
    if account is None:
        raise CodeWrong
    account.set_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])
        actor = queries.actor_by_account(account.id)
        record(PasswordChanged(subject_id=account.id, way="by_recovery"), actor=actor, now=now)
    return account


def _address(typed: str) -> tuple[Channel, str]:
    kind, clean = rules.sign_in_name(typed)
    if kind == "username":
        raise Invalid({"address": [_("Please give the mobile number or the e-mail address of your account.")]})
    return kind, clean


def set_password(*, account: Account, password: str, field: str) -> None:
    """Set a good password on the object; raises Invalid with the reasons beside `field`."""
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Invalid({field: list(weak.messages)}) from weak
    account.set_password(password)
