"""How urgent a due date is, in words and a colour: never by colour alone."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tongban.calendar.rules import WorkingCalendar, days_left

Urgency = Literal["overdue", "today", "soon", "later", "none"]
SOON_DAYS = 2
"""Working days left at which something is called urgent."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """How urgent, and how many working days are left (negative: late by so many; None: no due date)."""

    urgency: Urgency
    days: int | None


def pressure(due_on: date | None, today: date, calendar: WorkingCalendar) -> Pressure:
    """Return how urgent a due date is today."""
    if due_on is None:
        return Pressure("none", None)
    left = days_left(today, due_on, calendar)
    if due_on < today:
        return Pressure("overdue", min(left, -1))
    if due_on == today:
        return Pressure("today", 0)
    return Pressure("soon" if left <= SOON_DAYS else "later", left)
