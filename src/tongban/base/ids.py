"""Identifiers: UUID version 7 (RFC 9562), made in Python so that PostgreSQL 15 needs no function for it."""

import os
import secrets
import time
from collections import deque
from uuid import UUID

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters: each byte stands for one of them, all as often."""


_CHANCE_BYTES, _FETCHED_AT_ONCE = 10, 256
_chances: deque[bytes] = deque()
"""Random bytes of the system for the next ids. Each call of the system lets all other threads of Python go first, and
a submission makes twenty ids. A forked process must not go on with those of its parent."""
os.register_at_fork(after_in_child=_chances.clear)


def _chance() -> bytes:
    while True:
        try:
            return _chances.popleft()
        except IndexError:  # another thread may take what we fetch: then again
            fetched = os.urandom(_CHANCE_BYTES * _FETCHED_AT_ONCE)
            _chances.extend(fetched[at : at + _CHANCE_BYTES] for at in range(0, len(fetched), _CHANCE_BYTES))


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits. Sorts by time of making."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(_chance(), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def new_code(length: int = 8) -> str:
    """Return a random code that a person can read aloud: no 0, 1, I, O."""
    return "".join(_ALPHABET[one % len(_ALPHABET)] for one in secrets.token_bytes(length))
