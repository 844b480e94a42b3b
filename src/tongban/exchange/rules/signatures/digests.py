"""Content-Digest (RFC 9530): what a body must be, said in the head, where the signature covers it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from tongban.exchange.rules.signatures.messages import Fields, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved, Why
from tongban.exchange.rules.signatures.structured import dictionary

FIELD = "content-digest"
_SECURE = {"sha-256": 32, "sha-512": 64}
"""Algorithms that count, with the length of what they say (RFC 9530, 5). Others neither help nor harm."""


class Digester:
    """Reckons digests of a body while it passes by, however large it is."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums = {"sha-256": hashlib.sha256(), "sha-512": hashlib.sha512()}
        self.length = 0

    def update(self, piece: bytes) -> None:
        """Take in the next piece."""
        self.length += len(piece)
        for one in self._sums.values():
            one.update(piece)

    def digest(self, algorithm: str) -> bytes:
        """Return what an algorithm says of all that came by."""
        return self._sums[algorithm].digest()

    def fits(self, promised: Mapping[str, bytes]) -> bool:
        """Whether every digest that was promised is the one of what came by."""
        return bool(promised) and all(hmac.compare_digest(self.digest(name), said) for name, said in promised.items())

    @property
    def field(self) -> str:
        """The value of the field."""
        return written("sha-256", self.digest("sha-256"))


def written(algorithm: str, digest: bytes) -> str:
    """Return the value of the field for one digest."""
    return f"{algorithm}=:{base64.b64encode(digest).decode()}:"


def of_body(body: bytes) -> str:
    """Return the value of the field for a body that is at hand."""
    return written("sha-256", hashlib.sha256(body).digest())


def promised(fields: Fields) -> Mapping[str, bytes]:
    """Return the digests that a head promises, by algorithm. Raises NotBelieved when none of them counts."""
    value = combined(fields, FIELD)
    if value is None:
        raise NotBelieved(Why.DIGEST_MISSING)
    said = {name: one[0] for name, one in dictionary(value, refused_as=Why.DIGEST_MALFORMED).items() if name in _SECURE}
    if not said:
        raise NotBelieved(Why.DIGEST_MISSING)
    if any(not isinstance(one, bytes) or len(one) != _SECURE[name] for name, one in said.items()):
        raise NotBelieved(Why.DIGEST_MALFORMED)
    return said


def compare(fields: Fields, body: bytes) -> None:
    """Compare a body with what its head promises. Raises NotBelieved."""
    digester = Digester()
    digester.update(body)
    if not digester.fits(promised(fields)):
        raise NotBelieved(Why.DIGEST_WRONG)
