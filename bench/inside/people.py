"""Residents of the bench, and sessions for anybody."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from stdnum.iso7064 import mod_11_2

from tongban.accounts import actions as accounts
from tongban.accounts import queries
from tongban.accounts.models import Account
from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import now
from tongban.organisations import queries as offices
from tongban.site.demo import content

PASSWORD = "最大负荷-云汀-2026"  # noqa: S105 - of people who exist in the bench only
BACKEND = "django.contrib.auth.backends.ModelBackend"


def residents(count: int) -> list[dict[str, str]]:
    """Return sign-in names and passwords of so many residents; they sign up when they are not there yet."""
    return [_resident(number) for number in range(count)]


def _resident(number: int) -> dict[str, str]:
    username = f"bench-{number:04d}"
    if queries.account_by_username(username) is None:
        first = f"659001{1950 + number % 50}{number // 50 % 12 + 1:02d}{number % 28 + 1:02d}000"
        account = accounts.sign_up(
            name="陈测试",
            identity_kind="resident_identity_card",
            identity_number=first + mod_11_2.calc_check_digit(first),
            password=PASSWORD,
            consents=("privacy_notice", "electronic_service"),
            phone=f"1390008{number:04d}",
            email=f"{username}@example.com",
            username=username,
            now=now(),
        )
        accounts.vouch_for_addresses(actor=SYSTEM, account_id=account.id, now=now())
    return {"username": username, "password": PASSWORD}


def actor(username: str) -> Actor:
    """Return somebody as an actor."""
    account = queries.account_by_username(username)
    if account is None:
        raise LookupError(username)
    return offices.actor_for_account(account.id, now())


def officials() -> list[str]:
    """Return the sign-in names of the officials of the demo city."""
    return [one["username"] for one in content.people()["officials"]]


def session(username: str) -> dict[str, str]:
    """Open a session as a sign-in does, and return its cookies."""
    return session_of(Account.objects.get(username=username))


def session_of(account: Account) -> dict[str, str]:
    """Open a session of an account, and return its cookies: the session's, and a token against forgery."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, account, backend=BACKEND)
    request.session.save()
    token = str(request.META["CSRF_COOKIE"])
    return {settings.SESSION_COOKIE_NAME: str(request.session.session_key), settings.CSRF_COOKIE_NAME: token}
