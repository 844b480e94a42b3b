"""Settle what is the jurisdiction's own: local days, and what the law leaves open."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

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


@transaction.atomic
def set_local_day(*, actor: Actor, local: LocalDay, now: datetime) -> None:
    """Name a day here: a holiday of one's own, a closing, or a day worked; it prevails over the notice.

    A day that is named already is named anew. Records LocalDaysChanged. Raises Forbidden, Invalid.
    """
    require_manager(actor)
    if problems := wrong_local_day(local):
        raise Invalid(problems)
    one_at_a_time()
    before = versions_in_force()
    kept = [one for one in _local_days(before) if one.day != local.day]
    _put_local_days(before, [*kept, local], local, actor, now)


@transaction.atomic
def remove_local_day(*, actor: Actor, day: date, now: datetime) -> None:
    """Take a local day back: the notice holds again. Records LocalDaysChanged. Raises Forbidden, NotFound."""
    require_manager(actor)
    one_at_a_time()
    before = versions_in_force()
    gone = _only([one for one in _local_days(before) if one.day == day])
    _put_local_days(before, [one for one in _local_days(before) if one.day != day], gone, actor, now)


def preview_of_local_days(days: Sequence[LocalDay]) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar as it is, and as it would be with one local day more or changed."""
    return _previewed(LOCAL_DAYS, lambda before: [*_without(_local_days(before), days), *days], entry_of_local_day)


@transaction.atomic
def set_policy(*, actor: Actor, settled: SetPolicy, now: datetime) -> None:
    """Settle what the law leaves open, for what starts from a day on. Values set for the same day are replaced.

    Records PoliciesChanged. Raises Forbidden, Invalid.
    """
    require_manager(actor)
    if problems := wrong_policy(settled):
        raise Invalid(problems)
    one_at_a_time()
    before = versions_in_force()
    kept = [one for one in _policies(before) if one.holds_from != settled.holds_from]
    _put_policies(before, [*kept, settled], settled, actor, now)


@transaction.atomic
def remove_policy(*, actor: Actor, holds_from: date, now: datetime) -> None:
    """Take policy values back: those before them hold on. Records PoliciesChanged. Raises Forbidden, NotFound."""
    require_manager(actor)
    one_at_a_time()
    before = versions_in_force()
    gone = _only([one for one in _policies(before) if one.holds_from == holds_from])
    _put_policies(before, [one for one in _policies(before) if one.holds_from != holds_from], gone, actor, now)


def preview_of_policies(settled: SetPolicy) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar as it is, and as it would be with these policy values."""
    return _previewed(
        POLICIES,
        lambda before: [*(one for one in _policies(before) if one.holds_from != settled.holds_from), settled],
        entry_of_policy,
    )


def _previewed(
    part: int, after: Callable[[Sequence[CalendarVersion]], list[Kept]], entry_of: Callable[[Kept], Any]
) -> tuple[WorkingCalendar, WorkingCalendar]:
    before = versions_in_force()
    row = CalendarVersion(part=part, content=[entry_of(one) for one in after(before)])
    return made_of(before), made_of(replaced(before, row))


def _without(kept: Sequence[LocalDay], days: Sequence[LocalDay]) -> list[LocalDay]:
    named = {one.day for one in days}
    return [one for one in kept if one.day not in named]


def _content(versions: Sequence[CalendarVersion], part: int) -> list[Any]:
    return next((list(one.content) for one in versions if one.part == part), [])


def _local_days(versions: Sequence[CalendarVersion]) -> list[LocalDay]:
    return [local_day_of(entry) for entry in _content(versions, LOCAL_DAYS)]


def _policies(versions: Sequence[CalendarVersion]) -> list[SetPolicy]:
    return [set_policy_of(entry) for entry in _content(versions, POLICIES)]


def _only(found: Sequence[Kept]) -> Kept:
    if not found:
        raise NotFound
    return found[0]


def _put_local_days(
    before: list[CalendarVersion], days: list[LocalDay], about: LocalDay, actor: Actor, now: datetime
) -> None:
    content = [entry_of_local_day(one) for one in sorted(days)]
    row = put(part=LOCAL_DAYS, content=content, source=about.basis, actor=actor, now=now)
    if row is not None:
        change = _change(before, row)
        _record(
            LocalDaysChanged(
                subject_id=subject_of("local-days"),
                version=row.version,
                day=about.day,
                days=list(change.days),
                starts=list(change.starts),
            ),
            actor,
            now,
        )


def _put_policies(
    before: list[CalendarVersion], settled: list[SetPolicy], about: SetPolicy, actor: Actor, now: datetime
) -> None:
    content = [entry_of_policy(one) for one in sorted(settled, key=lambda one: one.holds_from)]
    row = put(part=POLICIES, content=content, source=about.basis, actor=actor, now=now)
    if row is not None:
        change = _change(before, row)
        _record(
            PoliciesChanged(
                subject_id=subject_of("policies"),
                version=row.version,
                holds_from=about.holds_from,
                days=list(change.days),
                starts=list(change.starts),
            ),
            actor,
            now,
        )


def _change(before: list[CalendarVersion], row: CalendarVersion) -> CalendarChange:
    return change_between(made_of(before), made_of(replaced(before, row)))


def _record(event: CalendarChanged, actor: Actor, now: datetime) -> None:
    ledger.record(event, actor=actor, now=now)
