"""One life of a clock: where it runs, its limit, what stopped and extended it; and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bench.clock.counting import Customs, Extent, Span, Year
from bench.clock.official import Notice

NEAR = 800
"""Local days so far from the start are told with a life."""


@dataclass(frozen=True)
class Place:
    """The calendar that is known, and what the law leaves open."""

    calendar: str
    """Which notices are known, in words; the key of `notices`."""
    notices: tuple[tuple[int, Notice], ...]
    local: tuple[tuple[date, bool], ...]
    customs: Customs

    @property
    def year(self) -> Year:
        """All days that are known here."""
        return _year(self.notices, self.local)


@lru_cache(maxsize=16)
def _year(notices: tuple[tuple[int, Notice], ...], local: tuple[tuple[date, bool], ...]) -> Year:
    return Year(dict(notices), dict(local))


@dataclass(frozen=True)
class Life:
    """What happened to one clock. Instants are legal time of China without a zone."""

    place: Place
    limit: Extent
    start: datetime
    stops: tuple[Span, ...] = ()
    extensions: tuple[Extent, ...] = ()
    as_of: date = date.min
    """The day for whose end the days used so far are asked for."""
    told_in_utc: bool = False
    """The start is given to the product as the same instant in another zone."""

    def __str__(self) -> str:
        """Tell it so that it can be typed into a test."""
        customs = self.place.customs
        near = [(day, is_worked) for day, is_worked in self.place.local if abs((day - self.start.date()).days) < NEAR]
        hours = ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in customs.office_hours)
        lines = [
            f"limit       {_told([self.limit])}",
            f"start       {self.start} ({self.start:%A})",
            *(f"stop        {since} ({since:%a}) until {until} ({until:%a})" for since, until in self.stops),
            *([f"extensions  {_told(self.extensions)}"] if self.extensions else []),
            f"as of       {self.as_of}",
            f"calendar    {self.place.calendar}",
            *(f"local day   {day} ({day:%a}): {'worked' if is_worked else 'free'}" for day, is_worked in near),
            f"office      {hours}; closes at {'midnight' if customs.closes_at_midnight else 'the end of office hours'}",
            f"first day   {'counts' if customs.first_day_counts else 'does not count'}",
            f"month       {'30 days' if customs.month_is_30_days else 'to the corresponding day'}",
        ]
        return "\n".join(f"  {line}" for line in lines)


def _told(limits: Sequence[Extent]) -> str:
    return ", ".join(f"{number} {unit}" for unit, number in limits)
