"""Working days and time limits: pure reckoning, without database or clock."""

from tongban.calendar.rules.changes import CalendarChange, DayChange, change_between, day_changes
from tongban.calendar.rules.days import NamedDay, WorkingCalendar, working_days_between
from tongban.calendar.rules.explaining import Explanation, LeftOut, explain
from tongban.calendar.rules.hours import hours_used, working_hours_used
from tongban.calendar.rules.limits import (
    Due,
    Limit,
    Stretch,
    Unit,
    counting_day,
    days_left,
    due,
    fixed,
    is_in_time,
    stretches,
)
from tongban.calendar.rules.notices import read_notice, written
from tongban.calendar.rules.ordinals import Ordinals, ordinals_around
from tongban.calendar.rules.policies import DEFAULT_POLICY, Policy
from tongban.calendar.rules.stops import Stop, days_left_out
from tongban.calendar.rules.words import holiday_words, sentences

__all__ = [
    "DEFAULT_POLICY",
    "CalendarChange",
    "DayChange",
    "Due",
    "Explanation",
    "LeftOut",
    "Limit",
    "NamedDay",
    "Ordinals",
    "Policy",
    "Stop",
    "Stretch",
    "Unit",
    "WorkingCalendar",
    "change_between",
    "counting_day",
    "day_changes",
    "days_left",
    "days_left_out",
    "due",
    "explain",
    "fixed",
    "holiday_words",
    "hours_used",
    "is_in_time",
    "ordinals_around",
    "read_notice",
    "sentences",
    "stretches",
    "working_days_between",
    "working_hours_used",
    "written",
]
