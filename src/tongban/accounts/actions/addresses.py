"""Phones and e-mail addresses: given, shown to be theirs by a code, changed."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.accounts import rules
from tongban.accounts.actions.counting import Bound, count_try
from tongban.accounts.errors import AddressTaken, CodeWrong, LastWayIn, NoCarrier
from tongban.accounts.events import AddressChanged, AddressVerified
from tongban.accounts.kinds import carriers
from tongban.accounts.models import Account, VerificationCode
from tongban.accounts.rules import Channel
from tongban.base import crypto
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, SignInNeeded
from tongban.base.identifiers import WrongIdentifier, mobile_number
from tongban.ledger.actions import record

CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 5
AT_ONCE = Bound("code.at_once", most=1, seconds=30)
IN_AN_HOUR = Bound("code.hour", most=6, seconds=3600)
COLUMNS: dict[Channel, str] = {"sms": "phone", "email": "email"}


def cleaned_address(channel: Channel, typed: str, *, field: str) -> str:
    """Return the normal form of an address; raises Invalid with the sentence beside `field`."""
    try:
        return mobile_number(typed) if channel == "sms" else rules.email_address(typed)
    except WrongIdentifier as wrong:
        raise Invalid({field: [wrong.words]}) from wrong


def send_code(*, actor: Actor, channel: Channel, now: datetime) -> str:
    """Send a code to the actor's own address that is not verified yet. Returns the address, masked.

    Raises TooMany (one in 30 seconds, six an hour), NoCarrier.
    """
    account = own_account(actor)
    address: str = getattr(account, COLUMNS[channel])
    if not address:
        raise Invalid({COLUMNS[channel]: [_("Please give an address first.")]})
    bound_sending(address, now)
    own = f"{account.id} {address}"
    with transaction.atomic():
        _void_codes(VerificationCode.Use.CHANGE, own, now)
        _asked, code = new_code(use=VerificationCode.Use.CHANGE, address=own, now=now)
        carry_code(channel=channel, address=address, code=code, language=account.language, now=now)
    return rules.masked_address(channel, address)


def verify_address(*, actor: Actor, channel: Channel, code: str, now: datetime) -> None:
    """Take the code as proof that the address is the actor's. Raises CodeWrong, AddressTaken."""
    account = own_account(actor)
    address: str = getattr(account, COLUMNS[channel])
    use_code(use=VerificationCode.Use.CHANGE, address=f"{account.id} {address}", typed=code, now=now)
    with transaction.atomic():
        mark_verified(account=account, channel=channel, now=now)
        record(AddressVerified(subject_id=account.id, channel=channel, way="code"), actor=actor, now=now)


def change_address(*, actor: Actor, channel: Channel, address: str, now: datetime) -> None:
    """Give, change or (empty) take out an address; a changed one has to be verified. Raises Invalid, LastWayIn."""
    field = COLUMNS[channel]
    clean = cleaned_address(channel, address, field=field) if address.strip() else ""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=own_account(actor).id)
        if getattr(account, field) == clean:
            return
        if not clean and not (account.email if channel == "sms" else account.phone):
            raise LastWayIn
        setattr(account, field, clean)
        setattr(account, f"{field}_verified_at", None)
        account.save(update_fields=[field, f"{field}_verified_at"])
        record(AddressChanged(subject_id=account.id, channel=channel), actor=actor, now=now)


@transaction.atomic
def vouch_for_addresses(*, actor: Actor, account_id: UUID, now: datetime) -> None:
    """Take an account's addresses as verified: an official has seen the person, or the system loads known people."""
    if not (actor.has_role("window") or actor.kind == "system"):
        raise Forbidden
    account = Account.objects.select_for_update().get(id=account_id)
    for channel, field in COLUMNS.items():
        if getattr(account, field) and getattr(account, f"{field}_verified_at") is None:
            mark_verified(account=account, channel=channel, now=now)
            record(AddressVerified(subject_id=account.id, channel=channel, way="seen"), actor=actor, now=now)


def forget_old_codes(*, now: datetime) -> int:
    """Take out codes that ran out more than a day ago; returns how many."""
    return VerificationCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def own_account(actor: Actor) -> Account:
    """Return the actor's account; raises SignInNeeded."""
    account = Account.objects.filter(id=actor.account_id, is_active=True).first() if actor.account_id else None
    if account is None:
        raise SignInNeeded
    return account


def mark_verified(*, account: Account, channel: Channel, now: datetime) -> None:
    """Write that the address is the account's; raises AddressTaken when another was first."""
    field = f"{COLUMNS[channel]}_verified_at"
    setattr(account, field, now)
    try:
        with transaction.atomic():
            account.save(update_fields=[field])
    except IntegrityError as clash:
        setattr(account, field, None)
        raise AddressTaken from clash


def bound_sending(address: str, now: datetime) -> None:
    """Count a code to be sent; raises TooMany."""
    words = _("A code was sent a moment ago. Please wait a little before you ask for another.")
    count_try(AT_ONCE, address, now=now, words=words)
    count_try(IN_AN_HOUR, address, now=now, words=words)


def address_index(use: str, address: str) -> bytes:
    """Return the index under which codes for an address are found."""
    return crypto.index(address, context=f"accounts.code.{use}")


def _address_indexes(use: str, address: str) -> list[bytes]:
    return list(crypto.indexes(address, context=f"accounts.code.{use}").values())


def _code_index(row: VerificationCode, code: str) -> bytes:
    return crypto.index(code, context=f"accounts.code.{row.id}")


def _void_codes(use: str, address: str, now: datetime) -> None:
    indexes = _address_indexes(use, address)
    VerificationCode.objects.filter(address_index__in=indexes, use=use, used_at__isnull=True).update(used_at=now)


def new_code(*, use: str, address: str, now: datetime) -> tuple[UUID, str]:
    """Make a code of six digits and keep only its keyed index.

    Returns with it what the browser that asked keeps, so that the code is good there alone.
    """
    index = address_index(use, address)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    row = VerificationCode(use=use, address_index=index, created_at=now, expires_at=now + CODE_LIVES)
    row.code_index = _code_index(row, code)
    row.save(force_insert=True)
    return row.id, code


def use_code(*, use: str, address: str, typed: str, now: datetime, asked: UUID | None = None) -> None:
    """Use up a code; raises CodeWrong when it does not fit, is too old, was used or was tried five times.

    `asked` is what `new_code` gave to the browser that asked: another one's code is not even tried.

    The try is counted in a transaction of its own, so that a refusal does not undo it.
    """
    with transaction.atomic():
        row = (
            VerificationCode.objects.select_for_update()
            .filter(use=use, address_index__in=_address_indexes(use, address), used_at__isnull=True, expires_at__gt=now)
            .filter(**{} if asked is None else {"id": asked})
            .order_by("-created_at")
            .first()
        )
        right = row is not None and row.tries < MOST_TRIES and _fits(row, typed)
        if row is not None:
            VerificationCode.objects.filter(id=row.id).update(
                tries=F("tries") + 1, used_at=now if right else row.used_at
            )
    if not right:
        raise CodeWrong


def _fits(row: VerificationCode, typed: str) -> bool:
    known = crypto.indexes(rules.code_typed(typed), context=f"accounts.code.{row.id}").values()
    return any(secrets.compare_digest(bytes(row.code_index), one) for one in known)


def carry_code(*, channel: Channel, address: str, code: str, language: str, now: datetime) -> None:
    """Hand a code to the post office; raises NoCarrier when there is none."""
    registered = carriers.values()
    if not registered:
        raise NoCarrier
    with translation.override(language):
        subject = _("Your code: {code}").format(code=code)
        body = _(
            "Your code is {code}. It is good for 10 minutes. Nobody from an office will ever ask you for it. If you "
            "did not want a code, you need not do anything."
        ).format(code=code)
    registered[0](channel=channel, address=address, subject=subject, body=body, now=now)
