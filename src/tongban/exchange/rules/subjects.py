"""Whom a look-up is about: a person or an enterprise, known by a key that says nothing by itself."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

SubjectKind = Literal["person", "enterprise"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as the gate knows it. `key` is the same for the same number; the number itself is never logged.

    `is_settled`: the key stands for all. Else, after the index key was turned over, it is only what would be settled
    now: whoever writes it down settles it first (`actions.settled`).
    """

    kind: SubjectKind
    key: UUID
    identity_kind: str = ""
    number: str = field(default="", repr=False)
    is_settled: bool = field(default=True, compare=False)
