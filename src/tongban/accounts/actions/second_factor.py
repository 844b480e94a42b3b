"""A second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes, kept by allauth.mfa."""

from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries, rules
from tongban.accounts.actions.addresses import own_account
from tongban.accounts.actions.counting import Bound, count_try, forgive
from tongban.accounts.actions.sessions import void_sessions
from tongban.accounts.errors import CodeWrong
from tongban.accounts.events import SecondFactorAdded, SecondFactorRemoved
from tongban.accounts.models import Account
from tongban.base.actor import Actor
from tongban.base.errors import Invalid, TooMany
from tongban.ledger.actions import record

TRYING = Bound("second_factor.try", most=6, seconds=300)
USED_ONCE = Bound("second_factor.code", most=1, seconds=3600)
"""A code seen over somebody's shoulder is worth nothing: each is taken once by all processes together."""


def check_second_factor(*, account: Account, code: str, now: datetime) -> Literal["second_factor", "recovery_code"]:
    """Take a code of the app or a recovery code, and say which it was. Raises CodeWrong, TooMany (six in 5 minutes)."""
    count_try(TRYING, str(account.id), now=now)
    typed = rules.code_typed(code)
    held = {row.type: row for row in Authenticator.objects.filter(user_id=account.id)}
    totp, spare = held.get("totp"), held.get("recovery_codes")
    if totp is not None and totp.wrap().validate_code(typed) and _first_use(account, typed, now):
        forgive(TRYING, str(account.id), now=now)
        return "second_factor"
    if spare is not None and spare.wrap().validate_code(typed):
        forgive(TRYING, str(account.id), now=now)
        return "recovery_code"
    raise CodeWrong


def _first_use(account: Account, code: str, now: datetime) -> bool:
    try:
        count_try(USED_ONCE, f"{account.id}\x00{code}", now=now)
    except TooMany:
        return False
    return True


def add_second_factor(*, actor: Actor, secret: str, code: str, now: datetime) -> list[str]:
    """Begin to ask for codes of the app that holds `secret`, once a code of it fits. Returns the recovery codes."""
    account = own_account(actor)
    count_try(TRYING, str(account.id), now=now)
    if not validate_totp_code(secret, rules.code_typed(code)):
        raise CodeWrong
    try:
        with transaction.atomic():
            TOTP.activate(account, secret)
            codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
            record(SecondFactorAdded(subject_id=account.id), actor=actor, now=now)
            void_sessions(account=account, actor=actor, now=now)
    except IntegrityError as clash:
        raise Invalid({"code": [_("An authenticator app is set up already.")]}) from clash
    return codes


def new_recovery_codes(*, actor: Actor, password: str, now: datetime) -> list[str]:
    """Void the recovery codes and return new ones; the password is asked for again."""
    account = _with_password(actor, password, now)
    with transaction.atomic():
        Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    return codes


def remove_second_factor(*, actor: Actor, password: str, now: datetime) -> None:
    """Stop asking for codes; the password is asked for again. Raises Invalid, TooMany."""
    account = _with_password(actor, password, now)
    with transaction.atomic():
        if queries.has_second_factor(account.id):
            Authenticator.objects.filter(user_id=account.id).delete()
            record(SecondFactorRemoved(subject_id=account.id), actor=actor, now=now)
            void_sessions(account=account, actor=actor, now=now)


def _with_password(actor: Actor, password: str, now: datetime) -> Account:
    account = own_account(actor)
    count_try(TRYING, str(account.id), now=now)
    if not account.check_password(password):
        raise Invalid({"password": [_("This is not your password.")]})
    return account
