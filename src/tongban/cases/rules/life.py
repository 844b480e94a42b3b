"""The legal life of a case: which step leads from which state to which. Fixed in code, because law fixes it.

Sources: 行政许可法 arts. 29 to 32 (asking, supplement, acceptance, deemed acceptance), 37, 38 (decision), 44
(delivery), 45 (special procedures), 50 (deemed renewal); withdrawal is possible until the decision is made.
"""

from collections.abc import Mapping
from typing import Literal

Step = Literal[
    "ask_supplement", "give_supplement", "lapse", "pass_on", "accept", "refuse_acceptance", "complete_review", "decide",
    "issue_result", "complete", "deliver", "withdraw", "rate", "deem_accepted", "suspend", "resume", "deem_renewed",
]  # fmt: skip

LIFE: Mapping[tuple[str, Step], str] = {
    ("submitted", "ask_supplement"): "supplement",
    ("supplement", "give_supplement"): "submitted",
    ("supplement", "lapse"): "lapsed",
    ("submitted", "pass_on"): "submitted",
    ("submitted", "accept"): "review",
    ("submitted", "refuse_acceptance"): "not_accepted",
    ("submitted", "deem_accepted"): "review",
    ("review", "complete_review"): "review",
    ("review", "suspend"): "suspended",
    ("suspended", "suspend"): "suspended",
    ("suspended", "complete_review"): "suspended",
    ("suspended", "resume"): "review",
    ("submitted", "deem_renewed"): "decided",
    ("supplement", "deem_renewed"): "decided",
    ("review", "deem_renewed"): "decided",
    ("suspended", "deem_renewed"): "decided",
    ("review", "decide"): "decided",
    ("decided", "issue_result"): "decided",
    ("decided", "complete"): "completed",
    ("completed", "deliver"): "delivered",
    ("submitted", "withdraw"): "withdrawn",
    ("supplement", "withdraw"): "withdrawn",
    ("review", "withdraw"): "withdrawn",
    ("suspended", "withdraw"): "withdrawn",
    ("completed", "rate"): "completed",
    ("delivered", "rate"): "delivered",
    ("not_accepted", "rate"): "not_accepted",
}
"""(state, step) → state afterwards. What is not in here is refused."""

ENDED: frozenset[str] = frozenset({"delivered", "not_accepted", "withdrawn", "lapsed", "voided"})
"""States in which nothing more is to be done; retention is counted from their beginning."""

UNDECIDED: frozenset[str] = frozenset({"submitted", "supplement", "review", "suspended"})
"""States in which the office may still decide either way."""

WITH_THE_OFFICE: frozenset[str] = frozenset({"submitted", "review", "suspended", "decided", "completed"})
"""States in which the next move is the office's."""


def after(state: str, step: Step) -> str | None:
    """Return the state after a step; None when the step is not possible from this state."""
    return LIFE.get((state, step))


def is_possible(state: str, step: Step) -> bool:
    """Whether the step may be taken in this state."""
    return after(state, step) is not None
