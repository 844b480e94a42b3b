"""Clocks of a step 环节: they begin with its task and end with it. Called by the other actions only, on a locked case.

A step has a clock where its process or the table of clocks says so; the others cost nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tongban.base.rows import Change, new
from tongban.calendar.rules import WorkingCalendar
from tongban.cases.actions import clocks
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, Clock, Task
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.queries.dossier import standing_suspensions
from tongban.cases.rules.clocks import ClockStart, starting_with_step
from tongban.cases.rules.step_limits import limit_of_step, whole_limit, within
from tongban.processes.rules.model import StepLimit

Limits = Mapping[UUID, ClockStart]
"""Limits that the process has for steps, by task."""


def limits_of(
    case: Case, wanted: Mapping[UUID, StepLimit], whole: Clock | None, now: datetime, reckoned: WorkingCalendar
) -> Limits:
    """Return the limits that the process has for steps that begin now, by task.

    `whole` is the clock of the case that ends first: no step outlasts it (`rules.step_limits`).
    """
    if not wanted:
        return {}
    matter = whole_limit(rules_of(case), terms_of(case), joint=case.is_joint)
    found: dict[UUID, ClockStart] = {}
    for task_id, stated in wanted.items():
        limit = limit_of_step(stated, matter)
        if limit is not None and whole is not None and whole.due_at is not None:
            limit = within(limit, now, whole.due_at, reckoned)
        if limit is not None:
            found[task_id] = ClockStart("step", limit.value, limit.unit)
    return found


def begun(
    case: Case,
    tasks: Sequence[Task],
    now: datetime,
    *,
    step: str = "",
    limits: Limits | None = None,
    reckoned: WorkingCalendar | None = None,
) -> Iterator[Change]:
    """Start the clocks of new tasks, and put the nearer date on each; returns what is to be written after them.

    `step` is what the table calls the step, where that is not the kind of its task. In a case that is suspended they
    stand from the start, like the others.
    """
    started = running(case, tasks, now, step=step, limits=limits, reckoned=reckoned)
    if case.state == Case.State.SUSPENDED and started:
        return _standing(case, started)
    return (change for rows in (started, clocks.first_intervals(started)) for change in new(*rows))


def running(
    case: Case,
    tasks: Sequence[Task],
    now: datetime,
    *,
    step: str = "",
    limits: Limits | None = None,
    reckoned: WorkingCalendar | None = None,
) -> list[Clock]:
    """Return the clocks of new tasks, not written yet; where the case is not suspended, tasks get the nearer date."""
    rules, own = rules_of(case), limits or {}
    wanted = [(task, own.get(task.id) or starting_with_step(rules, step or str(task.kind))) for task in tasks]
    started = [
        clock
        for task, start in wanted
        if start is not None
        for clock in clocks.begun(case, [start], now, task=task, reckoned=reckoned)
    ]
    if case.state != Case.State.SUSPENDED:
        for clock in started:
            _nearer(clock)
    return started


def _standing(case: Case, started: Sequence[Clock]) -> Iterator[Change]:
    stands_for = next(iter(standing_suspensions(case)), None)
    for clock in started:
        clock.state = Clock.State.STOPPED
    stretches = [clocks.stretch_of(clock, stands_for, clock.started_at) for clock in started]
    return (change for rows in (started, stretches) for change in new(*rows))


def _nearer(clock: Clock) -> None:
    """Let a task carry the nearer of two dates: of its case and of its step."""
    task = clock.task
    if task is not None and (task.due_on is None or clock.due_on < task.due_on):
        task.due_on, task.provisional = clock.due_on, clock.provisional


def ended(case: Case, now: datetime) -> Change:
    """Return the end of the clocks of steps that are not open any more, to be written after the ends of the tasks."""
    return Change(_END, [Clock.State.ENDED, now, "done", case.id, Clock.State.ENDED, Task.State.OPEN, now])


_END = """
    WITH over AS (
        UPDATE cases_clock SET state = %s, ended_at = %s, ended_by = %s
        WHERE case_id = %s AND kind = 'step' AND state <> %s
            AND task_id IN (SELECT id FROM cases_task WHERE cases_task.case_id = cases_clock.case_id AND state <> %s)
        RETURNING id
    )
    UPDATE cases_clockinterval SET until = %s WHERE until IS NULL AND clock_id IN (SELECT id FROM over)
"""
