"""Settle what is the jurisdiction's own: local days, and what the law leaves open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import Invalid, NotFound
from tongban.calendar.actions.versions import one_at_a_time, put, replaced, require_manager
from tongban.calendar.events import CalendarChanged, LocalDaysChanged, PoliciesChanged, subject_of
from tongban.calendar.models import CalendarVersion
from tongban.calendar.queries import LOCAL_DAYS, POLICIES, made_of, versions_in_force
from tongban.calendar.rules import CalendarChange, WorkingCalendar, change_between
from tongban.calendar.rules.settling import (
    LocalDay,
    SetPolicy,
    entry_of_local_day,
    entry_of_policy,
    local_day_of,
    set_policy_of,
    wrong_local_day,
    wrong_policy,
)
from tongban.ledger import actions as ledger

Kept = TypeVar("Kept", LocalDay, SetPolicy)


@dataclass(frozen=True, slots=True)
class _Part(Generic[Kept]):
    """A part of the calendar that is settled entry by entry, one for a day; how it is kept, judged and told."""

    number: int
    read: Callable[[Any], Kept]
    written: Callable[[Kept], Any]
    day_of: Callable[[Kept], date]
    wrong: Callable[[Kept], dict[str, list[str]]]
    told: Callable[[int, date, CalendarChange], CalendarChanged]

    def standing(self, versions: Sequence[CalendarVersion]) -> dict[date, Kept]:
        """Return what is settled in these versions, by day."""
        content: list[Any] = next((row.content for row in versions if row.part == self.number), [])
        return {self.day_of(one): one for one in map(self.read, content)}

    def content(self, kept: dict[date, Kept]) -> list[Any]:
        """Return what is settled as data, in the order of the days."""
        return [self.written(one) for _day, one in sorted(kept.items())]


def _local_days_changed(version: int, day: date, change: CalendarChange) -> CalendarChanged:
    return LocalDaysChanged(
        subject_id=subject_of("local-days"),
        version=version,
        day=day,
        days=list(change.days),
        starts=list(change.starts),
    )


def _policies_changed(version: int, day: date, change: CalendarChange) -> CalendarChanged:
    return PoliciesChanged(
        subject_id=subject_of("policies"),
        version=version,
        holds_from=day,
        days=list(change.days),
        starts=list(change.starts),
    )


_LOCAL_DAYS: _Part[LocalDay] = _Part(
    LOCAL_DAYS, local_day_of, entry_of_local_day, lambda one: one.day, wrong_local_day, _local_days_changed
)
_POLICIES: _Part[SetPolicy] = _Part(
    POLICIES, set_policy_of, entry_of_policy, lambda one: one.holds_from, wrong_policy, _policies_changed
)


@transaction.atomic
def set_local_day(*, actor: Actor, local: LocalDay, now: datetime) -> None:
    """Name a day here: a holiday of one's own, a closing, or a day worked; it prevails over the notice.

    A day that is named already is named anew. Records LocalDaysChanged. Raises Forbidden, Invalid.
    """
    _set(_LOCAL_DAYS, local, actor, now)


@transaction.atomic
def remove_local_day(*, actor: Actor, day: date, now: datetime) -> None:
    """Take a local day back: the notice holds again. Records LocalDaysChanged. Raises Forbidden, NotFound."""
    _remove(_LOCAL_DAYS, day, actor, now)


def preview_of_local_days(days: Sequence[LocalDay]) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar as it is, and as it would be with local days more or changed."""
    return _previewed(_LOCAL_DAYS, days)


@transaction.atomic
def set_policy(*, actor: Actor, settled: SetPolicy, now: datetime) -> None:
    """Settle what the law leaves open, for what starts from a day on. Values set for the same day are replaced.

    Records PoliciesChanged. Raises Forbidden, Invalid.
    """
    _set(_POLICIES, settled, actor, now)


@transaction.atomic
def remove_policy(*, actor: Actor, holds_from: date, now: datetime) -> None:
    """Take policy values back: those before them hold on. Records PoliciesChanged. Raises Forbidden, NotFound."""
    _remove(_POLICIES, holds_from, actor, now)


def preview_of_policies(settled: SetPolicy) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar as it is, and as it would be with these policy values."""
    return _previewed(_POLICIES, [settled])


def _set(part: _Part[Kept], one: Kept, actor: Actor, now: datetime) -> None:
    require_manager(actor)
    if problems := part.wrong(one):
        raise Invalid(problems)
    one_at_a_time()
    before = versions_in_force()
    day = part.day_of(one)
    _put(part, before, {**part.standing(before), day: one}, (day, one), actor, now)


def _remove(part: _Part[Kept], day: date, actor: Actor, now: datetime) -> None:
    require_manager(actor)
    one_at_a_time()
    before = versions_in_force()
    kept = part.standing(before)
    if day not in kept:
        raise NotFound
    gone = kept.pop(day)
    _put(part, before, kept, (day, gone), actor, now)


def _previewed(part: _Part[Kept], more: Sequence[Kept]) -> tuple[WorkingCalendar, WorkingCalendar]:
    before = versions_in_force()
    kept = part.standing(before) | {part.day_of(one): one for one in more}
    row = CalendarVersion(part=part.number, content=part.content(kept))
    return made_of(before), made_of(replaced(before, row))


def _put(
    part: _Part[Kept],
    before: list[CalendarVersion],
    kept: dict[date, Kept],
    about: tuple[date, Kept],
    actor: Actor,
    now: datetime,
) -> None:
    day, one = about
    row = put(part=part.number, content=part.content(kept), source=one.basis, actor=actor, now=now)
    if row is not None:
        change = change_between(made_of(before), made_of(replaced(before, row)))
        ledger.record(part.told(row.version, day, change), actor=actor, now=now)
