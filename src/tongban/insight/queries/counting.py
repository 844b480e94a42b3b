"""What the figures come to, for a selection as a whole and for each group of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, FloatField, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from tongban.catalogue import queries as catalogue
from tongban.insight.models import FinishedCase
from tongban.insight.queries.selecting import Reach, Selection, selected
from tongban.insight.rules.figures import FIGURES, Counted, Figure
from tongban.insight.rules.outcomes import CHANNELS
from tongban.insight.rules.tallying import Alike, columns_of, tally
from tongban.organisations import queries as organisations

GROUPED_BY = {
    "organisation": "organisation_id",
    "item": "item_code",
    "post": "post_id",
    "month": "month",
    "channel": "channel",
}
MOST_GROUPS = 200


class Percentile(Aggregate):
    """The smallest value that at least this share of the values does not exceed."""

    function = "percentile_disc"
    output_field = FloatField()
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, value: str, share: float, **more: Any) -> None:  # noqa: ANN401 - as Django's
        """Take the name of the value."""
        super().__init__(value, share=share, **more)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table by group: what it is about, in words, and its figures by key."""

    key: object
    words: str
    figures: Mapping[str, Counted]


def overview(reach: Reach, selection: Selection) -> dict[str, Counted]:
    """Return all figures of a selection: one statement."""
    figures = list(FIGURES.values())
    return tally(((values, count) for _key, values, count in _alike(selected(reach, selection), figures)), figures)


def table(reach: Reach, selection: Selection, keys: Sequence[str] = tuple(FIGURES)) -> list[Line]:
    """Return figures by group, the group with the most cases first, months in their order."""
    figures, by = [FIGURES[key] for key in keys], GROUPED_BY[selection.by]
    rows = selected(reach, selection)
    if selection.by == "month":
        rows = rows.annotate(month=TruncMonth("ended_on"))
    largest = _largest(rows, by)
    if len(largest) == MOST_GROUPS:
        rows = rows.filter(**{f"{by}__in": [key for key in largest if key is not None]})
    grouped: dict[object, list[tuple[Alike, int]]] = {key: [] for key in largest}
    for key, values, count in _alike(rows, figures, by):
        grouped.setdefault(key, []).append((values, count))
    words = _words(selection.by, list(grouped))
    ordered = sorted(grouped, key=str) if selection.by == "month" else grouped
    return [Line(key, words[key], tally(grouped[key], figures)) for key in ordered]


def _largest(rows: QuerySet[FinishedCase], by: str) -> list[Any]:
    """Return the groups with the most cases, these first."""
    counted = rows.order_by().values(by).annotate(cases=Count("case_id")).order_by("-cases", by)
    return list(counted.values_list(by, flat=True)[:MOST_GROUPS])


def _alike(rows: QuerySet[FinishedCase], figures: Sequence[Figure], by: str = "") -> Iterator[tuple[Any, Alike, int]]:
    """Go through what is alike for figures, within each group: its key, the values, and how many cases there are.

    Of a year's cases few hundred kinds are alike; to ask for sixty sums of each single case takes three times as long.
    """
    columns = columns_of(figures)
    alike = rows.order_by().values_list(*([by] if by else []), *columns).annotate(cases=Count("case_id"))
    for row in alike.iterator(chunk_size=5000):
        *values, count = row
        yield (values.pop(0) if by else None), tuple(values), count


def _words(by: str, keys: Sequence[Any]) -> dict[Any, str]:
    """Return what groups are called, in one query at most."""
    match by:
        case "organisation":
            names: Mapping[Any, str] = organisations.organisation_names([key for key in keys if key])
        case "post":
            names = organisations.post_names([key for key in keys if key])
        case "item":
            names = catalogue.item_names([key for key in keys if key])
        case "channel":
            names = {key: str(CHANNELS.get(key, key)) for key in keys}
        case _:
            names = {key: key.strftime("%Y-%m") for key in keys}
    return {key: names.get(key) or _none(by, key) for key in keys}


def _none(by: str, key: object) -> str:
    return _("No post: ended without an official") if by == "post" and key is None else str(key or _("Not stated"))


def choices(reach: Reach) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in the filters: offices and posts in reach."""
    offices = organisations.organisation_names(reach.organisation_ids)
    posts = organisations.post_names_of(reach.organisation_ids)
    return {
        "organisations": sorted(((str(key), name) for key, name in offices.items()), key=lambda one: one[1]),
        "posts": sorted(((str(key), name) for key, name in posts.items()), key=lambda one: one[1]),
    }


def items_of(reach: Reach, selection: Selection) -> list[tuple[str, str]]:
    """Return the items that finished cases of a selection are about."""
    from_all = selected(reach, selection)
    codes = list(from_all.order_by().values_list("item_code", flat=True).distinct()[:500])
    names = catalogue.item_names(codes)
    return sorted(((code, names.get(code) or code) for code in codes if code), key=lambda one: one[1])


def behind(reach: Reach, selection: Selection, figure: Figure, part: str = "") -> QuerySet[FinishedCase]:
    """Return the cases behind a figure: those counted, with part "rest" those looked at and not counted, "all" both."""
    rows = selected(reach, selection).filter(_part(figure, part))
    if figure.kind in {"median", "nine_in_ten", "mean"}:
        return rows.order_by(f"-{figure.value}", "-ended_on", "case_id")
    return rows.order_by("-ended_on", "case_id")


def _part(figure: Figure, part: str) -> Q:
    if figure.counted is None or part == "all":
        return figure.among
    return figure.among & ~figure.counted if part == "rest" else figure.behind
