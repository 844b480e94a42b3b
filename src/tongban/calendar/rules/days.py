"""Which days are working days, and how many lie between two."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, compress

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules.policies import DEFAULT_POLICY, Policy

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
"""The days a calendar holds, so that a wrong date in the far future is refused and not reckoned for minutes."""

SATURDAY = 5

FIXED_HOLIDAYS: Mapping[tuple[int, int], str] = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""Holidays of fixed date by 全国年节及纪念日放假办法 (as amended from 2025), for years without a notice."""

OPEN_UNTIL_NEXT_NOTICE = (12, 28)
"""From this day on, the next year's notice may still change December: a New Year's holiday with its moved working
days began on 29 December at the earliest so far (2007, 2018)."""


@dataclass(frozen=True, slots=True, order=True)
class NamedDay:
    """A day that an official notice names: a holiday, or a weekend day on which offices work."""

    day: date
    name: str
    is_working: bool


class WorkingCalendar:
    """Working days of the years 2000 to 2099; immutable, so that it can be shared and kept.

    Days of years without a notice are *provisional*: weekends and holidays of fixed date only. Counting days takes
    the same time however far apart they are: the number of working days before each day is laid up beforehand.
    """

    __slots__ = ("_before", "_local", "_named", "_policies", "_policies_from", "_published", "_working")

    def __init__(
        self,
        years: Mapping[int, Iterable[NamedDay]],
        local: Iterable[NamedDay] = (),
        policies: Sequence[tuple[date, Policy]] = (),
    ) -> None:
        """Make it from the days that each published year's notice names, and from local days, which prevail.

        `policies` are the policy values with the date from which each holds; before the first, those of the law.
        """
        in_order = sorted(policies, key=lambda one: one[0])
        self._policies_from = [holds_from for holds_from, _policy in in_order]
        self._policies = [DEFAULT_POLICY, *(policy for _holds_from, policy in in_order)]
        self._published = frozenset(years)
        self._named = {named.day: named for days in years.values() for named in days}
        self._local = {named.day: named for named in local}
        flags = _weekdays()
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            for month, day in FIXED_HOLIDAYS if year not in self._published else ():
                flags[_place(date(year, month, day))] = 0
        for named in (*self._named.values(), *self._local.values()):
            flags[_place(named.day)] = named.is_working
        self._before = array("i", accumulate(flags, initial=0))
        ordinals = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
        self._working = array("i", compress(ordinals, flags))

    def _holiday_of_fixed_date(self, day: date) -> str:
        return "" if day.year in self._published else FIXED_HOLIDAYS.get((day.month, day.day), "")

    @property
    def published_years(self) -> frozenset[int]:
        """Years whose notice is known."""
        return self._published

    def policy_on(self, start: date | datetime) -> Policy:
        """Return the policy values by which what starts then is reckoned, to its end."""
        day = start.astimezone(OFFICE_ZONE).date() if isinstance(start, datetime) else start
        return self._policies[bisect_right(self._policies_from, day)]

    @property
    def policies(self) -> list[tuple[date | None, Policy]]:
        """All policy values, each with the date from which it holds; None for those that hold before the first."""
        return list(zip([None, *self._policies_from], self._policies, strict=True))

    def is_working(self, day: date) -> bool:
        """Whether offices work on the day; raises BeyondCalendar."""
        place = _place(day)
        return self._before[place + 1] > self._before[place]

    def name_of(self, day: date) -> str:
        """Return the holiday's Chinese name (also of a weekend day worked for it); empty for ordinary days."""
        named = self._local.get(day) or self._named.get(day)
        return named.name if named is not None else self._holiday_of_fixed_date(day)

    def is_local(self, day: date) -> bool:
        """Whether the jurisdiction itself has named the day."""
        return day in self._local

    def is_provisional(self, day: date) -> bool:
        """Whether a notice still to come may change the day."""
        if day.year not in self._published:
            return True
        at_the_end = (day.month, day.day) >= OPEN_UNTIL_NEXT_NOTICE
        return at_the_end and day not in self._named and day.year + 1 not in self._published

    def working_days_up_to(self, day: date) -> int:
        """Return the number of working days from the calendar's beginning up to and including the day."""
        return self._before[_place(day) + 1]

    def working_day_after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after the day (1 = the next one); raises BeyondCalendar."""
        place = self.working_days_up_to(day) + count - 1
        if count < 1 or place >= len(self._working):
            raise BeyondCalendar
        return date.fromordinal(self._working[place])

    def working_day_at(self, place: int) -> date:
        """Return the working day of that place, 1 = the calendar's first; raises BeyondCalendar."""
        if not 0 < place <= len(self._working):
            raise BeyondCalendar
        return date.fromordinal(self._working[place - 1])

    def this_or_next(self, day: date) -> date:
        """Return the day itself if offices work on it, else the next working day."""
        return day if self.is_working(day) else self.working_day_after(day, 1)

    def touches_provisional(self, first: date, last: date) -> bool:
        """Whether the days from first to last include a provisional one."""
        if any(year not in self._published for year in range(first.year, last.year + 1)):
            return True
        day = max(first, date(last.year, *OPEN_UNTIL_NEXT_NOTICE))
        return any(self.is_provisional(day + timedelta(days=step)) for step in range((last - day).days + 1))


def _weekdays() -> bytearray:
    """Return 1 for each Monday to Friday and 0 for each Saturday and Sunday, from the first day to the last."""
    length = LAST_DAY.toordinal() - FIRST_DAY.toordinal() + 1
    week = bytes(1 if (FIRST_DAY.weekday() + step) % 7 < SATURDAY else 0 for step in range(7))
    return bytearray((week * (length // 7 + 1))[:length])


def _place(day: date) -> int:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BeyondCalendar
    return day.toordinal() - FIRST_DAY.toordinal()


def working_days_between(earlier: date, later: date, calendar: WorkingCalendar) -> int:
    """Return how many working days lie after the earlier day, up to and including the later.

    The first day is not counted (民法典 art. 201). Negative when the days are given in the opposite order.
    """
    return calendar.working_days_up_to(later) - calendar.working_days_up_to(earlier)
