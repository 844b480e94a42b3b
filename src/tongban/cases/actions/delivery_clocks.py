"""The clock of delivery 送达: it begins with the decision, and may stand while the applicant owes a fee.

On locked cases only. Source: 行政许可法 art. 44; docs/law/counting-time.md says what the unpaid fee does.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from tongban.base.rows import Change, new, write
from tongban.calendar import queries as calendar
from tongban.cases.actions import clocks
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case, Clock, ClockInterval, FeeDemand
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules.clock_table import FEE_UNPAID
from tongban.cases.rules.clocks import ClockStart, starting


def owing(case_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the cases in which a fee is still to be paid."""
    due = FeeDemand.objects.filter(case_id__in=list(case_ids), state=FeeDemand.State.DUE)
    return set(due.values_list("case_id", flat=True))


def starts_of(case: Case) -> tuple[ClockStart, ...]:
    """Return the clocks that begin with the decision about a case."""
    return starting(rules_of(case), "decision", terms_of(case), joint=case.is_joint)


def start(case: Case) -> list[Clock]:
    """Start the clocks of a case that has just been decided; returns those that run."""
    started = start_many([case]) if starts_of(case) else []
    return sorted((one for one in started if one.state == Clock.State.RUNNING), key=lambda one: one.due_on)


def start_if_missing(case: Case) -> None:
    """Start them for a case that the previous release has decided, which started them with the completion only."""
    if starts_of(case) and not case.clocks.exclude(state=Clock.State.ENDED).exclude(kind=Clock.Kind.STEP).exists():
        start_many([case])


def start_many(cases: Iterable[Case], *, also_owing: Collection[UUID] = ()) -> list[Clock]:
    """Start the clocks of decided cases, and put the nearest end of those that run on each, unsaved; returns them.

    `also_owing` are cases with a fee that is due now, and written only later in the transaction.
    """
    decided = list(cases)
    charged = [case.id for case in decided if terms_of(case).fees]
    owe, days = (owing(charged) if charged else set()) | set(also_owing), calendar.working_calendar()
    made: list[Clock] = []
    changes: list[Change] = []
    for case in decided:
        started = clocks.begun(case, starts_of(case), case.decided_at or case.submitted_at, reckoned=days)
        intervals = [_first(clock, owes=case.id in owe) for clock in started]
        case.due_on = min((one.due_on for one in started if one.state == Clock.State.RUNNING), default=None)
        changes += [*new(*started), *new(*intervals)]
        made += started
    write(*changes)
    return made


def _first(clock: Clock, *, owes: bool) -> ClockInterval:
    """Return the first stretch of a clock: it stands from the start while a fee is owed, if its table says so."""
    rule = rules_of(clock.case).rule_of(clock.kind, "decision")
    stands = owes and rule is not None and rule.waits_for_fees
    clock.state = Clock.State.STOPPED if stands else Clock.State.RUNNING
    ground = FEE_UNPAID if stands else ""
    return ClockInterval(clock=clock, running=not stands, since=clock.started_at, ground=ground)


def paid(case: Case, now: datetime) -> None:
    """Let the clocks run on once nothing is owed any more in a decided case."""
    if case.state == Case.State.DECIDED and not owing([case.id]) and clocks.resume(case, now):
        clocks.order_work(case)
