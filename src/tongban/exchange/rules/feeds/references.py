"""How a subject is named to one consumer: by a reference that the gate takes in place of the number.

It is the subject's key, sealed for the consumer (AES-SIV, RFC 5297: the same key always gives the same reference). To
another consumer it says nothing, and two of them cannot put together what they know by it.
"""

import base64
import binascii
import re
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from tongban.exchange.rules.subjects import SubjectKind

PATTERN = r"^p1\.[A-Za-z0-9_-]{43}$"
_SHAPE = re.compile(r"p1\.([A-Za-z0-9_-]{43})")


def of_office(organisation_id: UUID) -> str:
    """Return the name of an office as a consumer."""
    return f"organisation:{organisation_id}"


def of_system(system: str) -> str:
    """Return the name of a system as a consumer."""
    return f"system:{system}"


def reference_of(key: UUID, kind: SubjectKind, *, consumer: str) -> str:
    """Return how a subject is named to a consumer."""
    sealed = _cipher().encrypt(key.bytes, [consumer.encode(), kind.encode()])
    return "p1." + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def key_behind(reference: str, kind: SubjectKind, *, consumer: str) -> UUID | None:
    """Return the key of the subject that was so named to this consumer; None for any other text."""
    shape = _SHAPE.fullmatch(reference)
    if shape is None:
        return None
    try:
        opened = _cipher().decrypt(base64.urlsafe_b64decode(shape[1] + "="), [consumer.encode(), kind.encode()])
    except (InvalidTag, binascii.Error):
        return None
    return UUID(bytes=opened)


def _cipher() -> AESSIV:
    key: bytes = settings.TONGBAN_FEED_KEY
    return AESSIV(key)
