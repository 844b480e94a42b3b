"""What has happened to organisations, posts and mandates. Ids and codes only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class OrganisationEvent(EventData):
    """Something has happened to an organisation."""

    subject_kind: ClassVar[str] = "organisation"


@dataclass(frozen=True, kw_only=True)
class OrganisationCreated(OrganisationEvent):
    """An organisation was set up here."""

    kind: ClassVar[str] = "organisations.organisation_created"


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(OrganisationEvent):
    """What is known of an organisation was changed; `fields` names what."""

    kind: ClassVar[str] = "organisations.organisation_changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PostCreated(EventData):
    """A post was set up, with its roles."""

    kind: ClassVar[str] = "organisations.post_created"
    subject_kind: ClassVar[str] = "post"
    organisation_id: UUID
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class PostChanged(EventData):
    """The roles of a post were changed."""

    kind: ClassVar[str] = "organisations.post_changed"
    subject_kind: ClassVar[str] = "post"
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class OfficialAppointed(EventData):
    """An official holds a post."""

    kind: ClassVar[str] = "organisations.official_appointed"
    subject_kind: ClassVar[str] = "official"
    held_post_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded(EventData):
    """An official holds a post no more."""

    kind: ClassVar[str] = "organisations.appointment_ended"
    subject_kind: ClassVar[str] = "official"
    held_post_id: UUID


@dataclass(frozen=True, kw_only=True)
class LeaveTaken(EventData):
    """An official is away; the deputy acts by their posts."""

    kind: ClassVar[str] = "organisations.leave_taken"
    subject_kind: ClassVar[str] = "official"
    leave_id: UUID
    deputy_id: UUID
    first_day: date
    last_day: date


@dataclass(frozen=True, kw_only=True)
class LeaveCancelled(EventData):
    """A leave was cancelled, or ended early."""

    kind: ClassVar[str] = "organisations.leave_cancelled"
    subject_kind: ClassVar[str] = "official"
    leave_id: UUID


@dataclass(frozen=True, kw_only=True)
class MandateGranted(EventData):
    """A person may act for an enterprise."""

    kind: ClassVar[str] = "organisations.mandate_granted"
    subject_kind: ClassVar[str] = "enterprise"
    mandate_id: UUID
    person_id: UUID
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class MandateRevoked(EventData):
    """A person may act for an enterprise no more."""

    kind: ClassVar[str] = "organisations.mandate_revoked"
    subject_kind: ClassVar[str] = "enterprise"
    mandate_id: UUID
    person_id: UUID
