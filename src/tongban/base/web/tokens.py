"""The CSRF token of a page, as Django makes it, with one call for chance instead of 32."""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

_BITS = 256
"""62 letters to the power of 32 have 191 bits: of so many more, no letter of the mask is likelier than another."""
_PLACE = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}


def token_of(request: HttpRequest) -> str:
    """Return what a form sends along: the secret of the cookie under a mask of its own (against BREACH).

    Django draws each letter of the mask by a call to the system. Each page of somebody signed in has a token.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None or len(secret) != CSRF_SECRET_LENGTH:
        return get_token(request)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return masked(secret, secrets.randbits(_BITS))


def masked(secret: str, chance: int) -> str:
    """Return the mask that a number stands for, and after it the secret moved by the mask, letter by letter."""
    mask, moved, size = [], [], len(CSRF_ALLOWED_CHARS)
    for letter in secret:
        chance, step = divmod(chance, size)
        mask.append(CSRF_ALLOWED_CHARS[step])
        moved.append(CSRF_ALLOWED_CHARS[(_PLACE[letter] + step) % size])
    return "".join(mask + moved)
