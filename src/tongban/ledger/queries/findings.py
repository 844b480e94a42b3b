"""What verification looks at, and what it finds."""

from typing import NamedTuple

from tongban.ledger.rules.canonical import Sealable


class Finding(NamedTuple):
    """Something that is not as it was sealed: a code, the position (0 when it is of no single event), a sentence."""

    code: str
    position: int
    what: str


class Sealed(NamedTuple):
    """A leaf and the event that was sealed there, as both stand now."""

    position: int
    event_id: int
    commitment: bytes
    salt: bytes | None
    stands_at: int | None
    event: Sealable | None
