"""Start and end the clocks of a case, and order the work by the nearest due date. Called by the other actions only."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.compiled import compiled_once
from tongban.base.rows import Change, new, write
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Due, Limit, due
from tongban.cases.kinds import TermLimit
from tongban.cases.models import Case, Clock, ClockInterval, Task
from tongban.cases.rules.clocks import ClockStart


def due_of(limit: Limit, start: datetime) -> Due:
    """Return when a limit ends under the calendar in force."""
    return due(limit, start, calendar.working_calendar(), calendar.policy())


def due_of_term(limit: TermLimit, start: datetime) -> Due:
    """Return when a limit of the terms ends."""
    return due_of(Limit(limit.value, limit.unit), start)


def start(case: Case, starts: Iterable[ClockStart], now: datetime) -> list[Clock]:
    """Start clocks of a locked case."""
    clocks = begun(case, starts, now)
    write(*new(*clocks), *new(*first_intervals(clocks)))
    return clocks


def first_intervals(clocks: Iterable[Clock]) -> list[ClockInterval]:
    """Return the first stretch of new clocks, not written yet: they run from their start."""
    return [ClockInterval(clock=clock, running=True, since=clock.started_at) for clock in clocks]


def begun(case: Case, starts: Iterable[ClockStart], now: datetime) -> list[Clock]:
    """Return clocks that begin now, not written yet."""
    clocks = []
    for begun in starts:
        ends = due_of(Limit(begun.value, begun.unit), now)
        clock = Clock(
            case=case,
            kind=begun.kind,
            limit_value=begun.value,
            limit_unit=begun.unit,
            basis=begun.basis[:500],
            started_at=now,
            due_on=ends.day,
            provisional=ends.provisional,
        )
        clocks.append(clock)
    return clocks


def end(case: Case, by: str, now: datetime) -> None:
    """End the clocks that are open on a locked case; `by` is what ended them, e.g. "accepted"."""
    write(*ended(case, by, now))


def ended(case: Case, by: str, now: datetime) -> tuple[Change, Change]:
    """Return the end of all clocks that are open on a locked case, to be written with other changes."""
    return Change(_END, [Clock.State.ENDED, now, by, case.id, Clock.State.ENDED]), Change(
        _END_INTERVALS, [now, case.id]
    )


_END = "UPDATE cases_clock SET state = %s, ended_at = %s, ended_by = %s WHERE case_id = %s AND state <> %s"
_END_INTERVALS = """
    UPDATE cases_clockinterval SET until = %s
    WHERE until IS NULL AND clock_id IN (SELECT id FROM cases_clock WHERE case_id = %s)
"""


def order_work(case: Case) -> None:
    """Put the nearest due date of the running clocks on the case and on its open tasks of the decision; unsaved here.

    A delivery has its own date and keeps it.
    """
    nearest = next(iter(running(case)), None)
    case.due_on = nearest.due_on if nearest else None
    given = [case.due_on, bool(nearest and nearest.provisional), case.id, Task.State.OPEN, Task.Kind.DELIVERY]
    write(Change(_ORDER, given))


_ORDER = "UPDATE cases_task SET due_on = %s, provisional = %s WHERE case_id = %s AND state = %s AND kind <> %s"


def running(case: Case) -> list[Clock]:
    """Return the running clocks of a case, the one that ends first at the front."""
    return _running(case.id)


@compiled_once
def _running(case_id: UUID) -> QuerySet[Clock]:
    return Clock.objects.filter(case_id=case_id, state=Clock.State.RUNNING).order_by("due_on", "id")


def told_clock(clocks: Iterable[Clock]) -> Clock | None:
    """Return the clock whose date the applicant is told: the promise, else the law's limit; None when there is none."""
    order = {Clock.Kind.PROMISED: 0, Clock.Kind.STATUTORY: 1}
    told = [clock for clock in clocks if clock.kind in order]
    return min(told, key=lambda clock: order[Clock.Kind(clock.kind)], default=None)
