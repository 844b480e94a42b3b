"""Working days and time limits: pure reckoning, without database or clock."""

from tongban.calendar.rules.days import NamedDay, WorkingCalendar, working_days_between
from tongban.calendar.rules.explaining import Explanation, LeftOut, explain
from tongban.calendar.rules.limits import (
    Due,
    Limit,
    Policy,
    Unit,
    counting_day,
    days_left,
    due,
)
from tongban.calendar.rules.words import holiday_words, sentences

__all__ = [
    "Due",
    "Explanation",
    "LeftOut",
    "Limit",
    "NamedDay",
    "Policy",
    "Unit",
    "WorkingCalendar",
    "counting_day",
    "days_left",
    "due",
    "explain",
    "holiday_words",
    "sentences",
    "working_days_between",
]
