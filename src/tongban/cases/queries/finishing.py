"""What came of cases, for whoever counts: when they came in, were accepted and came to their end, and by which clocks.

A case has come to its end, for the figures, when the office has said its word (decided or not accepted), or when there
is none to be said any more (withdrawn, lapsed). Delivery comes after that and has a limit of its own. What one office
asks of another is not among them: figures are about residents and enterprises.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.base.clock import office_date
from tongban.calendar.rules import is_in_time
from tongban.cases.models import Case

_ENDED = "COALESCE(found.decided_at, found.ended_at)"

_COLUMNS = """
    found.id, found.number, found.organisation_id, found.terms ->> 'item_code', found.terms ->> 'catalogue_code',
    found.channel, found.submitted_at, found.accepted_at,
    COALESCE(found.decided_at, found.ended_at),
    CASE WHEN found.decided_at IS NOT NULL THEN decision.outcome ELSE found.state END,
    COALESCE(decision.post_id, refusal.post_id), found.acceptance_is_deemed, COALESCE(decision.is_deemed, false),
    COALESCE(delivery.way, ''), (SELECT count(*) FROM cases_supplementrequest WHERE case_id = found.id),
    found.terms -> 'promised', found.terms -> 'statutory',
    promised.due_on, promised.due_at, statutory.due_on, statutory.due_at,
    (
        SELECT array_agg(ARRAY[stop.since, COALESCE(stop.until, found.decided_at, found.ended_at)] ORDER BY stop.since)
        FROM cases_clockinterval AS stop
        WHERE stop.clock_id = COALESCE(promised.id, statutory.id) AND NOT stop.running
    )
"""

_JOINED = """
    FROM cases_case AS found
    LEFT JOIN cases_decision AS decision ON decision.case_id = found.id
    LEFT JOIN cases_nonacceptance AS refusal ON refusal.case_id = found.id
    LEFT JOIN cases_delivery AS delivery ON delivery.case_id = found.id
    LEFT JOIN LATERAL (
        SELECT id, due_on, due_at FROM cases_clock
        WHERE case_id = found.id AND kind = 'promised' ORDER BY started_at DESC, id DESC LIMIT 1
    ) AS promised ON true
    LEFT JOIN LATERAL (
        SELECT id, due_on, due_at FROM cases_clock
        WHERE case_id = found.id AND kind = 'statutory' ORDER BY started_at DESC, id DESC LIMIT 1
    ) AS statutory ON true
"""

_OF_THESE = f"""
    SELECT {_COLUMNS} {_JOINED}
    WHERE found.id = ANY(%(ids)s) AND {_ENDED} IS NOT NULL AND found.erased_at IS NULL
        AND found.applicant_organisation_id IS NULL
"""

_IN_ORDER = f"""
    SELECT {_COLUMNS} {_JOINED}
    WHERE found.id > %(after)s AND found.id <= %(up_to)s AND {_ENDED} IS NOT NULL AND found.erased_at IS NULL
        AND found.applicant_organisation_id IS NULL
    ORDER BY found.id LIMIT %(limit)s
"""
_LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class ClockEnd:
    """When the time of a clock was over: the last day, and the instant at which that ended."""

    due_on: date
    due_at: datetime | None
    """None for clocks of an earlier release."""

    def met_by(self, instant: datetime) -> bool:
        """Whether what happened then was in time (`calendar.rules.is_in_time`)."""
        return office_date(instant) <= self.due_on if self.due_at is None else is_in_time(instant, self.due_at)


@dataclass(frozen=True, slots=True)
class Finished:
    """A case that has come to its end, as its own tables tell it. Limits are (value, unit) of its terms."""

    case_id: UUID
    number: str
    organisation_id: UUID
    item_code: str
    catalogue_code: str
    channel: str
    submitted_at: datetime
    accepted_at: datetime | None
    ended_at: datetime
    outcome: str
    post_id: UUID | None
    acceptance_is_deemed: bool
    decision_is_deemed: bool
    delivery_way: str
    supplements: int
    promised_limit: tuple[int, str] | None
    statutory_limit: tuple[int, str] | None
    promised: ClockEnd | None
    statutory: ClockEnd | None
    stops: tuple[tuple[datetime, datetime], ...]


def finished_cases(case_ids: Sequence[UUID]) -> list[Finished]:
    """Return those of the cases that have come to their end; erased ones cannot tell any more."""
    return _asked(_OF_THESE, {"ids": list(case_ids)}) if case_ids else []


def finished_after(case_id: UUID, *, limit: int, up_to: UUID = _LAST_ID) -> list[Finished]:
    """Return the finished cases after an id, in the order of their ids: the way through all of them, piece by piece."""
    return _asked(_IN_ORDER, {"after": case_id, "up_to": up_to, "limit": limit})


def dividing_ids(parts: int) -> list[UUID]:
    """Return the ids that divide all cases into so many parts of about one size; the last is the last of all ids."""
    known = Case.objects.order_by("id").values_list("id", flat=True)
    size = known.count() // parts
    return [*(known[size * part] for part in range(1, parts) if size), _LAST_ID]


def _asked(question: str, values: Mapping[str, Any]) -> list[Finished]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [_finished(row) for row in cursor.fetchall()]


def _finished(row: Sequence[Any]) -> Finished:
    told = iter(row)

    def some(number: int) -> list[Any]:
        return [next(told) for _place in range(number)]

    case_id, number, organisation_id, item_code, catalogue_code = some(5)
    channel, submitted_at, accepted_at, ended_at, outcome, post_id = some(6)
    acceptance_is_deemed, decision_is_deemed, delivery_way, supplements = some(4)
    return Finished(
        case_id=case_id,
        number=number,
        organisation_id=organisation_id,
        item_code=item_code or "",
        catalogue_code=catalogue_code or "",
        channel=channel,
        submitted_at=submitted_at,
        accepted_at=accepted_at,
        ended_at=ended_at,
        outcome=outcome,
        post_id=post_id,
        acceptance_is_deemed=acceptance_is_deemed,
        decision_is_deemed=decision_is_deemed,
        delivery_way=delivery_way,
        supplements=supplements,
        promised_limit=_limit(next(told)),
        statutory_limit=_limit(next(told)),
        promised=_clock_end(*some(2)),
        statutory=_clock_end(*some(2)),
        stops=tuple((since, until) for since, until in next(told) or ()),
    )


def _limit(stated: object) -> tuple[int, str] | None:
    limit = _read(stated)
    return None if limit is None else (int(limit["value"]), str(limit["unit"]))


def _read(stated: object) -> Mapping[str, Any] | None:
    """Return JSON as an object: Django's connections give it as text."""
    return json.loads(stated) if isinstance(stated, str) else stated  # type: ignore[return-value]  # the shape of a limit


def _clock_end(due_on: date | None, due_at: datetime | None) -> ClockEnd | None:
    return None if due_on is None else ClockEnd(due_on, due_at)


def items_of_running(case_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return case id → (handling item, catalogue item) of those of the cases that are accepted and not decided yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, COALESCE(terms ->> 'item_code', ''), COALESCE(terms ->> 'catalogue_code', '') FROM cases_case "
            "WHERE id = ANY(%s) AND accepted_at IS NOT NULL AND decided_at IS NULL AND ended_at IS NULL",
            [list(case_ids)],
        )
        return {case_id: (item, catalogue) for case_id, item, catalogue in cursor.fetchall()}
