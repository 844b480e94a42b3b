"""Which part of the log is wanted: a period in days, from one instant until another."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CHOICES: dict[str, int] = {"30": 30, "90": 90, "365": 365}
"""Word in the address → days back."""


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant on, until before another; None: without end on this side."""

    since: datetime | None = None
    until: datetime | None = None


def back(word: str, now: datetime) -> Period:
    """Return the period that a word of the address names; all time for any other."""
    days = CHOICES.get(word)
    return Period() if days is None else Period(since=now - timedelta(days=days))
