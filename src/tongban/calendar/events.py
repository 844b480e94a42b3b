"""What has happened to the calendar."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from tongban.ledger.events import EventData


def subject_of(year: int) -> UUID:
    """Return the id by which the ledger knows a year's calendar."""
    return uuid5(NAMESPACE_URL, f"urn:tongban:calendar:{year}")


@dataclass(frozen=True)
class CalendarYearPublished(EventData):
    """The notice of a year came, or was corrected: due dates that touch it are to be reckoned anew."""

    kind: ClassVar[str] = "calendar.year_published"
    subject_kind: ClassVar[str] = "calendar_year"
    year: int
    version: int
