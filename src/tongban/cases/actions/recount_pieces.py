"""Reckon the ends of many cases anew in one transaction, in a handful of statements.

Nearly all clocks are limits in days without stops: the database reckons them where they are. Cases with a clock in
hours, or one that stood or was extended, are reckoned here. Locks as everywhere: case, tasks, clocks. What somebody
is just working on is left out, so that nobody waits for more than one piece.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.base.actor import SYSTEM
from tongban.base.clock import office_date
from tongban.calendar import queries as calendar
from tongban.calendar.rules import CalendarChange, Due, Limit, WorkingCalendar, due, ordinals_around
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY
from tongban.calendar.rules.limits import LONGEST
from tongban.cases.actions import recount_statements as statements
from tongban.cases.actions.clocks import extensions_of, stops_of
from tongban.cases.events import ClocksMoved
from tongban.cases.kinds import Terms
from tongban.cases.models import Recount
from tongban.cases.queries.clock_tables import rules_by
from tongban.ledger import actions as ledger


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What became of a piece.

    Cases that somebody was working on are left. Of the others: how many had a date moved, in how many a date stayed and
    only became firm or provisional, and the events of which people are to be told.
    """

    left: list[UUID]
    moved: int
    only_marked: int
    to_tell: list[int]


def change_of(recount: Recount) -> CalendarChange:
    """Return the change that a recount follows."""
    return CalendarChange(_spans(recount.days), _spans(recount.starts))


def _spans(kept: Sequence[Sequence[str]]) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in kept)


def reckon(case_ids: str, *, change_id: int, now: datetime) -> Reckoned:
    """Reckon the open clocks of cases under the calendar in force, in the transaction of the caller.

    `case_ids` is an array as the database writes it, for it goes there as it came. Dates that come out the same are
    not touched. Records ClocksMoved for each case of which one is moved.
    """
    rules, apart = _lock(case_ids)
    days = calendar.working_calendar()
    event, about = ledger.recording_of(ClocksMoved, "happened", actor=SYSTEM, now=now)
    statement = statements.reckoning(event, LONGEST)
    common = {**about, **_table(office_date(now), days), **_told(rules), "change": change_id, "answer_days": _ANSWER}
    moved, to_tell, marked, single = _put(statement, {**common, **_NOTHING_GIVEN, "cases": case_ids, "apart": apart})
    if single:
        wanted = {"cases": single, "apart": []}
        given = _given(_one_by_one({**wanted, "answer_days": _ANSWER}, days))
        more, told, more_marked, _none = _put(statement, {**common, **given, **wanted})
        moved, to_tell, marked = moved + more, to_tell + told, marked + more_marked
    return Reckoned(apart, moved, marked, to_tell)


_ANSWER = Terms.model_fields["supplement_answer_days"].default
"""Days for an answer where the terms of a case say nothing."""


def _put(statement: str, parameters: Mapping[str, Any]) -> tuple[int, list[int], int, list[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        moved, to_tell, marked, single = cursor.fetchone()
        return moved, to_tell, marked, single


def _lock(case_ids: str) -> tuple[list[str], list[UUID]]:
    """Lock the cases, with their open tasks, on which nobody is working; return their tables, and the others."""
    with connection.cursor() as cursor:
        cursor.execute(statements.LOCK_CASES, {"cases": case_ids})
        rules, apart = cursor.fetchone()
        cursor.execute(statements.LOCK_TASKS, {"cases": case_ids, "apart": apart})
        return rules, apart + [row[0] for row in cursor.fetchall()]


def _told(rules: Iterable[str]) -> dict[str, list[str]]:
    """Return which ends the applicant is shown, by table of clocks."""
    pairs = [(name, kind) for name in rules for kind in sorted(_kinds_told(name))]
    return {"told_rules": [name for name, _kind in pairs], "told_kinds": [kind for _name, kind in pairs]}


def _kinds_told(rules: str) -> Iterable[str]:
    is_table = len(rules) == len(str(UUID(int=0)))
    return (rules_by(UUID(rules), "") if is_table else rules_by(None, rules)).told


@lru_cache(maxsize=4)
def _table(today: date, days: WorkingCalendar) -> dict[str, Any]:
    """Return the calendar as the statement wants it, written out once: it goes with each piece."""
    table = ordinals_around(today, days)
    policies = days.policies
    starts = [holds_from or FIRST_DAY for holds_from, _policy in policies]
    return {
        "before": table.before,
        "following": _written(table.following),
        "ordinals": _written(table.ordinals),
        "working": _written(table.working),
        "provisional": _written(table.provisional),
        "policy_from": starts,
        "policy_until": [*starts[1:], LAST_DAY],
        "closing": [policy.closing if policy.closes == "office" else None for _from, policy in policies],
        "first_day": [policy.first_day for _from, policy in policies],
        "thirty": [policy.months == "thirty_days" for _from, policy in policies],
    }


def _written(numbers: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if one is None else str(one) for one in numbers) + "}"


def _one_by_one(wanted: Mapping[str, Any], days: WorkingCalendar) -> Iterable[tuple[UUID, Due]]:
    """Reckon all that is open on cases, with stops and extensions."""
    with connection.cursor() as cursor:
        cursor.execute(statements.OPEN, wanted)
        rows = cursor.fetchall()
    clocks = [row_id for source, row_id, *_rest in rows if source == "clock"]
    stops, added = stops_of(clocks), extensions_of(clocks)
    for _source, row_id, value, unit, started_at in rows:
        limit, policy = Limit(value, unit), days.policy_on(started_at)
        stood, more = stops.get(row_id, ()), added.get(row_id, ())
        yield row_id, due(limit, started_at, days, policy, stops=stood, extensions=more)


def _given(ends: Iterable[tuple[UUID, Due]]) -> dict[str, list[Any]]:
    rows = list(ends)
    return {
        "given": [row_id for row_id, _found in rows],
        "given_on": [found.day for _id, found in rows],
        "given_at": [found.at for _id, found in rows],
        "given_may": [found.provisional for _id, found in rows],
    }


_NOTHING_GIVEN = _given(())
