"""The cases behind a figure as people are shown them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.base.actor import Actor
from tongban.cases import queries as cases
from tongban.insight.models import FinishedCase


@dataclass(frozen=True, slots=True)
class Listed:
    """A finished case in a list. Of one from which the reader stands aside 回避 only that it counts is shown."""

    row: FinishedCase
    is_visible: bool


def listed(actor: Actor, rows: Sequence[FinishedCase]) -> list[Listed]:
    """Return rows for a reader: those of cases that they may open are marked so. Two queries however many."""
    seen = set(cases.visible(actor).filter(id__in=[row.case_id for row in rows]).values_list("id", flat=True))
    return [Listed(row, row.case_id in seen) for row in rows]
