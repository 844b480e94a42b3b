"""Working days and time limits: pure reckoning, without database or clock."""

from tongban.calendar.rules.days import NamedDay, WorkingCalendar, working_days_between
from tongban.calendar.rules.explaining import Explanation, LeftOut, explain
from tongban.calendar.rules.limits import Due, Limit, Stretch, Unit, counting_day, days_left, due, stretches
from tongban.calendar.rules.policies import DEFAULT_POLICY, Policy
from tongban.calendar.rules.stops import Stop, days_left_out
from tongban.calendar.rules.words import holiday_words, sentences

__all__ = [
    "DEFAULT_POLICY",
    "Due",
    "Explanation",
    "LeftOut",
    "Limit",
    "NamedDay",
    "Policy",
    "Stop",
    "Stretch",
    "Unit",
    "WorkingCalendar",
    "counting_day",
    "days_left",
    "days_left_out",
    "due",
    "explain",
    "holiday_words",
    "sentences",
    "stretches",
    "working_days_between",
]
