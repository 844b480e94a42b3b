"""Structured fields (RFC 9651), by way of the library of their editor; what is doubtful is refused."""

from collections.abc import Mapping
from typing import Any, NoReturn, cast

import http_sf

from tongban.exchange.rules.signatures.refusals import NotBelieved, Why

LONGEST = 8 * 1024
MOST_MEMBERS = 8

Member = tuple[Any, dict[str, Any]]
"""A value with its parameters; the value of an inner list is a list of such."""


class _Doubled(Exception):  # noqa: N818 - says what was met
    """A name is there twice: two readers could believe different ones."""


def _doubled(_key: str, _context: str) -> NoReturn:
    raise _Doubled


def dictionary(text: str, *, refused_as: Why) -> Mapping[str, Member]:
    """Read a dictionary. Raises NotBelieved when it is too long, is none, or has a name twice."""
    if len(text) > LONGEST or not text.isascii():
        raise NotBelieved(refused_as)
    try:
        read: Any = http_sf.parse(text.encode(), tltype="dictionary", on_duplicate_key=_doubled)
    except (ValueError, TypeError, _Doubled):
        raise NotBelieved(refused_as) from None
    if len(read) > MOST_MEMBERS:
        raise NotBelieved(refused_as)
    return cast("Mapping[str, Member]", read)


def serialised(member: Member) -> str:
    """Write a value with its parameters in its one form; a list of one is written as what is in it."""
    return http_sf.ser([member])
