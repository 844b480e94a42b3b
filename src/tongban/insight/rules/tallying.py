"""What figures come to, from rows that are alike and how many of each there are. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from operator import itemgetter
from typing import Any

from tongban.insight.rules.figures import Counted, Figure
from tongban.insight.rules.matching import columns, matches

SHARES = {"median": 0.5, "nine_in_ten": 0.9}
Alike = tuple[Any, ...]
"""The values of the columns that figures look at, in the order of `columns_of`."""


def columns_of(figures: Iterable[Figure]) -> list[str]:
    """Return the columns that figures look at: rows that are alike in them count alike."""
    return sorted({name for figure in figures for name in _looked_at(figure)})


def _looked_at(figure: Figure) -> tuple[str, ...]:
    found = columns([figure.behind]) | {figure.value, figure.of}
    return tuple(sorted(found - {"", *_ALWAYS}))


_ALWAYS = ("ended_on",)
"""Each row has it: no figure looks at its value."""


@dataclass(slots=True)
class _Sum:
    among: int = 0
    part: int = 0
    total: int = 0
    of: int = 0
    values: Counter[int] = field(default_factory=Counter)


def tally(alike: Iterable[tuple[Alike, int]], figures: Sequence[Figure]) -> dict[str, Counted]:
    """Return what each figure comes to. Conditions are judged once for what is alike in the few columns of a figure."""
    names = columns_of(figures)
    counts: dict[tuple[str, ...], Counter[Alike]] = {_looked_at(figure): Counter() for figure in figures}
    chosen = [(_choosing([names.index(name) for name in looked_at]), count) for looked_at, count in counts.items()]
    for values, count in alike:
        for choose, counted in chosen:
            counted[choose(values)] += count
    return {figure.key: _counted(figure, _sum(figure, counts[_looked_at(figure)])) for figure in figures}


def _choosing(places: Sequence[int]) -> Callable[[Alike], Alike]:
    """Return what takes these values out of all of them."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)


def _sum(figure: Figure, counts: Mapping[Alike, int]) -> _Sum:
    found, names = _Sum(), _looked_at(figure)
    for values, count in counts.items():
        row = dict(zip(names, values, strict=True)) | dict.fromkeys(_ALWAYS, True)
        if matches(figure.among, row):
            _add(found, figure, row, count)
    return found


def _add(found: _Sum, figure: Figure, row: Mapping[str, Any], count: int) -> None:
    found.among += count
    if figure.counted is not None and matches(figure.counted, row):
        found.part += count
    value = row[figure.value] if figure.value else None
    if value is not None:
        found.total += value * count
        found.values[value] += count
    if figure.of:
        found.of += row[figure.of] * count


def _counted(figure: Figure, found: _Sum) -> Counted:
    among = found.among
    if figure.kind == "count":
        return Counted(figure, among, among)
    if figure.kind == "share":
        return Counted(figure, found.part / among if among else None, among, found.part)
    if figure.kind == "mean":
        return Counted(figure, found.total / among if among else None, among)
    if figure.kind == "saving":
        return Counted(figure, 1 - found.total / found.of if found.of else None, among)
    return Counted(figure, _percentile(found.values, SHARES[figure.kind]), among)


def _percentile(values: Mapping[int, int], share: float) -> float | None:
    """Return the smallest value that at least this share of the values does not exceed."""
    place = max(ceil(share * sum(values.values())), 1)
    for value in sorted(values):
        place -= values[value]
        if place <= 0:
            return float(value)
    return None
