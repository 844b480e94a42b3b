"""Which clocks measure a case now, by its terms and the table in force for it. The table: `clock_table`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tongban.calendar.rules.limits import FixedDay, Unit
from tongban.cases.kinds import Terms
from tongban.cases.rules.clock_table import AtEnd, Begins, ClockRules, limit_of

if TYPE_CHECKING:
    from tongban.cases.models import Clock


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock that begins now."""

    kind: str
    value: int
    unit: Unit | FixedDay
    basis: str = ""
    at_end: AtEnd = ""


def nearest_end(clocks: "Iterable[Clock]") -> date | None:
    """Return the nearest end of the running clocks of a case as a whole: by it the work on it is ordered."""
    return min((clock.due_on for clock in clocks if clock.state == "running" and clock.kind != "step"), default=None)


def starting(rules: ClockRules, begins: Begins, terms: Terms, *, joint: bool = False) -> tuple[ClockStart, ...]:
    """Return the clocks that begin with something; fallbacks only where no other does.

    A limit whose unit nobody stated is not in the terms: nothing is guessed.
    """
    found: list[ClockStart] = []
    fallbacks: list[ClockStart] = []
    for rule in rules.beginning(begins):
        limit = limit_of(rule, terms, joint=joint)
        if limit is not None:
            into = fallbacks if rule.fallback else found
            into.append(ClockStart(rule.kind, limit.value, limit.unit, limit.basis, rule.at_end))
    return tuple(found or fallbacks)


def starting_with_step(rules: ClockRules, step: str) -> ClockStart | None:
    """Return the clock of a kind of task, by the table; None where it has none."""
    rule = rules.rule_of_step(step)
    if rule is None or rule.limit is None:
        return None
    return ClockStart("step", rule.limit.value, rule.limit.unit, rule.limit.basis)
