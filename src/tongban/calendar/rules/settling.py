"""What a jurisdiction settles itself: local days and policy values; their shape as data, and whether they can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY, NamedDay
from tongban.calendar.rules.policies import Policy

LONGEST_NAME = 40
LONGEST_BASIS = 300
MOST_SPANS = 4


@dataclass(frozen=True, slots=True, order=True)
class LocalDay:
    """A day that the jurisdiction names itself: a holiday of its own, a closing, or a day worked; by which basis."""

    day: date
    name: str
    is_working: bool
    basis: str

    @property
    def named(self) -> NamedDay:
        """The day as the calendar takes it."""
        return NamedDay(self.day, self.name, self.is_working)


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Policy values with the day from which they hold, for what starts then or later; by which basis."""

    holds_from: date
    policy: Policy
    basis: str


def entry_of_day(named: NamedDay) -> list[Any]:
    """Return a day of a notice as data."""
    return [named.day.isoformat(), named.name, named.is_working]


def named_of(entry: Sequence[Any]) -> NamedDay:
    """Return a day of a notice from its data."""
    return NamedDay(date.fromisoformat(entry[0]), entry[1], entry[2])


def entry_of_local_day(local: LocalDay) -> list[Any]:
    """Return a local day as data."""
    return [local.day.isoformat(), local.name, local.is_working, local.basis]


def local_day_of(entry: Sequence[Any]) -> LocalDay:
    """Return a local day from its data."""
    return LocalDay(date.fromisoformat(entry[0]), entry[1], entry[2], entry[3])


def entry_of_policy(settled: SetPolicy) -> dict[str, Any]:
    """Return policy values as data."""
    return {
        "holds_from": settled.holds_from.isoformat(),
        "office_hours": [[f"{begin:%H:%M}", f"{end:%H:%M}"] for begin, end in settled.policy.office_hours],
        "first_day": settled.policy.first_day,
        "closes": settled.policy.closes,
        "months": settled.policy.months,
        "basis": settled.basis,
    }


def set_policy_of(entry: Mapping[str, Any]) -> SetPolicy:
    """Return policy values from their data."""
    hours = tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in entry["office_hours"])
    policy = Policy(hours, entry["first_day"], entry["closes"], entry["months"])
    return SetPolicy(date.fromisoformat(entry["holds_from"]), policy, entry["basis"])


def wrong_local_day(local: LocalDay) -> dict[str, list[str]]:
    """Return what is wrong with a local day, by field."""
    problems: dict[str, list[str]] = {}
    if not FIRST_DAY <= local.day <= LAST_DAY:
        problems["day"] = [_between()]
    if not local.name.strip() or len(local.name) > LONGEST_NAME:
        problems["name"] = [_("Please give the day a name of at most 40 characters.")]
    if not local.basis.strip() or len(local.basis) > LONGEST_BASIS:
        problems["basis"] = [_("Please name the basis: the local rule or notice with its number.")]
    return problems


def wrong_policy(settled: SetPolicy) -> dict[str, list[str]]:
    """Return what is wrong with policy values, by field."""
    problems: dict[str, list[str]] = {}
    if not FIRST_DAY < settled.holds_from <= LAST_DAY:
        problems["holds_from"] = [_between()]
    moments = [moment for span in settled.policy.office_hours for moment in span]
    if not 1 <= len(settled.policy.office_hours) <= MOST_SPANS or moments != sorted(set(moments)):
        problems["office_hours"] = [_("Office hours are spans one after the other, such as 9:00-12:00, 13:00-17:00.")]
    if any(moment.second or moment.microsecond for moment in moments):
        problems["office_hours"] = [_("Office hours begin and end with a minute.")]
    if not settled.basis.strip() or len(settled.basis) > LONGEST_BASIS:
        problems["basis"] = [_("Please name the basis: the local rule or notice with its number.")]
    return problems


def _between() -> str:
    return _("Calendars go from %(first)d to %(last)d.") % {"first": FIRST_DAY.year, "last": LAST_DAY.year}
