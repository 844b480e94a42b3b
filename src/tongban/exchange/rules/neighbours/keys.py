"""Keys of members: their names, and which of several signs. Two are good at once, so that a change needs no pause.

A new key is published first and used only once everybody has fetched the directory that names it; the old one is good
until its end is reached, so that what is under way is still believed.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLING = timedelta(hours=1)
"""How long a new key waits before it signs: whoever reads the directory fetches it at least that often."""
MOST_AT_ONCE = 3
"""Keys of a member that may be good at the same time."""
_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key (Ed25519) of a member, with the time in which it is good."""

    public: bytes
    valid_from: datetime
    valid_until: datetime

    @property
    def id(self) -> str:
        """Its name: the thumbprint that everybody reckons alike (RFC 7638, RFC 8037)."""
        return thumbprint(self.public)

    def is_good(self, now: datetime) -> bool:
        """Whether what it signs now is believed."""
        return self.valid_from <= now < self.valid_until


def encoded(public: bytes) -> str:
    """Return bytes as they are written in a JSON Web Key."""
    return base64.urlsafe_b64encode(public).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of a public key. Raises ValueError."""
    public = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(public) != _BYTES or encoded(public) != text:
        message = "a public key of Ed25519 has 32 bytes"
        raise ValueError(message)
    return public


def thumbprint(public: bytes) -> str:
    """Return the thumbprint of a public key of Ed25519."""
    said = f'{{"crv":"Ed25519","kty":"OKP","x":"{encoded(public)}"}}'
    return encoded(hashlib.sha256(said.encode()).digest())


def signing_key(keys: Iterable[PublicKey], now: datetime, *, settling: timedelta = SETTLING) -> PublicKey | None:
    """Return the key that signs now: the newest that is settled; while none is, the oldest that is good.

    A key that ends within the time of settling gives way to any that lasts longer.
    """
    good = sorted((one for one in keys if one.is_good(now)), key=lambda one: (one.valid_from, one.id))
    settled = [one for one in good if one.valid_from + settling <= now]
    lasting = [one for one in settled or good if one.valid_until - settling > now]
    if settled:
        return (lasting or settled)[-1]
    return good[0] if good else None
