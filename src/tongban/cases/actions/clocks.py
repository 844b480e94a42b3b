"""Start and end the clocks of a case, and order the work by the nearest due date. Called by the other actions only."""

from collections.abc import Iterable
from datetime import datetime

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
    clocks = []
    for begun in starts:
        ends = due_of(Limit(begun.value, begun.unit), now)
        clock = Clock.objects.create(
            case=case,
            kind=begun.kind,
            limit_value=begun.value,
            limit_unit=begun.unit,
            basis=begun.basis[:500],
            started_at=now,
            due_on=ends.day,
            provisional=ends.provisional,
        )
        ClockInterval.objects.create(clock=clock, running=True, since=now)
        clocks.append(clock)
    return clocks


def end(case: Case, by: str, now: datetime) -> None:
    """End the clocks that are open on a locked case; `by` is what ended them, e.g. "accepted"."""
    for clock in Clock.objects.select_for_update().filter(case=case).exclude(state=Clock.State.ENDED).order_by("id"):
        clock.state, clock.ended_at, clock.ended_by = Clock.State.ENDED, now, by
        clock.save(update_fields=["state", "ended_at", "ended_by"])
        clock.intervals.filter(until__isnull=True).update(until=now)


def order_work(case: Case) -> None:
    """Put the nearest due date of the running clocks on the case and on its open tasks of the decision; unsaved here.

    A delivery has its own date and keeps it.
    """
    nearest = Clock.objects.filter(case=case, state=Clock.State.RUNNING).order_by("due_on").first()
    case.due_on = nearest.due_on if nearest else None
    Task.objects.filter(case=case, state=Task.State.OPEN).exclude(kind=Task.Kind.DELIVERY).update(
        due_on=case.due_on, provisional=bool(nearest and nearest.provisional)
    )


def told_clock(case: Case) -> Clock | None:
    """Return the clock whose date the applicant is told: the promise, else the law's limit; None when there is none."""
    order = {Clock.Kind.PROMISED: 0, Clock.Kind.STATUTORY: 1}
    running = Clock.objects.filter(case=case, state=Clock.State.RUNNING, kind__in=order)
    return min(running, key=lambda clock: order[Clock.Kind(clock.kind)], default=None)
