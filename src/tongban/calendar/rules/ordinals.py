"""The calendar as a table of ordinals, by which limits in days are reckoned where the rows are: in the database."""

from dataclasses import dataclass
from datetime import date, timedelta

from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY, WorkingCalendar

YEARS_BACK, YEARS_AHEAD = 3, 5
"""Around today. What reaches beyond is seldom, and reckoned in memory."""


@dataclass(frozen=True, slots=True)
class Ordinals:
    """Days and working days by their number. A day's place is its distance from `before`, so the first has place 1.

    For each place: `following`, the place of the day itself if offices work on it, else of the next working day;
    `ordinals`, which working day of the table that is; `provisional`, how many days up to it are. `working` gives the
    place of each working day by its ordinal. None where the table ends before the next working day.
    """

    before: date
    following: list[int | None]
    ordinals: list[int | None]
    working: list[int]
    provisional: list[int]


def ordinals_around(today: date, calendar: WorkingCalendar) -> Ordinals:
    """Return the table of the years around a day."""
    first = max(FIRST_DAY, date(today.year - YEARS_BACK, 1, 1))
    last = min(LAST_DAY, date(today.year + YEARS_AHEAD, 12, 31))
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    working = [place for place, day in enumerate(days, start=1) if calendar.is_working(day)]
    following: list[int | None] = []
    ordinals: list[int | None] = []
    provisional: list[int] = []
    done = seen = 0
    for place, day in enumerate(days, start=1):
        there = done < len(working)
        following.append(working[done] if there else None)
        ordinals.append(done + 1 if there else None)
        seen += calendar.is_provisional(day)
        provisional.append(seen)
        done += there and working[done] == place
    return Ordinals(first - timedelta(days=1), following, ordinals, working, provisional)
