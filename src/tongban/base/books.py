"""The comparison of the books: what must agree in a whole installation, and what does not.

A room registers in its `books.py` what its own tables must agree on, each as one question to the database that is
answered for all rows at once. `site` asks all of them in one snapshot (`tongban compare-books`). Nothing is mended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tongban.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Look:
    """How closely the books are looked at: as of when, what may still be on its way, how many are named of each."""

    now: datetime
    grace: timedelta = timedelta(minutes=2)
    most: int = 20
    files: bool = False

    @property
    def settled_by(self) -> datetime:
        """What happened before this instant must be done with."""
        return self.now - self.grace


@dataclass(frozen=True, slots=True)
class Disagreements:
    """How many there are, and some of them in words: ids, numbers and states, no personal data."""

    number: int
    named: tuple[str, ...] = ()


Compare = Callable[[Look], Disagreements]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What must hold, in a sentence, and how it is compared. `of_files`: reads the storage too, only when asked for."""

    name: str
    holds: str
    compare: Compare
    of_files: bool = False


COMPARISONS: Registry[Comparison] = Registry("comparison of the books")


def comparison(name: str, *, holds: str, of_files: bool = False) -> Callable[[Compare], Compare]:
    """Register the function below: `@comparison("cases.states", holds="The state of a case follows from …")`."""

    def register(function: Compare) -> Compare:
        COMPARISONS.register(name, Comparison(name, holds, function, of_files))
        return function

    return register


def ask(look: Look, question: str, values: Mapping[str, Any] | None = None) -> Disagreements:
    """Ask the database for disagreements: `question` is a SELECT of one text for each, written in the code.

    It may use `%(settled_by)s` and `%(now)s` beside its own values.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH wrong (what) AS MATERIALIZED ({question}) "  # noqa: S608 - the question is a constant of ours
            "SELECT what, count(*) OVER () FROM wrong LIMIT %(most)s",
            {**(values or {}), "settled_by": look.settled_by, "now": look.now, "most": look.most},
        )
        rows: list[tuple[str, int]] = cursor.fetchall()
    return Disagreements(rows[0][1] if rows else 0, tuple(what for what, _number in rows))


def gathered(look: Look, found: Sequence[str]) -> Disagreements:
    """Return disagreements that were found one by one."""
    return Disagreements(len(found), tuple(found[: look.most]))
