"""Which clocks measure a case, by type of item.

Sources: 行政许可法 art. 32 (five days for naming what is missing), art. 42 (twenty days from acceptance where nothing
else is laid down), art. 44 (ten days for delivery), art. 82 (days are working days). These hold for permits, item type
01; other matters have only their own law's limits and the promise (facts §3).
"""

from dataclasses import dataclass
from typing import Literal

from tongban.calendar.rules import Unit
from tongban.cases.kinds import TermLimit, Terms

PERMIT = "01"
ClockKind = Literal["notice", "statutory", "promised", "policy"]

NOTICE = TermLimit(value=5, unit="working_day", basis="《中华人民共和国行政许可法》第三十二条")
PERMIT_DEFAULT = TermLimit(value=20, unit="working_day", basis="《中华人民共和国行政许可法》第四十二条")
DELIVERY = TermLimit(value=10, unit="working_day", basis="《中华人民共和国行政许可法》第四十四条")
POLICY_ACCEPTANCE = TermLimit(value=5, unit="working_day")
POLICY_DECISION = TermLimit(value=20, unit="working_day")
"""The two policy limits order the work and are watched by supervisors; nobody is promised them."""

TOLD: frozenset[str] = frozenset({"notice", "statutory", "promised"})
"""Clocks that the applicant is shown."""


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock that begins now."""

    kind: ClockKind
    value: int
    unit: Unit
    basis: str = ""


def _start(kind: ClockKind, limit: TermLimit) -> ClockStart:
    return ClockStart(kind, limit.value, limit.unit, limit.basis)


def at_receipt(terms: Terms) -> tuple[ClockStart, ...]:
    """Return the clocks that begin when something comes in: on receipt, and again with what is sent in later."""
    if terms.item_type == PERMIT:
        return (_start("notice", NOTICE),)
    return (_start("policy", POLICY_ACCEPTANCE),)


def at_acceptance(terms: Terms) -> tuple[ClockStart, ...]:
    """Return the clocks of the decision, which begin at acceptance.

    A permit without a stated limit runs under the legal default; another matter without any limit runs under a policy
    limit for supervision. A limit whose unit nobody stated is not in the terms: nothing is guessed.
    """
    found = []
    if statutory := _statutory(terms):
        found.append(_start("statutory", statutory))
    if terms.promised is not None:
        found.append(_start("promised", terms.promised))
    return tuple(found) or (_start("policy", terms.policy_limit or POLICY_DECISION),)


def _statutory(terms: Terms) -> TermLimit | None:
    if terms.statutory is not None:
        return terms.statutory
    return PERMIT_DEFAULT if terms.item_type == PERMIT else None


def at_completion(terms: Terms) -> TermLimit | None:
    """Return the limit for delivering, counted from the decision; only permits have one by law."""
    return DELIVERY if terms.item_type == PERMIT else None
