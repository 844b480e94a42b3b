"""A place in the feed of a resource, as a text that nobody need understand. It never grows old: it is a position."""

import base64
import hashlib
import hmac
import struct
from uuid import UUID

from django.conf import settings

BEGINNING = ""
NOW = "now"
_MARK = 8
_LENGTH = 16


class NoCursor(ValueError):  # noqa: N818 - says what is so
    """This was never given out as a place in this feed."""


def cursor_of(resource_id: UUID, position: int) -> str:
    """Return the place after a position."""
    place = struct.pack(">Q", position)
    return base64.urlsafe_b64encode(place + _marks(resource_id, place)[0]).decode().rstrip("=")


def position_of(resource_id: UUID, cursor: str) -> int:
    """Return the position of a place. Raises NoCursor."""
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as wrong:
        raise NoCursor(cursor[:40]) from wrong
    place, mark = told[:_MARK], told[_MARK:]
    if len(told) != _LENGTH or not any(hmac.compare_digest(mark, one) for one in _marks(resource_id, place)):
        raise NoCursor(cursor[:40])
    (position,) = struct.unpack(">Q", place)
    return int(position)


def _marks(resource_id: UUID, place: bytes) -> list[bytes]:
    """Return what a place may be marked with, first what is given out now.

    By the first index key as long as it leads, which releases before know too; by the feed's own key from then on,
    which outlives it.
    """
    index_keys: dict[int, bytes] = settings.TONGBAN_INDEX_KEYS
    own: bytes = settings.TONGBAN_FEED_KEY
    keys = [own, *index_keys.values()] if max(index_keys) > 1 else [index_keys[1], own]
    said = b"exchange.cursor" + resource_id.bytes + place
    return [hmac.new(key, said, hashlib.sha256).digest()[:_MARK] for key in keys]
