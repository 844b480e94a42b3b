"""How good data are: brought up to date as was declared, complete, valid. Shares from 0 to 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

CYCLES: Mapping[str, timedelta | None] = {
    "real_time": timedelta(days=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "ten_days": timedelta(days=10),
    "monthly": timedelta(days=31),
    "quarterly": timedelta(days=92),
    "half_yearly": timedelta(days=184),
    "yearly": timedelta(days=366),
    "as_needed": None,
}
"""How old data of a declared cycle may be. "At once" promises that what happens is there at once, not that something
happens: a day without any change is what makes a reader look. "As needed" promises nothing."""
GOOD, FAIR = 0.98, 0.9


@dataclass(frozen=True, slots=True)
class FieldMeasure:
    """What was counted of one field: values that are there, that could be judged, that are valid."""

    field: str
    is_required: bool
    filled: int
    judged: int
    valid: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of the data of a resource; None: it cannot be said."""

    late: timedelta | None
    """By how much the last change is older than the cycle allows; zero: in time."""
    timeliness: float | None
    completeness: float | None
    validity: float | None

    @property
    def score(self) -> float | None:
        """The worst of the three: what is late is not made good by being complete."""
        known = [one for one in (self.timeliness, self.completeness, self.validity) if one is not None]
        return min(known, default=None)

    @property
    def grade(self) -> str:
        """In a word: good, fair, poor, unknown."""
        score = self.score
        if score is None:
            return "unknown"
        return "good" if score >= GOOD else "fair" if score >= FAIR else "poor"


def timeliness(cycle: str, changed_at: datetime | None, now: datetime) -> tuple[timedelta | None, float | None]:
    """Return by how much data are late, and the share of their age that the cycle allows.

    None and 0 where no change is known at all; None twice where the cycle promises nothing.
    """
    allowed = CYCLES[cycle]
    if allowed is None:
        return None, None
    if changed_at is None:
        return None, 0.0
    age = max(now - changed_at, timedelta())
    return max(age - allowed, timedelta()), min(allowed / age, 1.0) if age else 1.0


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None
