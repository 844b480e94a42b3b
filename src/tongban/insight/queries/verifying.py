"""Do the rows kept, and the figures counted from them, say what the cases themselves say?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongban.insight.models import FinishedCase
from tongban.insight.queries import gathering

_FIELDS = tuple(field.attname for field in FinishedCase._meta.fields if not field.primary_key)  # noqa: SLF001 - Django's public name


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong with the row of a case."""

    case_id: UUID
    what: str


def differences() -> Iterator[Difference]:
    """Go through all cases, recompute their rows, and compare; then look for rows of which there is no ended case."""
    before = UUID(int=0)
    for after, made in gathering.all_rows():
        last = made[-1].case_id
        kept = FinishedCase.objects.filter(case_id__gt=after, case_id__lte=last).in_bulk()
        yield from _of_piece(made, kept)
        before = last
    yield from _stray(FinishedCase.objects.filter(case_id__gt=before, case__erased_at=None).in_bulk())


def _of_piece(made: list[FinishedCase], kept: dict[Any, FinishedCase]) -> Iterator[Difference]:
    for row in made:
        found = kept.pop(row.case_id, None)
        if found is None:
            yield Difference(row.case_id, "is not counted")
            continue
        for name in _FIELDS:
            said, true = getattr(found, name), getattr(row, name)
            if said != true:
                yield Difference(row.case_id, f"{name} is kept as {said}, the case says {true}")
    erased = FinishedCase.objects.filter(case_id__in=list(kept), case__erased_at__isnull=False)
    for case_id in erased.values_list("case_id", flat=True) if kept else ():
        kept.pop(case_id)
    yield from _stray(kept)


def _stray(rows: dict[Any, FinishedCase]) -> Iterator[Difference]:
    for case_id in rows:
        yield Difference(case_id, "is counted and has not come to its end")
