"""What has happened in registers. The change feed says that something changed; what, is asked at the gate."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class RegisterMade(EventData):
    """A register has its first schema, or a new one."""

    kind: ClassVar[str] = "registers.register_made"
    subject_kind: ClassVar[str] = "register"
    schema: int


@dataclass(frozen=True, kw_only=True)
class RegisterLoaded(EventData):
    """Many records came in at once: whoever follows the register reads it anew."""

    kind: ClassVar[str] = "registers.register_loaded"
    subject_kind: ClassVar[str] = "register"
    records: int


@dataclass(frozen=True, kw_only=True)
class RegisterDumped(EventData):
    """The whole register was written to a file by the operator."""

    kind: ClassVar[str] = "registers.register_dumped"
    subject_kind: ClassVar[str] = "register"
    records: int


@dataclass(frozen=True, kw_only=True)
class RecordChanged(EventData):
    """Something that a register says on a subject has changed. The subject is its key."""

    kind: ClassVar[str] = "registers.record_changed"
    subject_kind: ClassVar[str] = "registered_subject"
    register_id: UUID
    record_id: int
    change: str
