"""What has happened in exchange. No personal data: ids and codes; of look-ups under secrecy not even those."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData

WHOLE_JURISDICTION = UUID("7a6e6f6e-6762-616e-8000-000000000001")
"""The chain of look-ups that nobody may know of yet: it is counted in public only in total."""


@dataclass(frozen=True, kw_only=True)
class LinkOfLookUp(EventData):
    """A look-up joins a record. `chain` is whose: the subject's key, or that of all under secrecy."""

    subject_kind: ClassVar[str] = "look_up"
    chain: UUID | None
    resource_id: UUID | None = None
    grant_id: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class LookedUp(LinkOfLookUp):
    """The gate was asked."""

    kind: ClassVar[str] = "exchange.looked_up"


@dataclass(frozen=True, kw_only=True)
class LookUpOpened(LinkOfLookUp):
    """A look-up is secret no longer: from now on it is a link of its subject's chain."""

    kind: ClassVar[str] = "exchange.look_up_opened"


@dataclass(frozen=True, kw_only=True)
class SecrecyExtended(EventData):
    """A look-up stays secret for longer. Nothing is said of it but that."""

    kind: ClassVar[str] = "exchange.secrecy_extended"
    subject_kind: ClassVar[str] = "look_up"


@dataclass(frozen=True, kw_only=True)
class SourceAnsweredMore(EventData):
    """A source gave fields that nobody had asked for. They were cut."""

    kind: ClassVar[str] = "exchange.source_answered_more"
    subject_kind: ClassVar[str] = "resource"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SourceEvent(EventData):
    """Something happened to how a resource is read."""

    subject_kind: ClassVar[str] = "resource"
    source_kind: str


@dataclass(frozen=True, kw_only=True)
class SourceDeclared(SourceEvent):
    """It was said how a resource is read. `place`: the machine or folder; never a secret."""

    kind: ClassVar[str] = "exchange.source_declared"
    place: str


@dataclass(frozen=True, kw_only=True)
class SourceTried(SourceEvent):
    """Somebody had the test subject read. `why`: code of what is wrong; empty: nothing."""

    kind: ClassVar[str] = "exchange.source_tried"
    why: str


@dataclass(frozen=True, kw_only=True)
class SourceWentAway(SourceEvent):
    """It does not answer any more, or not as it must."""

    kind: ClassVar[str] = "exchange.source_went_away"
    why: str


@dataclass(frozen=True, kw_only=True)
class SourceCameBack(SourceEvent):
    """It answers again."""

    kind: ClassVar[str] = "exchange.source_came_back"


@dataclass(frozen=True, kw_only=True)
class SourceTakenIn(SourceEvent):
    """A dropped file has taken the place of the one before: whoever follows the resource reads it anew."""

    kind: ClassVar[str] = "exchange.source_taken_in"
    rows: int


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
class LeadEvent(EventData):
    """Something was said of who answers for a datum."""

    subject_kind: ClassVar[str] = "lead_proposal"
    resource_id: UUID
    datum: str


@dataclass(frozen=True, kw_only=True)
class LeadProposed(LeadEvent):
    """An office was proposed to answer for a datum."""

    kind: ClassVar[str] = "exchange.lead_proposed"


@dataclass(frozen=True, kw_only=True)
class LeadDecided(LeadEvent):
    """The service centre has agreed, or declined."""

    kind: ClassVar[str] = "exchange.lead_decided"
    outcome: str


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
class WebhookEvent(EventData):
    """Something happened to a receiver of changes by a grant."""

    subject_kind: ClassVar[str] = "grant"
    webhook_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebhookRegistered(WebhookEvent):
    """Changes are to go to an address, once it has confirmed."""

    kind: ClassVar[str] = "exchange.webhook_registered"


@dataclass(frozen=True, kw_only=True)
class WebhookSecretChanged(WebhookEvent):
    """It was given a new secret."""

    kind: ClassVar[str] = "exchange.webhook_secret_changed"


@dataclass(frozen=True, kw_only=True)
class WebhookReplayed(WebhookEvent):
    """Changes are sent again from a place on."""

    kind: ClassVar[str] = "exchange.webhook_replayed"


@dataclass(frozen=True, kw_only=True)
class WebhookRevived(WebhookEvent):
    """One that was given up is tried again."""

    kind: ClassVar[str] = "exchange.webhook_revived"


@dataclass(frozen=True, kw_only=True)
class WebhookDied(WebhookEvent):
    """It has received nothing for days, and is given up. `why`: a code, of the last failure."""

    kind: ClassVar[str] = "exchange.webhook_died"
    why: str


@dataclass(frozen=True, kw_only=True)
class WebhookEnded(WebhookEvent):
    """Nothing is sent there any more."""

    kind: ClassVar[str] = "exchange.webhook_ended"


@dataclass(frozen=True, kw_only=True)
class LogRead(EventData):
    """Somebody read the log of an office's look-ups."""

    kind: ClassVar[str] = "exchange.log_read"
    subject_kind: ClassVar[str] = "organisation"
    resource_id: UUID | None = None
    grant_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NeighbourEvent(EventData):
    """Something changed about who takes part in exchange between installations, by which keys, with which services."""

    subject_kind: ClassVar[str] = "neighbour"
    named: str


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(NeighbourEvent):
    """What this installation is among its neighbours was said."""

    kind: ClassVar[str] = "exchange.membership_changed"


@dataclass(frozen=True, kw_only=True)
class OwnKeyMade(NeighbourEvent):
    """A key of ours was made."""

    kind: ClassVar[str] = "exchange.own_key_made"


@dataclass(frozen=True, kw_only=True)
class OwnKeyEnded(NeighbourEvent):
    """A key of ours ends earlier than was said."""

    kind: ClassVar[str] = "exchange.own_key_ended"


@dataclass(frozen=True, kw_only=True)
class MemberAdmitted(NeighbourEvent):
    """A member was admitted to the directory, or describes itself anew."""

    kind: ClassVar[str] = "exchange.member_admitted"


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(NeighbourEvent):
    """A member is in the directory no more."""

    kind: ClassVar[str] = "exchange.member_removed"


@dataclass(frozen=True, kw_only=True)
class DirectoryIssued(NeighbourEvent):
    """A directory was signed."""

    kind: ClassVar[str] = "exchange.directory_issued"


@dataclass(frozen=True, kw_only=True)
class ServiceOffered(NeighbourEvent):
    """A service is offered to neighbours."""

    kind: ClassVar[str] = "exchange.service_offered"


@dataclass(frozen=True, kw_only=True)
class ServiceEnded(NeighbourEvent):
    """A service is offered no more."""

    kind: ClassVar[str] = "exchange.service_ended"


@dataclass(frozen=True, kw_only=True)
class ServiceRightGiven(NeighbourEvent):
    """A client may call a service."""

    kind: ClassVar[str] = "exchange.service_right_given"
    client: str


@dataclass(frozen=True, kw_only=True)
class ServiceRightEnded(NeighbourEvent):
    """A client may call a service no more."""

    kind: ClassVar[str] = "exchange.service_right_ended"
    client: str


@dataclass(frozen=True, kw_only=True)
class SystemRegistered(NeighbourEvent):
    """A system of this house may call neighbours through our door."""

    kind: ClassVar[str] = "exchange.system_registered"


@dataclass(frozen=True, kw_only=True)
class SystemEnded(NeighbourEvent):
    """A system of this house may call no more."""

    kind: ClassVar[str] = "exchange.system_ended"
