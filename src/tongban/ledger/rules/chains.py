"""Chains: the events that concern one person, each bound to the one before it, and what is stated of them every day.

Which chain is whose is told to nobody: it stands in statements under a pseudonym, a digest over a random salt and the
key of the chain. A link binds the one before it (the first one the pseudonym), its number and its event's commitment.
"""

import hashlib
from uuid import UUID

from tongban.ledger.rules.canonical import DIGEST_BYTES

_CHAIN, _LINK = b"tongban chain 1\n", b"tongban link 1\n"
_NUMBER_BYTES = 8


def pseudonym(salt: bytes, key: UUID) -> bytes:
    """Return what a chain is called in statements."""
    return hashlib.sha256(_CHAIN + salt + key.bytes).digest()


def link(before: bytes, number: int, commitment: bytes) -> bytes:
    """Return the hash of a link: after the pseudonym for the first, after the hash of the link before for others."""
    return hashlib.sha256(_LINK + before + number.to_bytes(_NUMBER_BYTES, "big") + commitment).digest()


def statement_entry(pseudonym_of_chain: bytes, count: int, head: bytes) -> bytes:
    """Return the leaf of a chain in a statement: its pseudonym, how many links it has, the hash of the last."""
    return pseudonym_of_chain + count.to_bytes(_NUMBER_BYTES, "big") + head


def read_entry(entry: bytes) -> tuple[bytes, int, bytes]:
    """Return pseudonym, count and head from a leaf."""
    middle = DIGEST_BYTES + _NUMBER_BYTES
    return entry[:DIGEST_BYTES], int.from_bytes(entry[DIGEST_BYTES:middle], "big"), entry[middle:]
