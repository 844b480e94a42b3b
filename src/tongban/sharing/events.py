"""What has happened in sharing. No personal data: ids and codes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class LookUpQuestioned(EventData):
    """Somebody asked about a look-up, or objects to it. The subject is its case."""

    kind: ClassVar[str] = "sharing.look_up_questioned"
    subject_kind: ClassVar[str] = "case"
    look_up_id: UUID
    asked: str


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(EventData):
    """Somebody says that a register is wrong about them. The subject is the case."""

    kind: ClassVar[str] = "sharing.correction_asked"
    subject_kind: ClassVar[str] = "case"
    resource_id: UUID
    field: str


@dataclass(frozen=True, kw_only=True)
class CorrectionMade(EventData):
    """The register was put right. The subject is the case."""

    kind: ClassVar[str] = "sharing.correction_made"
    subject_kind: ClassVar[str] = "case"
    resource_id: UUID
    field: str


@dataclass(frozen=True, kw_only=True)
class OwnLogRead(EventData):
    """Somebody read who looked at a person or an enterprise. The subject is its key, and so is the chain."""

    kind: ClassVar[str] = "sharing.own_log_read"
    subject_kind: ClassVar[str] = "registered_subject"
    as_whom: str
    """"self", "guardian", "enterprise", "window"."""
