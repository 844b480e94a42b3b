"""The rows that ended lives have in the figures: reckoned once for each mould and week, by the room that keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from tongban.cases import queries as cases
from tongban.cases.queries import ClockEnd, Finished
from tongban.insight import queries as insight
from tongban.site.demo.bulk.cutting import Slot
from tongban.site.demo.bulk.dues import due_of, the_calendar
from tongban.site.demo.bulk.moulds import NULL, Casting, Cell, Row

TABLE = "insight_finishedcase"
RECKONED = ("days_used", "promised_days", "statutory_days", "kept_promise", "kept_law")


@dataclass(frozen=True)
class Life:
    """An ended case, and where the ends of its two limits come from."""

    finished: Finished
    promised: Slot | None
    statutory: Slot | None


def life_of(case_id: UUID, rows: Mapping[str, list[Row]]) -> Life | None:
    """Return the life of a case, None when it has no row in the figures."""
    if not rows[TABLE]:
        return None
    [finished] = cases.finished_cases([case_id])
    return Life(finished, _origin("promised", rows), _origin("statutory", rows))


def _origin(kind: str, rows: Mapping[str, list[Row]]) -> Slot | None:
    """Return what the end of the newest clock of a kind is reckoned from."""
    clocks = [row for row in rows["cases_clock"] if row["kind"] == kind]
    if not clocks:
        return None
    newest = max(clocks, key=lambda row: (row["started_at"], row["id"]))
    return (int(newest["limit_value"]), newest["limit_unit"], newest["started_at"])


def _end(origin: Slot | None, weeks: int) -> ClockEnd | None:
    if origin is None:
        return None
    due = due_of(origin, weeks)
    return ClockEnd(due.day, due.at)


@lru_cache(maxsize=100_000)
def _values(life: Life, weeks: int) -> dict[str, str]:
    """Return what is reckoned of a life that was lived so many weeks earlier, as COPY reads it."""
    earlier, one = timedelta(weeks=weeks), life.finished
    moved = replace(
        one,
        submitted_at=one.submitted_at - earlier,
        accepted_at=one.accepted_at and one.accepted_at - earlier,
        ended_at=one.ended_at - earlier,
        promised=_end(life.promised, weeks),
        statutory=_end(life.statutory, weeks),
        stops=tuple((since - earlier, until - earlier) for since, until in one.stops),
    )
    row = insight.row_of(moved, None, None, the_calendar())
    return {name: _text(getattr(row, name)) for name in RECKONED}


def _text(value: object) -> str:
    if value is None:
        return NULL
    return str(value).lower()  # true and false, and whole numbers


def value(wanted: Any, weeks: int) -> str:  # noqa: ANN401 - a slot holds what its kind says
    """Return one of them."""
    life, name = wanted
    return _values(life, weeks)[name]


def _reckoned(name: str) -> Cell:
    return lambda _row, casting: ("figure", (casting.facts["life"], name))


def _day(name: str) -> Cell:
    """A day on which something was done, though it be that on which it was due."""
    return lambda row, _casting: None if row[name] is None else ("day", date.fromisoformat(row[name]))


def _nobody_told(_row: Row, _casting: Casting) -> str:
    return NULL


CELLS: Mapping[tuple[str, str], Cell] = {
    **{(TABLE, name): _reckoned(name) for name in RECKONED},
    **{(TABLE, name): _day(name) for name in ("ended_on", "accepted_on")},
    **{(TABLE, name): _nobody_told for name in ("usual_days", "nine_in_ten_days")},
}
