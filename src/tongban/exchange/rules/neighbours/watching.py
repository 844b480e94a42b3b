"""What an operator is warned of: keys and directories that end soon, lines on which nobody answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.exchange.rules.neighbours.circuit import FAILURES

KEY_SOON = timedelta(days=30)
"""A new key is made, told and settled in a day; its operator may be on holiday."""
DIRECTORY_SOON = timedelta(days=2)
"""It is issued for a week and fetched every ten minutes: one this old was not issued anew for days."""


@dataclass(frozen=True, slots=True)
class LineState:
    """How it went lately with a neighbour that we ask: from the log, for each process has its own circuit."""

    answered_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0

    @property
    def state(self) -> str:
        """unknown, answers, fails, resting: after so many failures in a row the door leaves it alone for a while."""
        if not self.failures:
            return "answers" if self.answered_at else "unknown"
        return "resting" if self.failures >= FAILURES else "fails"


def line_state(passed: Iterable[tuple[datetime, bool]]) -> LineState:
    """Return the state of a line by what passed on it, the newest first: when, and whether nobody answered."""
    since, failures = None, 0
    for at, failed in passed:
        if not failed:
            return LineState(at, since, failures)
        since, failures = at, failures + 1
    return LineState(None, since, failures)


def end_state(until: datetime, now: datetime, soon: timedelta) -> str:
    """Return whether something is good, ends soon or is over."""
    if until <= now:
        return "over"
    return "soon" if until - now <= soon else "good"
