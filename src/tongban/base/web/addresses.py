"""Addresses of views, made by Django once for each view and then only filled in.

`reverse` costs 20 to 60 µs, and a page of a list has dozens of them. What `address` returns is what `reverse` returns.
"""

import re
from functools import lru_cache
from uuid import UUID

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_PLAIN = re.compile(r"[0-9A-Za-z_-]+")
"""What stands in an address as it is, and what the converters `str` and `slug` take."""
_STAND_INS = {str: "stand-in-{}", UUID: "00000000-0000-7000-8000-{:012}"}


def address(view: str, *arguments: object, current_app: str | None = None) -> str:
    """Return the address of a view; raises NoReverseMatch. Other arguments than ids and plain words go to `reverse`."""
    kinds = tuple(map(_kind, arguments))
    if None not in kinds:
        pattern = _pattern(view, kinds, current_app, get_urlconf(), get_script_prefix())
        if pattern is not None:
            return pattern % arguments
    return reverse(view, args=arguments, current_app=current_app)


def _kind(argument: object) -> type | None:
    """Return which stand-in an argument has, None for one that `reverse` itself must look at."""
    if isinstance(argument, UUID):
        return UUID
    return str if isinstance(argument, str) and _PLAIN.fullmatch(argument) else None


@lru_cache(maxsize=1024)
def _pattern(
    view: str, kinds: tuple[type, ...], current_app: str | None, _urlconf: str | None, _prefix: str
) -> str | None:
    """Return an address with `%s` for each argument; None where it cannot be told from one with stand-ins."""
    stand_ins = [_STAND_INS[kind].format(place) for place, kind in enumerate(kinds)]
    try:
        found = reverse(
            view,
            args=[UUID(one) if kind is UUID else one for kind, one in zip(kinds, stand_ins, strict=True)],
            current_app=current_app,
        )
    except NoReverseMatch:
        return None
    pattern = found.replace("%", "%%")
    for one in stand_ins:
        if pattern.count(one) != 1:
            return None
        pattern = pattern.replace(one, "%s")
    return pattern if [*re.findall("stand-in|%s", pattern)] == ["%s"] * len(kinds) else None
