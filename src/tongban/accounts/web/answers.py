"""What the account pages share: trying an action for a form, where to go after signing in, from where somebody asks."""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

from django import forms
from django.conf import settings
from django.http import HttpRequest

from tongban.accounts import queries
from tongban.accounts.models import Account
from tongban.base.errors import Conflict, Invalid, Refusal, Unavailable
from tongban.base.web.going_on import own_path

Done = TypeVar("Done")
UNPROCESSABLE = 422
OFFICE_HOME = "/office/"
RESIDENT_HOME = "/my"
LONGEST_PLACE = 100


def tried(form: forms.Form, action: Callable[[], Done], *, field: str | None = None) -> Done | None:
    """Do the action; when it is refused, put the sentences beside their fields and return None.

    Sentences without a field of the form stand beside `field`, else above the form. Refusals that concern the whole
    page (not found, too many tries) go through.
    """
    try:
        return action()
    except Invalid as refusal:
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else field, sentence)
    except (Conflict, Unavailable) as refusal:
        form.add_error(field, str(refusal))
    except Refusal as refusal:
        if refusal.status != UNPROCESSABLE:
            raise
        form.add_error(field, str(refusal))
    return None


def status_of(form: forms.Form) -> int:
    """Return 422 for a form that came back with errors, else 200."""
    return UNPROCESSABLE if form.errors else 200


def next_address(request: HttpRequest) -> str:
    """Return the address to go on to that the page was given, if it is a path of this host; else ""."""
    return own_path(request, request.POST.get("next") or request.GET.get("next") or "")


def home_of(account: Account) -> str:
    """Return where somebody goes after signing in when nothing else was asked for."""
    return OFFICE_HOME if queries.actor_by_account(account.id).is_official else RESIDENT_HOME


IPV6_NETWORK = 64
"""Bits: whoever has one address of the sixth version has all that begin like it."""


def place_of(request: HttpRequest) -> str:
    """Return the network address asked from; behind the trusted proxy, the one that the proxy saw.

    Only the last entry of `X-Forwarded-For` is the proxy's own; whatever stands before it the caller may have made up.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "USE_X_FORWARDED_HOST", False):
        seen = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or seen
    return _counted_place(seen)


@lru_cache(maxsize=4096)
def _counted_place(seen: str) -> str:
    bare = seen.partition("]")[0].removeprefix("[") if seen.startswith("[") else seen
    if bare.count(":") == 1:  # an address of the fourth version with its port
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return seen[:LONGEST_PLACE]
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)
