"""What has happened to papers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True)
class PaperIssued(EventData):
    """A paper was issued: its digest proves what it said."""

    kind: ClassVar[str] = "papers.paper_issued"
    subject_kind: ClassVar[str] = "paper"
    paper_kind: str
    number: str
    digest: str
    about_id: UUID


@dataclass(frozen=True)
class PaperVoided(EventData):
    """A paper was voided."""

    kind: ClassVar[str] = "papers.paper_voided"
    subject_kind: ClassVar[str] = "paper"
    number: str


@dataclass(frozen=True)
class PaperErased(EventData):
    """What a paper said was erased; its number, date and digest stand."""

    kind: ClassVar[str] = "papers.paper_erased"
    subject_kind: ClassVar[str] = "paper"
    digest: str
