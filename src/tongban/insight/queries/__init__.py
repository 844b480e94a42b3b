"""What is counted, what lies behind it, how long it usually takes."""

from tongban.insight.models import FinishedCase
from tongban.insight.queries.counting import Line, behind, choices, items_of, overview, table
from tongban.insight.queries.gathering import row_of
from tongban.insight.queries.listing import Listed, listed
from tongban.insight.queries.selecting import GROUPS, WITHOUT_POST, Reach, Selection, reach_of, selected

__all__ = [
    "GROUPS",
    "WITHOUT_POST",
    "Line",
    "Listed",
    "Reach",
    "Selection",
    "behind",
    "choices",
    "finished_count",
    "items_of",
    "listed",
    "overview",
    "reach_of",
    "row_of",
    "selected",
    "table",
]


def finished_count() -> int:
    """Return of how many cases rows are kept."""
    return FinishedCase.objects.count()
