"""How far a limit is used up, day by day, and the sentences that tell it. No database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import date_words, datetime_words, limit_words
from tongban.calendar.rules import (
    Explanation,
    Policy,
    Stop,
    WorkingCalendar,
    holiday_words,
    hours_used,
    working_hours_used,
)

Reason = Literal["", "start", "weekend", "holiday", "local", "stopped", "moved_working_day"]
ONE_DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day in the course of a limit: which of its days it is, or why it does not count."""

    day: date
    number: int | None
    reason: Reason
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days that follow each other and are treated alike."""

    first: date
    last: date
    days: tuple[CountedDay, ...]

    @property
    def counts(self) -> bool:
        """Whether these days count."""
        return self.days[0].number is not None

    @property
    def words(self) -> str:
        """Why they do not count, or count though they are a weekend; "" for ordinary days."""
        return self.days[0].words

    @property
    def number(self) -> str:
        """Which days of the limit they are: "3" or "3–7"."""
        first, last = self.days[0].number, self.days[-1].number
        return "" if first is None else f"{first}" if first == last else f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit is used up, in `unit`."""

    total: int
    used: int
    unit: str

    @property
    def left(self) -> int:
        """How much is left."""
        return max(self.total - self.used, 0)


@dataclass(frozen=True, slots=True)
class Stood:
    """A time during which a clock stood, for people: since when, until when (None: still), for what, by which paper."""

    since: datetime
    until: datetime | None
    name: str
    ground: str
    paper_number: str


@dataclass(frozen=True, slots=True)
class Lengthened:
    """Time added, for people."""

    granted_at: datetime
    reasons: str
    paper_number: str


def days_of(explanation: Explanation, calendar: WorkingCalendar) -> list[CountedDay]:
    """Return each day from the start to the last day, with its number or the reason why it has none."""
    numbers = {day: number for number, day in enumerate(explanation.counted, start=1)}
    left_out = {left.day: left for left in explanation.left_out}
    worked = set(explanation.moved_working_days)
    found = []
    for step in range((explanation.due.day - explanation.began).days + 1):
        day = explanation.began + step * ONE_DAY
        if day in numbers:
            found.append(_counted(day, numbers[day], calendar, is_worked=day in worked))
        elif day in left_out:
            left = left_out[day]
            words = left.name or _("the clock was stopped") if left.reason == "stopped" else _closed_words(left.name)
            found.append(CountedDay(day, None, left.reason, words))
        else:
            found.append(_before(day, explanation.first, calendar))
    return found


def _counted(day: date, number: int, calendar: WorkingCalendar, *, is_worked: bool) -> CountedDay:
    if not is_worked:
        return CountedDay(day, number, "", "")
    words = _("offices work for %(holiday)s") % {"holiday": holiday_words(calendar.name_of(day))}
    return CountedDay(day, number, "moved_working_day", words)


def _before(day: date, first: date, calendar: WorkingCalendar) -> CountedDay:
    """Return a day up to the first one: the day of the start does not count, nor do closed days before it."""
    if calendar.is_working(day):
        words = _("the day of the start does not count") if day == first else _("it came in after closing time")
        return CountedDay(day, None, "start", words)
    name = calendar.name_of(day)
    reason: Reason = "local" if calendar.is_local(day) else "holiday" if name else "weekend"
    return CountedDay(day, None, reason, _closed_words(name))


def _closed_words(name: str) -> str:
    return holiday_words(name) if name else _("weekend")


def spans_of(days: Iterable[CountedDay]) -> list[Span]:
    """Return days that follow each other and are treated alike as one."""
    found = []
    for _alike, some in groupby(days, key=lambda day: (day.number is None, day.reason, day.words)):
        run = tuple(some)
        found.append(Span(run[0].day, run[-1].day, run))
    return found


def use_of(
    explanation: Explanation, start: datetime, day: date, at: datetime, calendar: WorkingCalendar, policy: Policy
) -> Use | None:
    """Return how much is used up as a day ends, for hours at an instant of it; None for on the spot.

    The end of a day may be the first instant of the next date, so both are given.
    """
    limit = explanation.limit
    if limit.unit == "on_the_spot":
        return None
    if not limit.in_hours:
        unit = "working_day" if limit.unit == "working_day" else "calendar_day"
        return Use(len(explanation.counted), explanation.used_on(day), unit)
    total = limit.value + sum(added.value for added in explanation.extensions)
    passed = _hours_passed(explanation.stops, start, at, calendar, policy, working=limit.unit == "working_hour")
    return Use(total, min(passed // HOUR, total), limit.unit)


def _hours_passed(
    stops: Sequence[Stop], start: datetime, at: datetime, calendar: WorkingCalendar, policy: Policy, *, working: bool
) -> timedelta:
    return working_hours_used(start, at, calendar, policy, stops) if working else hours_used(start, at, stops)


def moved_sentences(stops: Iterable[Stood], added: Iterable[Lengthened]) -> Iterator[str]:
    """Tell for each stop what it was for and which paper told it, and for each extension why it was allowed."""
    for stop in stops:
        values = {
            "name": stop.name or stop.ground,
            "since": datetime_words(stop.since),
            "until": datetime_words(stop.until),
        }
        if stop.until is None:
            said = _("%(name)s: the clock stands since %(since)s.") % values
        else:
            said = _("%(name)s: the clock stood from %(since)s to %(until)s.") % values
        yield said + _notice(stop.paper_number)
    for one in added:
        values = {"day": date_words(one.granted_at), "reasons": one.reasons.rstrip("。.")}
        yield _("The extension was allowed on %(day)s. Reasons: %(reasons)s.") % values + _notice(one.paper_number)


def _notice(number: str) -> str:
    return _(" Notice: %(number)s.") % {"number": number} if number else ""


def corrected_since(then: Explanation, now: Explanation) -> Iterator[str]:
    """Tell what corrections of the calendar, or notices that came only later, have changed in an end."""
    if then.due.day != now.due.day:
        yield _(
            "The calendar has been changed since then: by the one known today, this limit would end on %(day)s."
        ) % {"day": date_words(now.due.day)}
    elif (then.counted, then.due.provisional) != (now.counted, now.due.provisional):
        yield _("The calendar has been changed since then; the end has stayed the same.")


def use_sentence(use: Use | None, state: str, day: date) -> str:
    """Tell how much of the limit is used up and left: now, when it ended, or while the clock stands."""
    if use is None:
        return ""
    values = {
        "day": date_words(day),
        "used": limit_words(use.used, use.unit),
        "total": limit_words(use.total, use.unit),
        "left": limit_words(use.left, use.unit),
    }
    if state == "stopped":
        return _("Up to then %(used)s of %(total)s were used; when it runs on, %(left)s are left.") % values
    if state == "running":
        return _("Up to and including %(day)s, %(used)s of %(total)s are used; %(left)s are left.") % values
    return _("It ended on %(day)s, after %(used)s of %(total)s.") % values


def late_sentence(ended_at: datetime, working_days: int) -> str:
    """Tell by how much a clock was late: in working days after its last day, or that it was on the same one."""
    if working_days > 0:
        return _("It was late by %(late)s.") % {"late": limit_words(working_days, "working_day")}
    return _("It was late by less than a working day: it ended at %(at)s.") % {"at": datetime_words(ended_at)}
