"""Whether a neighbour is asked at all: after several failures in a row it is left alone for a while, then tried once.

A provider that is half dead would otherwise hold a thread for each caller until its time is up, and with all threads
held nobody else would be served either.
"""

from dataclasses import dataclass, replace

FAILURES = 5
REST_SECONDS = 10.0
LONGEST_REST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """How it went lately. `open_until`: on a clock that only goes forward; 0 while it is closed."""

    failures: int = 0
    open_until: float = 0.0
    trying: bool = False

    def may_ask(self, now: float) -> bool:
        """Whether to ask: it is closed, or has rested and nobody tries it just now."""
        return not self.open_until or (now >= self.open_until and not self.trying)

    def asked(self, now: float) -> "Circuit":
        """Note that somebody asks: of an open one that has rested only one tries."""
        return replace(self, trying=True) if self.open_until and now >= self.open_until else self

    def answered(self) -> "Circuit":
        """It answers: all is forgotten."""
        return Circuit()

    def failed(self, now: float) -> "Circuit":
        """It did not answer. Each rest after a trial that failed is twice as long, up to two minutes."""
        failures = self.failures + 1
        if failures < FAILURES:
            return Circuit(failures)
        rest = min(REST_SECONDS * 2 ** min(failures - FAILURES, 10), LONGEST_REST_SECONDS)
        return Circuit(failures, now + rest)
