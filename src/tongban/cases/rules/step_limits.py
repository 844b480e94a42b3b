"""How long a step 环节 of the review may take: as its process has it, and no longer than the whole matter may."""

from bisect import bisect_right
from datetime import datetime

from tongban.calendar.rules import Limit, Policy, WorkingCalendar, due
from tongban.calendar.rules.limits import DAYS_OF_A_MONTH
from tongban.cases.kinds import Terms
from tongban.cases.rules.clock_table import ClockRules
from tongban.cases.rules.clocks import ClockStart, starting
from tongban.processes.rules.model import StepLimit

HELD_TO = ("promised", "statutory", "policy")
"""Which limit of the matter its decision is held to, the first that it has: promises come before the law's limit."""
WHOLE = 100


def whole_limit(rules: ClockRules, terms: Terms, *, joint: bool) -> ClockStart | None:
    """Return the limit of the whole matter, of which a step may have a part; None where it has none."""
    starts = {start.kind: start for start in starting(rules, "acceptance", terms, joint=joint)}
    return next((starts[kind] for kind in HELD_TO if kind in starts), None)


def limit_of_step(limit: StepLimit, whole: ClockStart | None) -> Limit | None:
    """Return the limit of a step in a unit; None for a part of a limit that nobody has laid down.

    A part is rounded down, and is one at least. Parts of months are days, a month having thirty.
    """
    if limit.unit != "percent":
        return Limit(limit.value, limit.unit)
    if whole is None:
        return None
    if whole.unit == "month":
        return Limit(whole.value * DAYS_OF_A_MONTH * limit.value // WHOLE, "calendar_day")
    return Limit(min(whole.value, max(1, whole.value * limit.value // WHOLE)), whole.unit)


def within(limit: Limit, start: datetime, until: datetime, calendar: WorkingCalendar) -> Limit:
    """Return a limit, shortened so far that it is over no later than `until`, by which the whole matter has to be.

    Where even nothing of it would be in time, the whole is late already and is watched by itself: the step, which may
    have come to its official only now, keeps its own length.
    """
    policy = calendar.policy_on(start)
    if _end(limit.value, limit, start, calendar, policy) <= until:
        return limit
    values = range(limit.value)
    fitting = bisect_right(values, until, key=lambda value: _end(value, limit, start, calendar, policy)) - 1
    return Limit(fitting, limit.unit) if fitting >= 0 else limit


def _end(value: int, limit: Limit, start: datetime, calendar: WorkingCalendar, policy: Policy) -> datetime:
    return due(Limit(value, limit.unit), start, calendar, policy).at
