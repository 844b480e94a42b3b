"""What has happened in exchange. No personal data: ids and codes; of look-ups under secrecy not even those."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData

WHOLE_JURISDICTION = UUID("7a6e6f6e-6762-616e-8000-000000000001")
"""The chain of look-ups that nobody may know of yet: it is counted in public only in total."""


@dataclass(frozen=True, kw_only=True)
class LookedUp(EventData):
    """The gate was asked. `chain` is whose record it belongs to: the subject's key, or that of all under secrecy."""

    kind: ClassVar[str] = "exchange.looked_up"
    subject_kind: ClassVar[str] = "look_up"
    chain: UUID | None
    resource_id: UUID | None = None
    grant_id: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceAnsweredMore(EventData):
    """A source gave fields that nobody had asked for. They were cut."""

    kind: ClassVar[str] = "exchange.source_answered_more"
    subject_kind: ClassVar[str] = "resource"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResourceEvent(EventData):
    """Something happened to an entry of the catalogue."""

    subject_kind: ClassVar[str] = "resource"
    version: int


@dataclass(frozen=True, kw_only=True)
class ResourceDrafted(ResourceEvent):
    """A version was begun."""

    kind: ClassVar[str] = "exchange.resource_drafted"


@dataclass(frozen=True, kw_only=True)
class ResourceSubmitted(ResourceEvent):
    """A version waits for its review."""

    kind: ClassVar[str] = "exchange.resource_submitted"


@dataclass(frozen=True, kw_only=True)
class ResourceSentBack(ResourceEvent):
    """The review found something missing."""

    kind: ClassVar[str] = "exchange.resource_sent_back"


@dataclass(frozen=True, kw_only=True)
class ResourcePublished(ResourceEvent):
    """A version is in force."""

    kind: ClassVar[str] = "exchange.resource_published"


@dataclass(frozen=True, kw_only=True)
class ResourceWithdrawn(ResourceEvent):
    """The resource is offered no more."""

    kind: ClassVar[str] = "exchange.resource_withdrawn"


@dataclass(frozen=True, kw_only=True)
class GrantEvent(EventData):
    """Something happened to a grant."""

    subject_kind: ClassVar[str] = "grant"
    resource_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantGiven(GrantEvent):
    """An office may ask for fields of a resource."""

    kind: ClassVar[str] = "exchange.grant_given"
    consumer_id: UUID | None
    fields: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, kw_only=True)
class GrantSuspended(GrantEvent):
    """It may not be used for the present."""

    kind: ClassVar[str] = "exchange.grant_suspended"


@dataclass(frozen=True, kw_only=True)
class GrantResumed(GrantEvent):
    """It may be used again."""

    kind: ClassVar[str] = "exchange.grant_resumed"


@dataclass(frozen=True, kw_only=True)
class GrantWithdrawn(GrantEvent):
    """It may never be used again."""

    kind: ClassVar[str] = "exchange.grant_withdrawn"


@dataclass(frozen=True, kw_only=True)
class LogRead(EventData):
    """Somebody read the log of an office's look-ups."""

    kind: ClassVar[str] = "exchange.log_read"
    subject_kind: ClassVar[str] = "organisation"
    resource_id: UUID | None = None
    grant_id: UUID | None = None
