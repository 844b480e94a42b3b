"""What rooms above register here: who has dates that a change of the calendar moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.base.errors import Words
from tongban.base.registry import Registry
from tongban.calendar.rules.changes import CalendarChange


@dataclass(frozen=True, slots=True)
class Recount:
    """How far a recount after a change has come: what is left of how much, and how many it moved.

    `only_marked` are those of which a date stayed, and has only become firm or provisional.
    """

    begun_at: datetime
    finished_at: datetime | None
    touched: int
    left: int
    moved: int
    only_marked: int


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody whose dates follow the calendar. `touched` counts those that a change can move."""

    name: str
    words: Words
    touched: Callable[[CalendarChange], int]
    recounts: Callable[[], Sequence[Recount]]


FOLLOWERS: Registry[Follower] = Registry("follower of the calendar")
