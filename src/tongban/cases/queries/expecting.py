"""When the applicant may expect the decision: what comparable cases took, as days of the calendar."""

from dataclasses import dataclass
from datetime import date

from tongban.calendar.errors import BeyondCalendar
from tongban.calendar.rules import Limit, due
from tongban.cases.models import Case, Clock
from tongban.cases.queries.clocks import Moves
from tongban.cases.queries.dossier import Dossier

COUNTED_LIKE = ("promised", "statutory")
"""The clock whose stops push the expected days off, too: the first of these that the case has."""


@dataclass(frozen=True, slots=True)
class Expected:
    """By when half of comparable cases, and nine of ten, are decided; what is over is no news any more."""

    usual_on: date
    later_on: date
    cases: int
    provisional: bool
    usual_is_over: bool
    later_is_over: bool


def expected(case: Case, kept: Dossier, moves: Moves, *, today: date) -> Expected | None:
    """Return when the decision may be expected; None where nothing was told, or when there is nothing to wait for."""
    if kept.expected is None or case.accepted_at is None or case.decided_at or case.ended_at:
        return None
    usual_days, later_days, cases = kept.expected
    reckoned = kept.calendar
    policy = reckoned.policy_on(case.accepted_at)
    clock = _counted_like(kept.clocks)
    stops = moves.stops_until(clock, today, policy) if clock else []
    try:
        usual, later = (
            due(Limit(days, "working_day"), case.accepted_at, reckoned, policy, stops=stops)
            for days in (usual_days, later_days)
        )
    except BeyondCalendar:
        return None
    return Expected(
        usual_on=usual.day,
        later_on=later.day,
        cases=cases,
        provisional=later.provisional,
        usual_is_over=usual.day < today,
        later_is_over=later.day < today,
    )


def _counted_like(clocks: list[Clock]) -> Clock | None:
    for kind in COUNTED_LIKE:
        found = [clock for clock in clocks if clock.kind == kind]
        if found:
            return max(found, key=lambda clock: clock.started_at)
    return None
