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
_NONCE_BYTES = 12


class CannotOpen(Exception):  # noqa: N818 - a statement, not an error of ours
    """The sealed value was changed, or its key is not configured."""


@lru_cache(maxsize=32)
def _cipher(key: bytes) -> AESGCM:
    """Return what seals with a key; making it anew each time costs more than the sealing of a name."""
    return AESGCM(key)


def seal(text: str, *, context: str) -> bytes:
    """Seal a text. `context` (table and column) is bound to it, so that values cannot be swapped between columns."""
    keys: dict[int, bytes] = settings.TONGBAN_DATA_KEYS
    number = max(keys)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(keys[number]).encrypt(nonce, text.encode(), context.encode())
    return bytes([_FORMAT, number]) + nonce + sealed


def open_sealed(sealed: bytes, *, context: str) -> str:
    """Open a sealed value; raises CannotOpen when it was changed or the key is missing."""
    keys: dict[int, bytes] = settings.TONGBAN_DATA_KEYS
    head = 2 + _NONCE_BYTES
    if len(sealed) < head or sealed[0] != _FORMAT or sealed[1] not in keys:
        raise CannotOpen
    try:
        return _cipher(keys[sealed[1]]).decrypt(sealed[2:head], sealed[head:], context.encode()).decode()
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
