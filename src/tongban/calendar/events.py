"""What has happened to the calendar. Each event says what it can move: see `rules.changes`."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from tongban.calendar.rules.changes import CalendarChange
from tongban.ledger.events import EventData


def subject_of(part: int | str) -> UUID:
    """Return the id by which the ledger knows a part of the calendar: a year, "local-days", "policies"."""
    return uuid5(NAMESPACE_URL, f"urn:tongban:calendar:{part}")


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(EventData):
    """A part of the calendar is another than before: the ends that it can move are to be reckoned anew."""

    version: int
    days: list[tuple[date, date]] = field(default_factory=list)
    starts: list[tuple[date, date]] = field(default_factory=list)

    @property
    def change(self) -> CalendarChange:
        """What it can move."""
        return CalendarChange(tuple(self.days), tuple(self.starts))


@dataclass(frozen=True, kw_only=True)
class CalendarYearPublished(CalendarChanged):
    """The notice of a year came, or was corrected."""

    kind: ClassVar[str] = "calendar.year_published"
    subject_kind: ClassVar[str] = "calendar_year"
    year: int


@dataclass(frozen=True, kw_only=True)
class LocalDaysChanged(CalendarChanged):
    """A day that the jurisdiction names itself was set or taken back."""

    kind: ClassVar[str] = "calendar.local_days_changed"
    subject_kind: ClassVar[str] = "calendar_local_days"
    day: date


@dataclass(frozen=True, kw_only=True)
class PoliciesChanged(CalendarChanged):
    """What the law leaves open was settled anew, or taken back, from a day on."""

    kind: ClassVar[str] = "calendar.policies_changed"
    subject_kind: ClassVar[str] = "calendar_policies"
    holds_from: date
