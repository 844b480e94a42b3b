"""A second factor: codes of an authenticator app (TOTP, RFC 6238), kept sealed by allauth.mfa, and recovery codes."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import queries, rules
from tongban.accounts.actions.addresses import own_account
from tongban.accounts.actions.counting import Bound, count_try, forgive
from tongban.accounts.actions.recovery_codes import make_recovery_codes, take_recovery_code
from tongban.accounts.actions.sessions import void_sessions
from tongban.accounts.errors import CodeWrong, SecondFactorStays
from tongban.accounts.events import (
    RecoveryCodesMade,
    SecondFactorAdded,
    SecondFactorMoved,
    SecondFactorRemoved,
    SecondFactorReset,
)
from tongban.accounts.models import Account, Official, Person
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, NotFound, TooMany
from tongban.ledger.actions import record

TRYING = Bound("second_factor.try", most=6, seconds=300)
USED_ONCE = Bound("second_factor.code", most=1, seconds=3600)
"""A code seen over somebody's shoulder is worth nothing: each is taken once by all processes together."""


def check_second_factor(*, account: Account, code: str, now: datetime) -> Literal["second_factor", "recovery_code"]:
    """Take a code of the app or a recovery code, and say which it was. Raises CodeWrong, TooMany (six in 5 minutes)."""
    count_try(TRYING, str(account.id), now=now)
    typed = rules.code_typed(code)
    totp = Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.TOTP).first()
    if totp is not None and totp.wrap().validate_code(typed) and _first_use(account, typed, now):
        forgive(TRYING, str(account.id), now=now)
        return "second_factor"
    if totp is not None and take_recovery_code(account, typed):
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
    account = _with_code(actor, secret, code, now)
    try:
        with transaction.atomic():
            TOTP.activate(account, secret)
            codes = make_recovery_codes(account)
            record(SecondFactorAdded(subject_id=account.id), actor=actor, now=now)
            void_sessions(account=account, actor=actor, now=now)
    except IntegrityError as clash:
        raise Invalid({"code": [_("An authenticator app is set up already.")]}) from clash
    return codes


def move_second_factor(*, actor: Actor, secret: str, code: str, now: datetime) -> list[str]:
    """Ask for codes of another app from now on, and return new recovery codes. Raises NotFound without an app."""
    account = _with_code(actor, secret, code, now)
    with transaction.atomic():
        if not Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.TOTP).delete()[0]:
            raise NotFound
        TOTP.activate(account, secret)
        codes = make_recovery_codes(account)
        record(SecondFactorMoved(subject_id=account.id), actor=actor, now=now)
        void_sessions(account=account, actor=actor, now=now)
    return codes


def _with_code(actor: Actor, secret: str, code: str, now: datetime) -> Account:
    account = own_account(actor)
    count_try(TRYING, str(account.id), now=now)
    if not validate_totp_code(secret, rules.code_typed(code)) or not _first_use(account, rules.code_typed(code), now):
        raise CodeWrong
    return account


def new_recovery_codes(*, actor: Actor, password: str, now: datetime) -> list[str]:
    """Void the recovery codes and return new ones; the password is asked for again."""
    account = _with_password(actor, password, now)
    with transaction.atomic():
        codes = make_recovery_codes(account)
        record(RecoveryCodesMade(subject_id=account.id), actor=actor, now=now)
    return codes


def remove_second_factor(*, actor: Actor, password: str, now: datetime) -> None:
    """Stop asking for codes; the password is asked for again. Raises Invalid, TooMany, SecondFactorStays."""
    account = _with_password(actor, password, now)
    if queries.must_have_second_factor(account):
        raise SecondFactorStays
    with transaction.atomic():
        if _taken_out(account):
            record(SecondFactorRemoved(subject_id=account.id), actor=actor, now=now)
            void_sessions(account=account, actor=actor, now=now)


def reset_second_factor(*, actor: Actor, account_id: UUID, now: datetime) -> None:
    """Take out the lost app of somebody who has shown who they are; open sessions end.

    Whoever must have one sets up another at the next sign-in.

    A window does so for a resident whose identity paper was seen there, an operator for an official, the system for
    anybody. Raises Forbidden, and NotFound for an account without a second factor.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(id=account_id).first()
        if account is None or not _may_reset(actor, account):
            raise Forbidden
        if not _taken_out(account):
            raise NotFound
        record(SecondFactorReset(subject_id=account.id), actor=actor, now=now)
        void_sessions(account=account, actor=actor, now=now)


def _may_reset(actor: Actor, account: Account) -> bool:
    if actor.kind == "system":
        return True
    if actor.account_id == account.id:
        return False
    if Official.objects.filter(account=account).exists():
        return actor.has_role("operator")
    seen = Person.objects.filter(account=account, assurance=Person.Assurance.SEEN)
    return actor.has_role("window") and seen.exists()


def _taken_out(account: Account) -> bool:
    """Take out app and recovery codes; returns whether there was an app."""
    held = queries.has_second_factor(account.id)
    Authenticator.objects.filter(user_id=account.id).delete()
    return held


def _with_password(actor: Actor, password: str, now: datetime) -> Account:
    account = own_account(actor)
    count_try(TRYING, str(account.id), now=now)
    if not account.check_password(password):
        raise Invalid({"password": [_("This is not your password.")]})
    return account
