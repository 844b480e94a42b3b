"""Sealing of personal data: AES-256-GCM, with a keyed index (HMAC-SHA-256) to find what is sealed.

A sealed value is: one byte format (1), one byte key number, 12 bytes nonce, ciphertext with tag.
`settings.TONGBAN_DATA_KEYS` maps key number → 32 bytes; the highest number seals, all open. In
`settings.TONGBAN_INDEX_KEYS` the highest number indexes; while a key is turned over the one before is still asked.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORMAT = 1
_HEAD_BYTES = 2
_NONCE_BYTES = 12
PIECE_OVERHEAD = _NONCE_BYTES + 16
"""Bytes that sealing adds to a piece: nonce and tag."""


class CannotOpen(Exception):  # noqa: N818 - a statement, not an error of ours
    """The sealed value was changed, or its key is not configured."""


@lru_cache(maxsize=32)
def _cipher(key: bytes) -> AESGCM:
    """Return what seals with a key; making it anew each time costs more than the sealing of a name."""
    return AESGCM(key)


def newest_key() -> int:
    """Return the number of the data key that seals."""
    return max(settings.TONGBAN_DATA_KEYS)


def seal(text: str, *, context: str) -> bytes:
    """Seal a text. `context` (table and column) is bound to it, so that values cannot be swapped between columns."""
    number = newest_key()
    return bytes([_FORMAT, number]) + seal_piece(text.encode(), number=number, context=context.encode())


def open_sealed(sealed: bytes, *, context: str) -> str:
    """Open a sealed value; raises CannotOpen when it was changed or the key is missing."""
    if len(sealed) < _HEAD_BYTES or sealed[0] != _FORMAT:
        raise CannotOpen
    return open_piece(sealed[_HEAD_BYTES:], number=sealed[1], context=context.encode()).decode()


def seal_piece(content: bytes, *, number: int, context: bytes) -> bytes:
    """Seal bytes under the key of this number, which whoever asks writes down: nonce, ciphertext, tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(settings.TONGBAN_DATA_KEYS[number]).encrypt(nonce, content, context)


def open_piece(sealed: bytes, *, number: int, context: bytes) -> bytes:
    """Open what `seal_piece` sealed; raises CannotOpen when it was changed or the key is missing."""
    key = settings.TONGBAN_DATA_KEYS.get(number)
    if key is None or len(sealed) < PIECE_OVERHEAD:
        raise CannotOpen
    try:
        return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except InvalidTag as changed:
        raise CannotOpen from changed


def index(text: str, *, context: str) -> bytes:
    """Return the keyed index (32 bytes) of a normalised text: equal texts, equal index; nothing else is learnt."""
    keys: dict[int, bytes] = settings.TONGBAN_INDEX_KEYS
    return _index(keys[max(keys)], text, context)


def indexes(text: str, *, context: str) -> dict[int, bytes]:
    """Return the number of each index key → the index under it: what may be found under any of them."""
    keys: dict[int, bytes] = settings.TONGBAN_INDEX_KEYS
    return {number: _index(keys[number], text, context) for number in sorted(keys)}


def _index(key: bytes, text: str, context: str) -> bytes:
    return hmac.new(key, f"{context}\x00{text}".encode(), hashlib.sha256).digest()
