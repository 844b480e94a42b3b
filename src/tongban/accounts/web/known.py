"""Browsers in which somebody has signed in before: strangers who try passwords cannot shut their owner out there.

A signed cookie names the browser and the accounts; it is good only for being counted by itself (OWASP: device cookies).
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tongban.accounts.models import Account
from tongban.base.ids import new_code

SALT = "accounts.known_browser"
A_YEAR = 365 * 24 * 60 * 60
MOST_ACCOUNTS = 5
"""A family's tablet."""


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser and the accounts that were opened in it."""

    browser: str = ""
    accounts: tuple[UUID, ...] = ()


def known_browser(request: HttpRequest) -> KnownBrowser:
    """Return what the cookie says; nothing for a cookie that we have not made."""
    try:
        browser, *accounts = signing.loads(
            request.COOKIES.get(settings.TONGBAN_KNOWN_COOKIE, ""), salt=SALT, max_age=A_YEAR
        )
        return KnownBrowser(str(browser), tuple(UUID(one) for one in accounts))
    except (signing.BadSignature, ValueError, TypeError):
        return KnownBrowser()


def remember_browser(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Write the cookie after a sign-in."""
    known = known_browser(request)
    others = [one for one in known.accounts if one != account.id]
    accounts = [str(one) for one in (account.id, *others)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.TONGBAN_KNOWN_COOKIE,
        signing.dumps([known.browser or new_code(20), *accounts], salt=SALT),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
