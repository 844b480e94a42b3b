"""Start, stop, extend and end the clocks of a case, and order the work by the nearest due date.

Called by the other actions only, on a locked case.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.compiled import compiled_once
from tongban.base.rows import Change, changed, new, write
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Due, Limit, Stop, WorkingCalendar, due
from tongban.cases.kinds import TermLimit
from tongban.cases.models import Case, Clock, ClockExtension, ClockInterval, Suspension, Task
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules.clocks import ClockStart


def due_of_term(limit: TermLimit, start: datetime) -> Due:
    """Return when a limit of the terms ends."""
    days = calendar.working_calendar()
    return due(Limit(limit.value, limit.unit), start, days, days.policy_on(start))


def start(case: Case, starts: Iterable[ClockStart], now: datetime) -> list[Clock]:
    """Start clocks of a locked case."""
    clocks = begun(case, starts, now)
    write(*new(*clocks), *new(*first_intervals(clocks)))
    return clocks


def first_intervals(clocks: Iterable[Clock]) -> list[ClockInterval]:
    """Return the first stretch of new clocks, not written yet: they run from their start."""
    return [ClockInterval(clock=clock, running=True, since=clock.started_at) for clock in clocks]


def begun(
    case: Case,
    starts: Iterable[ClockStart],
    started_at: datetime,
    *,
    task: Task | None = None,
    reckoned: WorkingCalendar | None = None,
) -> list[Clock]:
    """Return clocks that begin, not written yet; those of a step name its task. `reckoned` is the calendar in force."""
    days = reckoned or calendar.working_calendar()
    clocks = []
    for begun in starts:
        clock = _clock(case, begun, started_at, task)
        put_due(clock, due(Limit(begun.value, begun.unit), started_at, days, days.policy_on(started_at)))
        clocks.append(clock)
    return clocks


def _clock(case: Case, begun: ClockStart, started_at: datetime, task: Task | None) -> Clock:
    return Clock(
        case=case,
        kind=begun.kind,
        task=task,
        limit_value=begun.value,
        limit_unit=begun.unit,
        basis=begun.basis[:500],
        started_at=started_at,
        at_end=begun.at_end,
    )


def put_due(clock: Clock, ends: Due) -> None:
    """Put a reckoned end on a clock, unsaved."""
    clock.due_on, clock.due_at, clock.provisional = ends.day, ends.at, ends.provisional


def stop(case: Case, suspension: Suspension, now: datetime) -> list[Clock]:
    """Stop those running clocks of a locked case which its table lets stand; returns them, stopped."""
    rules = rules_of(case)
    ruled = [(clock, rules.rule_in(clock.kind, case.state)) for clock in running(case)]
    standing = [clock for clock, rule in ruled if rule is None or rule.stops]
    _stop(standing, suspension, now)
    return standing


def wait(case: Case, now: datetime) -> None:
    """Let the clocks of receipt of a locked case stand until what is missing has come; that of a renewal runs on."""
    receipt = [one for one in running(case) if one.kind != Clock.Kind.STEP and one.at_end != "deemed_renewed"]
    _stop(receipt, None, now)


def _stop(standing: Iterable[Clock], suspension: Suspension | None, now: datetime) -> None:
    changes: list[Change] = []
    for clock in standing:
        clock.state = Clock.State.STOPPED
        changes += [_close(clock, now), changed(clock, "state"), *new(stretch_of(clock, suspension, now))]
    write(*changes)


def stretch_of(clock: Clock, suspension: Suspension | None, now: datetime) -> ClockInterval:
    """Return the stretch, not written yet, that a clock begins to stand: for a suspension, or else for the answer."""
    stretch = ClockInterval(clock=clock, running=False, since=now, suspension=suspension)
    if suspension is not None:
        stretch.ground, stretch.official_id = suspension.ground[:200], suspension.official_id
        stretch.paper_id = suspension.paper_id
    return stretch


def go_on_standing(case: Case, over: Suspension, other: Suspension, now: datetime) -> None:
    """Let the clocks of a locked case that stood for what is over now stand for another suspension.

    Each stretch names one ground, so that the days after the first procedure are told by the one that still stands.
    """
    stood = Clock.objects.filter(case=case, intervals__suspension=over, intervals__until=None).order_by("id")
    for clock in stood:
        write(_close(clock, now), *new(stretch_of(clock, other, now)))


def resume(case: Case, now: datetime) -> list[Clock]:
    """Let the stopped clocks of a locked case run on, each to its new end; returns them."""
    stood = standing(case)
    write(*(_close(clock, now) for clock in stood))
    for clock in stood:
        clock.state = Clock.State.RUNNING
    write(*new(*(ClockInterval(clock=clock, running=True, since=now) for clock in stood)))
    reckon(stood, "state")
    return stood


def extend(clocks: Iterable[Clock], extensions: Iterable[ClockExtension]) -> None:
    """Add time to clocks of a locked case; each extension belongs to one of them."""
    write(*new(*extensions))
    reckon(list(clocks))


def reckon(clocks: Sequence[Clock], *also: str) -> None:
    """Reckon clocks of a locked case anew, from their stops and extensions, and save them with the fields named."""
    for clock, ends in ends_of(clocks):
        put_due(clock, ends)
    write(*(changed(clock, "due_on", "due_at", "provisional", *also) for clock in clocks))


def ends_of(clocks: Sequence[Clock]) -> Iterator[tuple[Clock, Due]]:
    """Return when clocks end by the calendar in force, from their stops and extensions."""
    if not clocks:
        return
    stops, added = stops_of(clock.id for clock in clocks), extensions_of(clock.id for clock in clocks)
    days = calendar.working_calendar()
    for clock in clocks:
        limit = Limit(clock.limit_value, clock.limit_unit)  # type: ignore[arg-type]  # written from a Limit only
        stood, more = stops.get(clock.id, ()), added.get(clock.id, ())
        policy = days.policy_on(clock.started_at)
        yield clock, due(limit, clock.started_at, days, policy, stops=stood, extensions=more)


def stops_of(clock_ids: Iterable[UUID]) -> dict[UUID, list[Stop]]:
    """Return the stops of clocks that are over, by clock."""
    found: dict[UUID, list[Stop]] = {}
    rows = ClockInterval.objects.filter(clock_id__in=list(clock_ids), running=False, until__isnull=False)
    for row in rows.order_by("since"):
        found.setdefault(row.clock_id, []).append(Stop(row.since, row.until or row.since, row.ground))
    return found


def extensions_of(clock_ids: Iterable[UUID]) -> dict[UUID, list[Limit]]:
    """Return what was added to clocks, by clock, in its order."""
    found: dict[UUID, list[Limit]] = {}
    for row in ClockExtension.objects.filter(clock_id__in=list(clock_ids)).order_by("granted_at", "id"):
        found.setdefault(row.clock_id, []).append(Limit(row.value, row.unit))  # type: ignore[arg-type]  # see reckon
    return found


def _close(clock: Clock, now: datetime) -> Change:
    return Change(_CLOSE, [now, clock.id])


_CLOSE = "UPDATE cases_clockinterval SET until = %s WHERE until IS NULL AND clock_id = %s"


def end(case: Case, by: str, now: datetime) -> None:
    """End the clocks that are open on a locked case; `by` is what ended them, e.g. "accepted"."""
    write(*ended(case, by, now))


def ended(case: Case, by: str, now: datetime) -> tuple[Change, Change]:
    """Return the end of the clocks that are open on a locked case, to be written with other changes.

    A turn that only goes on leaves the clock of a renewal running: that ends with the decision (行政许可法 art. 50).
    """
    return ended_alike([case.id], by, now)


def ended_alike(case_ids: Sequence[UUID], by: str, now: datetime) -> tuple[Change, Change]:
    """Return the same for many locked cases at once."""
    ids, goes_on = list(case_ids), by in GOING_ON
    return Change(_END, [now, by, ids, goes_on]), Change(_END_INTERVALS, [now, ids])


GOING_ON: frozenset[str] = frozenset({"accepted", "deemed_accepted", "supplement"})
"""Turns of a case that do not decide about it."""
_END = """
    UPDATE cases_clock SET state = 'ended', ended_at = %s, ended_by = %s
    WHERE case_id = ANY(%s::uuid[]) AND state <> 'ended' AND NOT (%s AND at_end = 'deemed_renewed')
"""
_END_INTERVALS = """
    UPDATE cases_clockinterval SET until = %s
    WHERE until IS NULL AND clock_id IN (
        SELECT id FROM cases_clock WHERE case_id = ANY(%s::uuid[]) AND state = 'ended'
    )
"""


def first_due(case: Case, started: Sequence[Clock]) -> date | None:
    """Return the nearest end of clocks that have just been started, and of a renewal's, which runs on beside them."""
    beside = running(case) if case.predecessor_id is not None else ()
    return min((clock.due_on for clock in (*started, *beside) if clock.kind != Clock.Kind.STEP), default=None)


def order_work(case: Case, known: Sequence[Clock] | None = None) -> None:
    """Put the nearest due date of the running clocks on the case and on its open tasks; unsaved here on the case.

    A task whose step has a clock of its own carries the nearer of the two dates. `known` are all clocks that run, in
    the order of their ends, where the caller has them at hand.
    """
    standing = running(case) if known is None else known
    first = nearest(standing)
    case.due_on = first.due_on if first else None
    write(
        Change(_ORDER, [case.due_on, bool(first and first.provisional), case.id, Task.State.OPEN]),
        *(
            Change(_ORDER_STEP, [step.due_on, step.provisional, step.task_id, step.due_on])
            for step in standing
            if step.kind == Clock.Kind.STEP
        ),
    )


_ORDER = "UPDATE cases_task SET due_on = %s, provisional = %s WHERE case_id = %s AND state = %s"
_ORDER_STEP = "UPDATE cases_task SET due_on = %s, provisional = %s WHERE id = %s AND (due_on IS NULL OR due_on > %s)"


def nearest(clocks: Iterable[Clock]) -> Clock | None:
    """Return the clock of the whole case that ends first, of clocks in the order of their ends."""
    return next((clock for clock in clocks if clock.kind != Clock.Kind.STEP), None)


def running(case: Case) -> list[Clock]:
    """Return the running clocks of a case, the one that ends first at the front."""
    return _running(case.id)


@compiled_once
def _running(case_id: UUID) -> QuerySet[Clock]:
    return Clock.objects.filter(case_id=case_id, state=Clock.State.RUNNING).order_by("due_on", "id")


def standing(case: Case) -> list[Clock]:
    """Return the clocks of a case that stand."""
    return list(Clock.objects.filter(case=case, state=Clock.State.STOPPED).order_by("id"))


def told_clock(clocks: Iterable[Clock]) -> Clock | None:
    """Return the clock whose date the applicant is told: the promise, else the law's limit; None when there is none."""
    order = {Clock.Kind.PROMISED: 0, Clock.Kind.STATUTORY: 1}
    told = [clock for clock in clocks if clock.kind in order]
    return min(told, key=lambda clock: order[Clock.Kind(clock.kind)], default=None)
