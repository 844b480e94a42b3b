"""What has happened in applications. Ids and codes only: nothing a person typed."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class DraftBegun(EventData):
    """Somebody began an application."""

    kind: ClassVar[str] = "applications.draft_begun"
    subject_kind: ClassVar[str] = "draft"
    handling_version_id: str
    applicant_kind: str


@dataclass(frozen=True, kw_only=True)
class DraftSaved(EventData):
    """A part of a draft was saved: a step of the form, the materials, or the way of delivery."""

    kind: ClassVar[str] = "applications.draft_saved"
    subject_kind: ClassVar[str] = "draft"
    part: str


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(EventData):
    """A draft was thrown away by its writer, or because it had expired."""

    kind: ClassVar[str] = "applications.draft_discarded"
    subject_kind: ClassVar[str] = "draft"
    reason: str


@dataclass(frozen=True, kw_only=True)
class DraftPassedOn(EventData):
    """A draft for an enterprise went to its new legal representative."""

    kind: ClassVar[str] = "applications.draft_passed_on"
    subject_kind: ClassVar[str] = "draft"
    enterprise_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnterpriseLost(EventData):
    """A person acts for an enterprise no more, because a window has handed it over."""

    kind: ClassVar[str] = "applications.enterprise_lost"
    subject_kind: ClassVar[str] = "enterprise"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegistersChosen(EventData):
    """Whoever writes a draft agreed that registers are asked for it, or would rather fill it in."""

    kind: ClassVar[str] = "applications.registers_chosen"
    subject_kind: ClassVar[str] = "draft"
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class RegisterAskedAgain(EventData):
    """An official had a register asked for a case in place of a material."""

    kind: ClassVar[str] = "applications.register_asked_again"
    subject_kind: ClassVar[str] = "case"
    material: str
    outcome: str
    look_up_id: str


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(EventData):
    """An application was submitted and has its case and receipt."""

    kind: ClassVar[str] = "applications.application_submitted"
    subject_kind: ClassVar[str] = "case"
    application_id: str
    handling_item_id: str
    handling_version_id: str
    draft_id: str
    receipt_number: str


@dataclass(frozen=True, kw_only=True)
class SupplementAnswered(EventData):
    """The applicant sent what had been missing."""

    kind: ClassVar[str] = "applications.supplement_answered"
    subject_kind: ClassVar[str] = "case"
    fields: list[str]
    materials: list[str]


@dataclass(frozen=True, kw_only=True)
class ApplicationErased(EventData):
    """What was declared and handed in was erased after its retention period."""

    kind: ClassVar[str] = "applications.application_erased"
    subject_kind: ClassVar[str] = "case"
    application_id: str
