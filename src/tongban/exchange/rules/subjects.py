"""Whom a look-up is about: a person or an enterprise, known by a key that says nothing by itself."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

SubjectKind = Literal["person", "enterprise"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as the gate knows it. `key` is the same for the same number; the number itself is never logged."""

    kind: SubjectKind
    key: UUID
    identity_kind: str = ""
    number: str = field(default="", repr=False)
