"""What a change would do, shown before it is made. What is then done is what was shown, or it is shown anew."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from tongban.base.errors import Words
from tongban.calendar import queries
from tongban.calendar.kinds import FOLLOWERS
from tongban.calendar.rules import CalendarChange, DayChange, WorkingCalendar, change_between, day_changes
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """The days that become others, and how many open matters of each kind a change can move."""

    changes: Sequence[DayChange]
    change: CalendarChange
    touched: Sequence[tuple[Words, int]]
    seen: str

    @property
    def nothing(self) -> bool:
        """Whether it changes nothing at all."""
        return not self.changes and not self.change


def preview(calendars: tuple[WorkingCalendar, WorkingCalendar], *typed: object) -> Preview:
    """Return what a change does; `typed` is what it was reckoned from."""
    before, after = calendars
    change = change_between(before, after)
    return Preview(
        changes=_changes(before, after, change)[:MOST_SHOWN],
        change=change,
        touched=[(one.words, one.touched(change)) for one in FOLLOWERS.values()],
        seen=_seen(*typed),
    )


def is_confirmed(request: HttpRequest, *typed: object) -> bool:
    """Whether the reader has seen what this does, under the calendar that is in force now, and wants it done."""
    return request.POST.get("step") == "do" and request.POST.get("seen") == _seen(*typed)


def _seen(*typed: object) -> str:
    whole = repr((queries.calendar_content(), typed))
    return hashlib.sha256(whole.encode()).hexdigest()


def _changes(before: WorkingCalendar, after: WorkingCalendar, change: CalendarChange) -> list[DayChange]:
    years = {year for first, last in change.days for year in range(first.year, last.year + 1)}
    named = {day.day.year for day in queries.local_days()} | years
    found = {
        one.day: one
        for year in sorted(named)
        if FIRST_DAY.year <= year <= LAST_DAY.year
        for one in day_changes(before, after, year)
    }
    return [found[day] for day in sorted(found)]
