"""What supervision above adds to inbox, lists and register: warnings, duties that are no tasks, papers of its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from tongban.base.compiled import Question, together
from tongban.base.registry import Registry
from tongban.calendar.rules import WorkingCalendar

Colour = Literal["green", "yellow", "red"]
WORST_FIRST: tuple[Colour, ...] = ("red", "yellow", "green")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a post owes that is no task of a case, shown above the inbox: what, until when, where it is done."""

    number: str
    words: str
    href: str
    due_on: date | None
    days_left: int | None
    colour: Colour


class Supervision(Protocol):
    """Who warns. What is asked goes with the questions of the page, in the same message to the database."""

    def warnings(self, case_ids: Collection[UUID]) -> Question[tuple[UUID, Colour]]:
        """Return the question for the warnings that stand against cases: (case, colour)."""

    def owed(self, post_ids: Collection[UUID], official_id: UUID) -> Question[Any]:
        """Return the question for what posts owe, without the cases from which the official stands aside."""

    def duties(self, rows: Iterable[Any], today: date, reckoned: WorkingCalendar) -> list[Duty]:
        """Return what was found as duties, the most urgent first."""

    def case_numbers(self, subject_ids: Collection[UUID]) -> Question[tuple[UUID, str]]:
        """Return the question for the numbers of cases by what papers of supervision are about: (subject, number)."""


SUPERVISION: Registry[Supervision] = Registry("supervision")


def worst(rows: Iterable[tuple[UUID, Colour]]) -> dict[UUID, Colour]:
    """Return the worst colour of each case."""
    found: dict[UUID, Colour] = {}
    for case_id, colour in rows:
        known = found.get(case_id, "green")
        found[case_id] = min(colour, known, key=WORST_FIRST.index)
    return found


def warnings_of(case_ids: Collection[UUID]) -> dict[UUID, Colour]:
    """Return the worst colour of each of these cases against which a warning stands."""
    asked = [one.warnings(sorted(case_ids)) for one in SUPERVISION.values()] if case_ids else []
    return worst(row for rows in together(*asked) for row in rows)
