"""What the law leaves open, and each jurisdiction decides, with a date from which it holds."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from tongban.base.clock import OFFICE_ZONE

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """How days, their ends and months are counted.

    `office_hours` are the spans in which working hours run. `first_day` is the number by which the first day counts:
    0 by default (民法典 art. 201), 1 where local rules count it. `closes` says when a day ends for what comes in and
    for what falls due: with the office (民法典 art. 203), or at midnight. `months` end on the corresponding day
    (art. 202), or are thirty days each where a local rule says so.
    """

    office_hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))
    first_day: Literal[0, 1] = 0
    closes: Literal["office", "midnight"] = "office"
    months: Literal["corresponding_day", "thirty_days"] = "corresponding_day"

    @property
    def opening(self) -> time:
        """When offices open."""
        return self.office_hours[0][0]

    @property
    def closing(self) -> time:
        """When offices close."""
        return self.office_hours[-1][1]

    @property
    def minutes_a_day(self) -> int:
        """Working minutes of a working day."""
        return sum(_minutes(end) - _minutes(begin) for begin, end in self.office_hours)

    def day_of(self, instant: datetime) -> date:
        """Return the day to which an instant belongs: its date, or the next one from closing time on."""
        local = instant.astimezone(OFFICE_ZONE)
        late = self.closes == "office" and local.time() >= self.closing
        return local.date() + timedelta(days=1) if late else local.date()

    def end_of(self, day: date) -> datetime:
        """Return the instant at which a day ends."""
        if self.closes == "midnight":
            return datetime.combine(day + timedelta(days=1), time(), OFFICE_ZONE)
        return datetime.combine(day, self.closing, OFFICE_ZONE)


DEFAULT_POLICY = Policy()


def _minutes(moment: time) -> int:
    return moment.hour * MINUTES + moment.minute
