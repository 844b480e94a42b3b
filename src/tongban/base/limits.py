"""How often something may be asked for, and buckets that count it within one process.

A bucket holds `most` and fills up again within `seconds`: who comes now and then never meets it, who comes without a
pause gets `most` at once and then `most` in `seconds` (the generic cell rate algorithm: one number for each caller).
"""

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

MOST_KEPT = 50_000
"""Callers remembered, 200 bytes each; beyond it those whose buckets are full again are forgotten, then the oldest."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in so many seconds."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How often one account, and one network address, may ask for one kind of thing.

    `counted` says where: "here", in the memory of each serving process, costs a microsecond and may give as many times
    the limit as there are processes; "everywhere", in the database, costs a statement and is exact.
    """

    account: Limit | None = None
    place: Limit | None = None
    counted: Literal["here", "everywhere"] = "here"


class Buckets:
    """The buckets of one process; threads may ask at once."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        """Begin with nobody known."""
        self._empty_until: dict[Hashable, float] = {}
        self._most_kept = most_kept
        self._lock = threading.Lock()

    def take(self, who: Hashable, limit: Limit, now: float | None = None) -> float:
        """Take one; returns 0, or in how many seconds there will be one. `now` is monotonic, in seconds."""
        moment = time.monotonic() if now is None else now
        step = limit.seconds / limit.most
        with self._lock:
            full_at = max(self._empty_until.get(who, moment), moment)
            wait = full_at - moment - (limit.seconds - step)
            if wait > step * 1e-6:
                return wait
            if len(self._empty_until) >= self._most_kept and who not in self._empty_until:
                self._forget(moment)
            self._empty_until[who] = full_at + step
        return 0.0

    def _forget(self, moment: float) -> None:
        kept = {who: full_at for who, full_at in self._empty_until.items() if full_at > moment}
        if len(kept) > self._most_kept * 3 // 4:
            kept = dict(list(kept.items())[len(kept) // 2 :])
        self._empty_until = kept
