"""Find and lock the cases on which the law acts by itself now, many at once, and what is done to all of them alike.

A batch is one transaction. It takes what nobody else is working on (SKIP LOCKED), so that any number of workers go on
beside each other and no official waits for more than one batch; what a killed worker had begun is undone with its
connection and found again by the next. Locks as everywhere: case → tasks → clocks → counters of papers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongban.base.actor import SYSTEM
from tongban.base.rows import Change, write
from tongban.calendar.rules import is_in_time
from tongban.cases.actions import clocks
from tongban.cases.errors import TurnedByLaw
from tongban.cases.models import Case, Clock
from tongban.ledger import actions as ledger
from tongban.ledger.events import EventData

_FIND = {
    kind: f"""
        SELECT found.id FROM cases_clock AS clock JOIN cases_case AS found ON found.id = clock.case_id
        WHERE clock.state = 'running' AND clock.at_end = '{kind}' AND NOT clock.provisional
            AND clock.due_at <= %(now)s AND clock.case_id <> ALL(%(apart)s::uuid[])
            AND (%(only)s::uuid IS NULL OR clock.case_id = %(only)s::uuid)
        ORDER BY clock.due_at, clock.id LIMIT %(limit)s
        FOR NO KEY UPDATE OF found SKIP LOCKED
    """  # noqa: S608 - our own words
    for kind in ("deemed_accepted", "deemed_renewed")
}
"""The words stand in the statement: only then does the planner know that the partial index holds all that is asked."""


def lock_due(
    at_end: str, *, now: datetime, limit: int, apart: Collection[UUID] = (), only: UUID | None = None
) -> dict[UUID, Clock]:
    """Lock cases of which a clock is over, the longest over first; return that clock by case, as it stands under lock.

    A provisional end is never acted upon. `apart` are cases that are left for another time; `only` is the one wanted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND[at_end], {"now": now, "limit": limit, "apart": list(apart), "only": only})
        ids = [row[0] for row in cursor.fetchall()]
    return {clock.case_id: clock for clock in _over(ids, now, at_end)} if ids else {}


def waiting(at_end: str, *, now: datetime, limit: int, apart: Collection[UUID] = ()) -> list[UUID]:
    """Return the cases that `lock_due` would look at first, without locking them."""
    over = Clock.objects.filter(state=Clock.State.RUNNING, at_end=at_end, due_at__lte=now, provisional=False)
    return list(
        over.exclude(case_id__in=list(apart)).order_by("due_at", "id").values_list("case_id", flat=True)[:limit]
    )


def _over(case_ids: Sequence[UUID], now: datetime, *at_end: str) -> list[Clock]:
    """Ask again for what is over: before its case was locked, somebody may have ended it.

    It is over by the calendar in force, too: a change that has not been reckoned into the clocks yet is a reason to
    wait, for what the law deems is not taken back.
    """
    rows = Clock.objects.filter(case_id__in=case_ids, state=Clock.State.RUNNING, at_end__in=at_end)
    found = list(rows.filter(due_at__lte=now, provisional=False).order_by("due_at", "id"))
    return [clock for clock, ends in clocks.ends_of(found) if not is_in_time(now, ends.at) and not ends.provisional]


def check_not_turned(case: Case, now: datetime) -> None:
    """Refuse what an office does on a locked case after the law has turned it, though the timer is still to come.

    Raises TurnedByLaw: nothing is asked for, refused or decided any more when the time for it is over.
    """
    may_be = case.state == Case.State.SUBMITTED or case.predecessor_id is not None
    if may_be and _over([case.id], now, *_FIND):
        raise TurnedByLaw


def cases_of(over: Mapping[UUID, Clock]) -> list[Case]:
    """Return the locked cases in the order of their clocks."""
    found = Case.objects.select_related("organisation").in_bulk(list(over))
    return [found[case_id] for case_id in over]


def record(happened: Iterable[EventData], now: datetime) -> None:
    """Record what the law has done by itself."""
    entries = [ledger.Entry(event=event, actor=SYSTEM) for event in happened]
    if entries:
        write(ledger.recorded(*entries, now=now))


def tasks_dropped(case_ids: Iterable[UUID], now: datetime) -> tuple[Change, Change]:
    """Return what ends the open tasks and questions to superiors of locked cases: nobody has to do them any more."""
    ids = list(case_ids)
    return Change(_DROP_TASKS, [now, ids]), Change(_DROP_APPROVALS, [now, ids])


_DROP_TASKS = """
    UPDATE cases_task SET state = 'cancelled', ended_at = %s WHERE state = 'open' AND case_id = ANY(%s::uuid[])
"""
_DROP_APPROVALS = """
    UPDATE cases_approval SET answered_at = %s, granted = FALSE
    WHERE answered_at IS NULL AND case_id = ANY(%s::uuid[])
"""
