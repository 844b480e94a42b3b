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


@dataclass(frozen=True)
class WordingPublished(EventData):
    """A version of the wording of a kind of paper came into force."""

    kind: ClassVar[str] = "papers.wording_published"
    subject_kind: ClassVar[str] = "paper_template"
    paper_kind: str
    version: int


@dataclass(frozen=True)
class WordingWithdrawn(EventData):
    """A wording is not in force any more; a wider one, or that of the product, takes its place."""

    kind: ClassVar[str] = "papers.wording_withdrawn"
    subject_kind: ClassVar[str] = "paper_template"
    paper_kind: str
    version: int
