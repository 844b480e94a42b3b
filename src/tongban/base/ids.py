"""Identifiers: UUID version 7 (RFC 9562), made in Python so that PostgreSQL 15 needs no function for it."""

import os
import secrets
import time
from uuid import UUID

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters: each byte stands for one of them, all as often."""


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits. Sorts by time of making."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def new_code(length: int = 8) -> str:
    """Return a random code that a person can read aloud: no 0, 1, I, O."""
    return "".join(_ALPHABET[one % len(_ALPHABET)] for one in secrets.token_bytes(length))
