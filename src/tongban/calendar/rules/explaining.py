"""How a due date came about, day by day, so that it can be told in a sentence."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.rules.days import WorkingCalendar
from tongban.calendar.rules.limits import DEFAULT_POLICY, Due, Limit, Policy, counting_day, due, last_day

Moved = Literal["", "after_closing", "closed_day"]
Reason = Literal["weekend", "holiday"]

ARTICLES = {
    "working_day": "《中华人民共和国行政许可法》第八十二条",
    "calendar_day": "《中华人民共和国民法典》第二百零一条、第二百零三条",
    "month": "《中华人民共和国民法典》第二百零二条、第二百零三条",
    "hour": "《中华人民共和国民法典》第二百零一条",
    "working_hour": "《中华人民共和国民法典》第二百零三条",
    "on_the_spot": "",
}
"""Where the way of counting is laid down, by unit."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that did not count, and why; `name` is the holiday's Chinese name."""

    day: date
    reason: Reason
    name: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a due date came about.

    `began` is the day of the start, `first` the working day as which it counts (`moved` says why it differs).
    `counted` are the days that used up the limit, `moved_working_days` those of them that are weekend days worked by
    notice 调休. `counted_last` is the last day before a holiday at the end moved it to `due.day`.
    """

    limit: Limit
    began: date
    first: date
    moved: Moved
    counted: tuple[date, ...]
    left_out: tuple[LeftOut, ...]
    moved_working_days: tuple[date, ...]
    counted_last: date
    due: Due
    source: str


def explain(
    limit: Limit, start: date | datetime, calendar: WorkingCalendar, policy: Policy = DEFAULT_POLICY
) -> Explanation:
    """Return how the limit's end came about; raises BeyondCalendar."""
    ends = due(limit, start, calendar, policy)
    began = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
    first = counting_day(start, calendar, policy) if limit.unit != "hour" else began
    in_hours = limit.unit in ("hour", "working_hour")
    counted_last = ends.day if in_hours else last_day(limit, first, calendar, policy)
    counted, left_out = _days_of(limit, first, counted_last, calendar, policy)
    moved_end = _left_out(counted_last, ends.day, calendar) if counted_last < ends.day else ()
    return Explanation(
        limit=limit,
        began=began,
        first=first,
        moved=_moved(began, first, calendar),
        counted=counted,
        left_out=left_out + moved_end,
        moved_working_days=tuple(day for day in counted if calendar.name_of(day) and calendar.is_working(day)),
        counted_last=counted_last,
        due=ends,
        source=ARTICLES[limit.unit],
    )


def _moved(began: date, first: date, calendar: WorkingCalendar) -> Moved:
    if began == first:
        return ""
    return "after_closing" if calendar.is_working(began) else "closed_day"


def _days_of(
    limit: Limit, first: date, last: date, calendar: WorkingCalendar, policy: Policy
) -> tuple[tuple[date, ...], tuple[LeftOut, ...]]:
    """Return the days that counted and those that did not, after the first day (or from it, where it counts)."""
    if limit.unit == "on_the_spot" or not limit.value:
        return (), ()
    from_first = limit.unit in ("hour", "working_hour") or policy.first_day
    days = _span(first if from_first else first + timedelta(days=1), last)
    if limit.unit not in ("working_day", "working_hour"):
        return days, ()
    return tuple(day for day in days if calendar.is_working(day)), _closed(days, calendar)


def _left_out(first: date, last: date, calendar: WorkingCalendar) -> tuple[LeftOut, ...]:
    return _closed(_span(first, last), calendar)


def _closed(days: tuple[date, ...], calendar: WorkingCalendar) -> tuple[LeftOut, ...]:
    return tuple(_as_left_out(day, calendar) for day in days if not calendar.is_working(day))


def _as_left_out(day: date, calendar: WorkingCalendar) -> LeftOut:
    name = calendar.name_of(day)
    return LeftOut(day, "holiday" if name else "weekend", name)


def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))
