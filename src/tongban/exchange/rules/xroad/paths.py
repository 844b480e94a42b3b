"""Which paths of a service a client may call: a method and a pattern, matched only after the path is made plain.

A path that climbs out (`/a/../b`), doubles slashes or hides dots behind percent signs would match one pattern and reach
another place: it is made plain first as the service would, and what cannot be made plain is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tongban.exchange.rules.xroad.faults import BAD_REQUEST, Fault, Refused

ANY = "*"
_OPEN = frozenset({"*", "**"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DAMAGED = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMBIGUOUS = ("%2F", "%5C", "%00")
"""An encoded slash, backslash or NUL is one thing to this server and another to the next one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method (or `*`) and a pattern: `*` stands for anything within a segment, `**` for anything."""

    method: str
    path: str

    def fits(self, method: str, path: str) -> bool:
        """Whether it covers a method and a path that is plain."""
        return self.method in {ANY, method} and _matches(_signs(self.path), path)


@lru_cache(maxsize=1024)
def _signs(glob: str) -> tuple[str, ...]:
    """Return a pattern sign by sign; the two that stand for others are `*` and `**`."""
    return tuple(sign for part in re.split(r"(\*\*|\*)", glob) for sign in ([part] if part in _OPEN else part))


def _matches(signs: tuple[str, ...], path: str) -> bool:
    """Whether a pattern fits. All places in it are followed at once: no pattern makes a long path last."""
    places = _reached(signs, {0})
    for char in path:
        stay = {at for at in places if at < len(signs) and (signs[at] == "**" or (signs[at] == "*" and char != "/"))}
        step = {at + 1 for at in places if at < len(signs) and signs[at] == char and signs[at] not in _OPEN}
        places = _reached(signs, stay | step)
        if not places:
            return False
    return len(signs) in places


def _reached(signs: tuple[str, ...], places: set[int]) -> set[int]:
    """Return these places and those behind signs that may stand for nothing."""
    found = set(places)
    for place in places:
        at = place
        while at < len(signs) and signs[at] in _OPEN:
            at += 1
            found.add(at)
    return found


def plain(path: str) -> str:
    """Return a path made plain: unreserved characters decoded, dots resolved, slashes single. Raises Refused.

    What climbs above the service, holds an encoded slash, a backslash, a parameter of a segment (`;`) or a control
    character is refused: servers read those differently.
    """
    if _DAMAGED.search(path) or "\\" in path or ";" in path or not path.isascii() or not path.isprintable():
        raise _unfit()
    decoded = _ESCAPE.sub(_unreserved, path)
    if any(sign in decoded for sign in _AMBIGUOUS) or "%25" in decoded:
        raise _unfit()
    kept: list[str] = []
    parts = decoded.split("/")
    for part in parts[1:]:
        if part == "..":
            if not kept:
                raise _unfit()
            kept.pop()
        elif part not in {"", "."}:
            kept.append(part)
    closed = "/" if kept and parts[-1] in {"", ".", ".."} else ""
    return "/" + "/".join(kept) + closed if path else "/"


def _unreserved(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if sign in _PLAIN else found[0].upper()


def allowed(endpoints: Iterable[Endpoint], method: str, path: str) -> bool:
    """Whether one of the endpoints covers a method and a plain path."""
    return any(one.fits(method, path) for one in endpoints)


def _unfit() -> Refused:
    return Refused(Fault(BAD_REQUEST, "The path could be read in more than one way."))
