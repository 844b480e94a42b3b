"""Signing in: a name, a password, and who is counted."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import queries, rules
from tongban.accounts.actions.counting import Bound, count_try, forgive, index_of
from tongban.accounts.errors import SignInRefused
from tongban.accounts.events import SignedIn
from tongban.accounts.models import Account
from tongban.base.errors import NotFound
from tongban.ledger.actions import record

FROM_ONE_PLACE = Bound("sign_in.name_and_place", most=10, seconds=600)
FROM_ANYWHERE = Bound("sign_in.name", most=60, seconds=600)
FROM_KNOWN = Bound("sign_in.browser", most=10, seconds=600)
"""How often requests come from one network address is limited before they reach us (`accounts.web.limits`)."""
logger = logging.getLogger("tongban.accounts")
MOST_CLAIMS = 5
"""So many accounts that only claim the same address are tried, those that have verified it first, then the oldest."""


def check_password(
    *, name: str, password: str, place: str, now: datetime, browser: str = "", known: Collection[UUID] = ()
) -> Account:
    """Return the account of a sign-in name, phone or e-mail address and a password.

    `place` is the network address asked from; `browser` names the browser, if the accounts `known` have been signed
    in to from it before. Raises SignInRefused, alike for an unknown name and a wrong password, and as slowly; TooMany
    after ten wrong tries in ten minutes from one place. Such a browser is counted by itself: strangers who use up
    the tries of a name shut nobody out who has been here before.
    """
    kind, clean = rules.sign_in_name(name)
    found = queries.accounts_by_sign_in_name(kind, clean)[:MOST_CLAIMS]
    is_known = bool(browser) and any(account.id in known for account in found)
    own = f"{browser}\x00{clean}"  # by name: whoever comes in to one account there is not forgiven for the others
    counts = [(FROM_KNOWN, own)] if is_known else [(FROM_ONE_PLACE, f"{clean}\x00{place}"), (FROM_ANYWHERE, clean)]
    for bound, who in counts:  # one place first: what is refused there counts nowhere else
        count_try(bound, who, now=now)
    for account in found:
        if account.check_password(password):
            for bound, who in counts:
                forgive(bound, who, now=now)
            return account
    if not found:
        make_password(password)  # as slow as a wrong password, so that time does not tell
    logger.warning("sign-in refused", extra={"pairs": {"name": index_of(FROM_ANYWHERE, clean).hex()[:16]}})
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
