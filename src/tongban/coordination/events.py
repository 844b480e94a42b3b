"""What has happened in supervision, on the subject of the case of origin: it stands in that case's history."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True)
class RulesPublished(EventData):
    """The table of rules has a new version."""

    kind: ClassVar[str] = "coordination.rules_published"
    subject_kind: ClassVar[str] = "supervision_rules"
    version: int


@dataclass(frozen=True, kw_only=True)
class SupervisionEvent(EventData):
    """Something happened in the supervision of a case."""

    subject_kind: ClassVar[str] = "case"
    organisation_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WarningRaised(SupervisionEvent):
    """A rule found something wrong."""

    kind: ClassVar[str] = "coordination.warning_raised"
    finding_id: UUID
    rule: str
    watch: str
    colour: str
    version: int


@dataclass(frozen=True, kw_only=True)
class WarningEnded(SupervisionEvent):
    """It is no longer so, or was settled by a supervisor."""

    kind: ClassVar[str] = "coordination.warning_ended"
    finding_id: UUID
    watch: str
    why: str


@dataclass(frozen=True, kw_only=True)
class WarningEscalated(SupervisionEvent):
    """It stood too long: the superior is told."""

    kind: ClassVar[str] = "coordination.warning_escalated"
    finding_id: UUID
    watch: str
    to_post_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderIssued(SupervisionEvent):
    """A supervision order went to the responsible post."""

    kind: ClassVar[str] = "coordination.order_issued"
    order_id: UUID
    number: str
    due_on: date
    watch: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderAnswered(SupervisionEvent):
    """The post answered."""

    kind: ClassVar[str] = "coordination.order_answered"
    order_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderSentBack(SupervisionEvent):
    """The answer was not enough."""

    kind: ClassVar[str] = "coordination.order_sent_back"
    order_id: UUID
    number: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class OrderClosed(SupervisionEvent):
    """The answer was accepted: the order is closed."""

    kind: ClassVar[str] = "coordination.order_closed"
    order_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderWithdrawn(SupervisionEvent):
    """It was issued in error: nobody has to answer it."""

    kind: ClassVar[str] = "coordination.order_withdrawn"
    order_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderMoved(SupervisionEvent):
    """A change of the calendar moved the day by which it is to be answered."""

    kind: ClassVar[str] = "coordination.order_moved"
    order_id: UUID
    number: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class OrderEscalated(SupervisionEvent):
    """It was not answered in time: it lies with the superior's post too."""

    kind: ClassVar[str] = "coordination.order_escalated"
    order_id: UUID
    number: str
    to_post_id: UUID
