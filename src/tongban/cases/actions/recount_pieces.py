"""Reckon the ends of many cases anew in one transaction, in a handful of statements.

Most clocks share limit, unit and first day, so an end is reckoned once for all that do; those with stops, extensions or
hours are reckoned one by one. Locks as everywhere: case, tasks, clocks. What somebody is just working on is left out,
so that nobody waits for more than one piece.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE
from tongban.calendar import queries as calendar
from tongban.calendar.rules import CalendarChange, Due, Limit, WorkingCalendar, due
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY
from tongban.cases.actions.clocks import extensions_of, stops_of
from tongban.cases.events import ClocksMoved, MovedEnd, told_end
from tongban.cases.kinds import Terms
from tongban.cases.models import Clock, Recount, SupplementRequest, Suspension
from tongban.cases.queries.clock_tables import rules_by
from tongban.ledger import actions as ledger

SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What became of a piece: cases that somebody was working on, how many had a date moved, and events to be told."""

    left: list[UUID]
    moved: int
    to_tell: list[int]


@dataclass(frozen=True, slots=True)
class _Locked:
    organisation_id: UUID
    table_id: UUID | None
    item_type: str


def change_of(recount: Recount) -> CalendarChange:
    """Return the change that a recount follows."""
    return CalendarChange(_spans(recount.days), _spans(recount.starts))


def _spans(kept: Sequence[Sequence[str]]) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in kept)


def reckon(case_ids: Sequence[UUID], *, change_id: int, now: datetime) -> Reckoned:
    """Reckon the open clocks of cases under the calendar in force, in the transaction of the caller.

    Dates that come out the same are not touched. Records ClocksMoved for each case of which one is moved.
    """
    locked = _lock(case_ids)
    days = calendar.working_calendar()
    ends: dict[UUID, list[MovedEnd]] = {}
    if locked:
        told = {case_id: rules_by(one.table_id, one.item_type).told for case_id, one in locked.items()}
        changed = _put_ends(list(locked), days)
        for case_id, kind, running, was, is_now, provisional in changed:
            if running and was != is_now:
                ends.setdefault(case_id, []).append(MovedEnd(kind, was, is_now, provisional, kind in told[case_id]))
        _order_work(sorted({row[0] for row in changed}))
        _put_expectations(list(locked), days)
        for case_id, moved in _put_answers(list(locked), days):
            ends.setdefault(case_id, []).append(moved)
    events = [
        ClocksMoved(
            subject_id=case_id, organisation_id=locked[case_id].organisation_id, ends=moved, change_id=change_id
        )
        for case_id, moved in sorted(ends.items())
    ]
    recorded = ledger.record_all(events, actor=SYSTEM, now=now)
    to_tell = [recorded[event.subject_id] for event in events if told_end(event.ends)]
    return Reckoned([case_id for case_id in case_ids if case_id not in locked], len(events), to_tell)


def _lock(case_ids: Sequence[UUID]) -> dict[UUID, _Locked]:
    """Lock the cases, with their open tasks, on which nobody is working; return them."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CASES, [list(case_ids)])
        locked = {row[0]: _Locked(*row[1:]) for row in cursor.fetchall()}
        cursor.execute(_LOCK_TASKS, {"cases": list(locked)})
        busy = {row[0] for row in cursor.fetchall()}
    return {case_id: one for case_id, one in locked.items() if case_id not in busy}


_LOCK_CASES = """
    SELECT id, organisation_id, clock_table_id, COALESCE(terms ->> 'item_type', '') FROM cases_case
    WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
_LOCK_TASKS = """
    WITH locked AS MATERIALIZED (
        SELECT id FROM cases_task
        WHERE case_id = ANY(%(cases)s::uuid[]) AND state = 'open' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT case_id FROM cases_task
    WHERE case_id = ANY(%(cases)s::uuid[]) AND state = 'open' AND id NOT IN (SELECT id FROM locked)
"""


def _put_ends(case_ids: list[UUID], days: WorkingCalendar) -> list[tuple[UUID, str, bool, date, date, bool]]:
    """Write the ends that have changed; return case, kind, whether it runs, the day before and now, and its mark."""
    answers: list[Due] = []
    clock_ids: list[str] = []
    places: list[int] = []
    single: list[str] = []
    for value, unit, day, late, alike, ids in _alike(case_ids, days):
        if not alike:
            single += ids
            continue
        answers.append(_due(value, unit, day, late, days))
        clock_ids += ids
        places += [len(answers)] * len(ids)
    for clock_id, found in _one_by_one(single, days):
        answers.append(found)
        clock_ids.append(clock_id)
        places.append(len(answers))
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT_ENDS,
            [
                clock_ids,
                places,
                [one.day for one in answers],
                [one.at for one in answers],
                [one.provisional for one in answers],
            ],
        )
        return list(cursor.fetchall())


def _alike(case_ids: list[UUID], days: WorkingCalendar) -> list[tuple[int, str, date, bool, bool, list[str]]]:
    """Return the open clocks by limit, unit, day, and whether they began after closing time; others by themselves."""
    policies = [(holds_from or FIRST_DAY, policy) for holds_from, policy in days.policies]
    until = [holds_from for holds_from, _policy in policies[1:]] + [LAST_DAY]
    closing = [policy.closing if policy.closes == "office" else None for _holds_from, policy in policies]
    with connection.cursor() as cursor:
        cursor.execute(
            _ALIKE, {"cases": case_ids, "from": [one[0] for one in policies], "until": until, "closing": closing}
        )
        return list(cursor.fetchall())


_ALIKE = f"""
    SELECT limit_value, limit_unit, began::date, COALESCE(began::time >= policy.closing, false), alike, array_agg(id)
    FROM (
        SELECT id::text AS id, limit_value, limit_unit, started_at AT TIME ZONE '{OFFICE_ZONE.key}' AS began,
            limit_unit NOT IN ('hour', 'working_hour')
                AND NOT EXISTS (
                    SELECT FROM cases_clockinterval AS stretch WHERE stretch.clock_id = clock.id AND NOT stretch.running
                ) AND NOT EXISTS (
                    SELECT FROM cases_clockextension AS extension WHERE extension.clock_id = clock.id
                ) AS alike
        FROM cases_clock AS clock WHERE case_id = ANY(%(cases)s::uuid[]) AND state <> 'ended'
    ) AS open
    JOIN unnest(%(from)s::date[], %(until)s::date[], %(closing)s::time[]) AS policy (first, until, closing)
        ON began::date >= policy.first AND began::date < policy.until
    GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - our own words only
_PUT_ENDS = """
    UPDATE cases_clock AS clock
    SET due_on = answer.due_on, due_at = answer.due_at, provisional = answer.provisional
    FROM unnest(%s::text[]::uuid[], %s::int[]) AS wanted (id, place)
    JOIN unnest(%s::date[], %s::timestamptz[], %s::boolean[]) WITH ORDINALITY
        AS answer (due_on, due_at, provisional, place) ON answer.place = wanted.place
    JOIN cases_clock AS old ON old.id = wanted.id
    WHERE clock.id = wanted.id AND (clock.due_on, clock.due_at, clock.provisional)
        IS DISTINCT FROM (answer.due_on, answer.due_at, answer.provisional)
    RETURNING clock.case_id, clock.kind, clock.state = 'running', old.due_on, clock.due_on, clock.provisional
"""


@lru_cache(maxsize=50_000)
def _due(value: int, unit: str, day: date, late: bool, days: WorkingCalendar) -> Due:  # noqa: FBT001 - part of a key
    """Return the end of all limits that began on a day before its closing time, or after it."""
    began = datetime.combine(day, time.max if late else time.min, OFFICE_ZONE)
    return due(Limit(value, unit), began, days, days.policy_on(day))  # type: ignore[arg-type]  # written from a Limit only


def _one_by_one(clock_ids: list[str], days: WorkingCalendar) -> Iterable[tuple[str, Due]]:
    if not clock_ids:
        return
    clocks = list(Clock.objects.filter(id__in=clock_ids))
    ids = [clock.id for clock in clocks]
    stops, added = stops_of(ids), extensions_of(ids)
    for clock in clocks:
        limit = Limit(clock.limit_value, clock.limit_unit)  # type: ignore[arg-type]  # see above
        policy = days.policy_on(clock.started_at)
        stood, more = stops.get(clock.id, ()), added.get(clock.id, ())
        yield str(clock.id), due(limit, clock.started_at, days, policy, stops=stood, extensions=more)


def _order_work(case_ids: list[UUID]) -> None:
    """Put the nearest end of the running clocks on cases and their open tasks, as `clocks.order_work` does for one."""
    if case_ids:
        with connection.cursor() as cursor:
            cursor.execute(_ORDER, {"cases": case_ids})


_ORDER = """
    WITH nearest AS MATERIALIZED (
        SELECT DISTINCT ON (case_id) case_id, due_on, provisional FROM cases_clock
        WHERE case_id = ANY(%(cases)s::uuid[]) AND state = 'running' AND kind <> 'step'
        ORDER BY case_id, due_on, id
    ), ordered AS (
        UPDATE cases_case AS found SET due_on = nearest.due_on FROM nearest
        WHERE found.id = nearest.case_id AND found.due_on IS DISTINCT FROM nearest.due_on
    ), wanted AS (
        SELECT task.id, LEAST(nearest.due_on, step.due_on) AS due_on,
            CASE WHEN step.due_on < nearest.due_on OR nearest.due_on IS NULL THEN step.provisional
                ELSE nearest.provisional END AS provisional
        FROM cases_task AS task
        LEFT JOIN nearest ON nearest.case_id = task.case_id
        LEFT JOIN cases_clock AS step ON step.task_id = task.id AND step.state = 'running' AND step.kind = 'step'
        WHERE task.case_id = ANY(%(cases)s::uuid[]) AND task.state = 'open'
    )
    UPDATE cases_task AS task SET due_on = wanted.due_on, provisional = COALESCE(wanted.provisional, false)
    FROM wanted
    WHERE task.id = wanted.id
        AND (task.due_on, task.provisional) IS DISTINCT FROM (wanted.due_on, COALESCE(wanted.provisional, false))
"""


def _put_answers(case_ids: list[UUID], days: WorkingCalendar) -> Iterable[tuple[UUID, MovedEnd]]:
    """Reckon the days by which an answer to a supplement request is awaited; return those that are moved."""
    awaited = SupplementRequest.objects.filter(case_id__in=case_ids, answered_at__isnull=True)
    for request in awaited.select_related("case").defer("case__process_data"):
        limit = Limit(_terms(request.case.terms).supplement_answer_days, "calendar_day")
        ends = due(limit, request.asked_at, days, days.policy_on(request.asked_at))
        was = request.answer_by
        if (was, request.provisional) == (ends.day, ends.provisional):
            continue
        request.answer_by, request.provisional = ends.day, ends.provisional
        request.save(update_fields=["answer_by", "provisional"])
        if was != ends.day:
            yield request.case_id, MovedEnd(SUPPLEMENT, was, ends.day, ends.provisional, told=True)


def _put_expectations(case_ids: list[UUID], days: WorkingCalendar) -> None:
    """Reckon anew when open suspensions should be over; nothing ends by itself then, so nobody is told."""
    standing = Suspension.objects.filter(case_id__in=case_ids, ended_at__isnull=True, expected_value__isnull=False)
    for one in standing:
        limit = Limit(one.expected_value or 0, one.expected_unit)  # type: ignore[arg-type]  # written from a Limit only
        ends = due(limit, one.began_at, days, days.policy_on(one.began_at))
        if (one.expected_on, one.provisional) != (ends.day, ends.provisional):
            one.expected_on, one.provisional = ends.day, ends.provisional
            one.save(update_fields=["expected_on", "provisional"])


def _terms(kept: Mapping[str, Any]) -> Terms:
    return Terms.model_validate(kept)
