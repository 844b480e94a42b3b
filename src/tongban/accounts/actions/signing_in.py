"""Signing in: a name, a password, and who is counted."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import queries, rules
from tongban.accounts.actions.counting import Bound, count_try, forgive
from tongban.accounts.errors import SignInRefused
from tongban.accounts.events import SignedIn
from tongban.accounts.models import Account
from tongban.base.errors import NotFound
from tongban.ledger.actions import record

FROM_ONE_PLACE = Bound("sign_in.name_and_place", most=10, seconds=600)
FROM_ANYWHERE = Bound("sign_in.name", most=60, seconds=600)
ONE_PLACE = Bound("sign_in.place", most=200, seconds=600)
MOST_CLAIMS = 5
"""So many accounts that only claim the same address are tried, those that have verified it first, then the oldest."""


def check_password(*, name: str, password: str, place: str, now: datetime) -> Account:
    """Return the account of a sign-in name, phone or e-mail address and a password.

    `place` is the network address asked from. Raises SignInRefused, alike for an unknown name and a wrong password, and
    as slowly; TooMany after ten wrong tries in ten minutes from one place.
    """
    kind, clean = rules.sign_in_name(name)
    here = f"{clean}\x00{place}"
    count_try(ONE_PLACE, place, now=now)
    count_try(FROM_ANYWHERE, clean, now=now)
    count_try(FROM_ONE_PLACE, here, now=now)
    found = queries.accounts_by_sign_in_name(kind, clean)[:MOST_CLAIMS]
    for account in found:
        if account.check_password(password):
            forgive(FROM_ONE_PLACE, here, now=now)
            forgive(FROM_ANYWHERE, clean, now=now)
            return account
    if not found:
        make_password(password)  # as slow as a wrong password, so that time does not tell
    raise SignInRefused


def demo_account(*, username: str) -> Account:
    """Return an invented person's account, in the demo only; raises NotFound."""
    if not settings.TONGBAN_DEMO or not username.startswith(rules.DEMO_PREFIX):
        raise NotFound
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise NotFound
    return account


@transaction.atomic
def record_sign_in(*, account: Account, way: str, now: datetime) -> None:
    """Write down that somebody signed in."""
    record(SignedIn(subject_id=account.id, way=way), actor=queries.actor_by_account(account.id), now=now)
