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
    return base64.urlsafe_b64encode(place + _mark(resource_id, place)).decode().rstrip("=")


def position_of(resource_id: UUID, cursor: str) -> int:
    """Return the position of a place. Raises NoCursor."""
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as wrong:
        raise NoCursor(cursor[:40]) from wrong
    place, mark = told[:_MARK], told[_MARK:]
    if len(told) != _LENGTH or not hmac.compare_digest(mark, _mark(resource_id, place)):
        raise NoCursor(cursor[:40])
    (position,) = struct.unpack(">Q", place)
    return int(position)


def _mark(resource_id: UUID, place: bytes) -> bytes:
    key: bytes = settings.TONGBAN_INDEX_KEY
    return hmac.new(key, b"exchange.cursor" + resource_id.bytes + place, hashlib.sha256).digest()[:_MARK]
