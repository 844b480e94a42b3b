"""How to find the calendar in force, the one that was known on a day, and how it came about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from tongban.base.clock import office_date
from tongban.base.compiled import compiled_once
from tongban.calendar.models import CalendarVersion
from tongban.calendar.rules import NamedDay, Policy, WorkingCalendar
from tongban.calendar.rules.days import FIRST_DAY
from tongban.calendar.rules.settling import LocalDay, SetPolicy, local_day_of, named_of, set_policy_of

SHIPPED = "chinesecalendar"
"""The source named in years that came with the product; a year published here is never overwritten by them."""
LOCAL_DAYS, POLICIES = CalendarVersion.LOCAL_DAYS, CalendarVersion.POLICIES

Content = Sequence[tuple[int, str]]
"""Which version of each part is in force, by its digest."""


def working_calendar() -> WorkingCalendar:
    """Return the calendar in force: one short query; the calendar itself is kept in memory by its content."""
    return calendar_of(calendar_content())


def calendar_of(content: Content) -> WorkingCalendar:
    """Return the calendar of a content that has been asked for together with other things."""
    return _calendar(tuple(content), _setting())


@compiled_once
def calendar_content() -> QuerySet[CalendarVersion, tuple[int, str]]:
    """Return the parts in force (years, local days, policy values), each with the digest of what it says."""
    return CalendarVersion.objects.filter(in_force=True).order_by("part").values_list("part", "digest")


@lru_cache(maxsize=8)
def _calendar(content: tuple[tuple[int, str], ...], hours: str) -> WorkingCalendar:
    """Return the calendar of this content. Digests name what never changes, so jurisdictions and versions never mix."""
    wanted = dict(content)
    rows = CalendarVersion.objects.filter(part__in=wanted, digest__in=wanted.values())
    return made_of([row for row in rows if wanted[row.part] == row.digest], hours)


def made_of(versions: Iterable[CalendarVersion], hours: str | None = None) -> WorkingCalendar:
    """Return the calendar that versions of its parts make."""
    parts: dict[int, list[Any]] = {row.part: row.content for row in versions}
    local = [local_day_of(entry).named for entry in parts.pop(LOCAL_DAYS, [])]
    settled = [set_policy_of(entry) for entry in parts.pop(POLICIES, [])]
    policies = [(FIRST_DAY, _policy(_setting() if hours is None else hours))]
    policies += [(one.holds_from, one.policy) for one in settled if one.holds_from > FIRST_DAY]
    years = {year: [named_of(entry) for entry in days] for year, days in parts.items()}
    return WorkingCalendar(years, local, policies)


def calendar_as_of(at: datetime) -> WorkingCalendar:
    """Return the calendar as it was known then. What came with the product counts as known from its year on."""
    shipped = Q(source=SHIPPED, version=1, part__lte=office_date(at).year)
    known = CalendarVersion.objects.filter(Q(published_at__lte=at) | shipped)
    return calendar_of(list(known.order_by("part", "-version").distinct("part").values_list("part", "digest")))


def policy(on: date | datetime) -> Policy:
    """Return the policy values by which what starts then is reckoned: one short query."""
    return working_calendar().policy_on(on)


def initial_policy() -> Policy:
    """Return the policy values that hold until others are set.

    `TONGBAN_OFFICE_HOURS` in the settings, such as "9:00-12:00,13:00-17:30"; else 9 to 12 and 13 to 17 o'clock.
    """
    return _policy(_setting())


def _setting() -> str:
    return str(getattr(settings, "TONGBAN_OFFICE_HOURS", ""))


@lru_cache(maxsize=8)
def _policy(hours: str) -> Policy:
    if not hours:
        return Policy()
    spans = [tuple(_time(moment) for moment in span.split("-")) for span in hours.split(",")]
    return Policy(office_hours=tuple((begin, end) for begin, end in spans))


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))


def newest(part: int) -> CalendarVersion | None:
    """Return the version of a part that is in force."""
    return CalendarVersion.objects.filter(part=part, in_force=True).first()


def versions_in_force() -> list[CalendarVersion]:
    """Return the version of each part that is in force, with what it says."""
    return list(CalendarVersion.objects.filter(in_force=True).order_by("part"))


def notice_of(year: int) -> list[NamedDay]:
    """Return the days that a year's notice names, none for a year without one."""
    row = newest(year)
    return [named_of(entry) for entry in row.content] if row else []


def local_days() -> list[LocalDay]:
    """Return the local days in force, in order."""
    row = newest(LOCAL_DAYS)
    return [local_day_of(entry) for entry in row.content] if row else []


def policies() -> list[SetPolicy]:
    """Return the policy values that have been set here, by the day from which they hold."""
    row = newest(POLICIES)
    return [set_policy_of(entry) for entry in row.content] if row else []


def published_until() -> int:
    """Return the last year whose notice is known."""
    years = CalendarVersion.objects.filter(part__gte=FIRST_DAY.year)
    return int(years.aggregate(last=Max("part"))["last"] or FIRST_DAY.year)


@dataclass(frozen=True, slots=True)
class Published:
    """A version with the one before it."""

    row: CalendarVersion
    before: CalendarVersion | None

    @property
    def appeared(self) -> list[Any]:
        """What it says and the one before did not."""
        return [entry for entry in self.row.content if self.before is None or entry not in self.before.content]

    @property
    def disappeared(self) -> list[Any]:
        """What the one before said and it does not."""
        before = self.before.content if self.before else []
        return [entry for entry in before if entry not in self.row.content]


def history(*, limit: int = 100) -> list[Published]:
    """Return the versions that have been published, newest first, each with the one before it."""
    rows = list(
        CalendarVersion.objects.select_related("published_by").order_by("-published_at", "-part", "-version")[:limit]
    )
    before = {
        (row.part, row.version): row
        for row in CalendarVersion.objects.filter(part__in={row.part for row in rows if row.version > 1})
    }
    return [Published(row, before.get((row.part, row.version - 1))) for row in rows]
