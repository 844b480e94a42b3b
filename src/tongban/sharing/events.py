"""What has happened in sharing. Ids, codes and counts; no personal data."""

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


@dataclass(frozen=True, kw_only=True)
class RequestEvent(EventData):
    """Something happened to a request for data."""

    subject_kind: ClassVar[str] = "data_request"
    resource_id: UUID
    consumer_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestHandedIn(RequestEvent):
    """An office asks another."""

    kind: ClassVar[str] = "sharing.request_handed_in"
    sharing_class: str
    renews_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(RequestEvent):
    """The office that was asked has granted, granted in part, or refused."""

    kind: ClassVar[str] = "sharing.request_answered"
    outcome: str
    grant_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RequestTakenBack(RequestEvent):
    """The office that asked needs it no more."""

    kind: ClassVar[str] = "sharing.request_taken_back"


@dataclass(frozen=True, kw_only=True)
class DisputeRaised(RequestEvent):
    """The office that was refused has gone to the coordinator."""

    kind: ClassVar[str] = "sharing.dispute_raised"


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(RequestEvent):
    """The coordinator has ordered the grant, or lets the refusal stand."""

    kind: ClassVar[str] = "sharing.dispute_decided"
    outcome: str
    grant_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class GrantKeptInOrder(EventData):
    """Something was done to keep a grant in order."""

    subject_kind: ClassVar[str] = "grant"
    resource_id: UUID


@dataclass(frozen=True, kw_only=True)
class UnusedFieldsProposed(GrantKeptInOrder):
    """Fields were not used for long: whoever gives them may take them out."""

    kind: ClassVar[str] = "sharing.unused_fields_proposed"
    proposal_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UnusedFieldsSettled(GrantKeptInOrder):
    """They were taken out or kept, or it was settled by itself."""

    kind: ClassVar[str] = "sharing.unused_fields_settled"
    proposal_id: UUID
    state: str
    successor_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class EndReminded(GrantKeptInOrder):
    """The office that holds the grant is reminded that it ends soon."""

    kind: ClassVar[str] = "sharing.end_reminded"


@dataclass(frozen=True, kw_only=True)
class PolicyPublished(EventData):
    """What is laid down about requests and grants has changed."""

    kind: ClassVar[str] = "sharing.policy_published"
    subject_kind: ClassVar[str] = "sharing_policy"
    version: int
