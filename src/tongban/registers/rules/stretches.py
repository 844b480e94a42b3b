"""Stretches of days: from a day until before another, without end where there is none."""

from datetime import date

Stretch = tuple[date, date | None]


def overlaps(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches share a day."""
    return (one[1] is None or other[0] < one[1]) and (other[1] is None or one[0] < other[1])


def left_of(standing: Stretch, taken: Stretch) -> list[Stretch]:
    """Return what is left of a stretch once another has been taken out of it: nothing, one or two pieces."""
    if not overlaps(standing, taken):
        return [standing]
    pieces: list[Stretch] = []
    if standing[0] < taken[0]:
        pieces.append((standing[0], taken[0]))
    if taken[1] is not None and (standing[1] is None or taken[1] < standing[1]):
        pieces.append((taken[1], standing[1]))
    return pieces
