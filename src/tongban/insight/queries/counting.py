"""What the figures come to, for a selection as a whole and for each group of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, FloatField, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from tongban.catalogue import queries as catalogue
from tongban.insight.models import FinishedCase
from tongban.insight.queries.selecting import Reach, Selection, selected
from tongban.insight.rules.figures import FIGURES, Counted, Figure
from tongban.insight.rules.outcomes import CHANNELS
from tongban.organisations import queries as organisations

GROUPED_BY = {
    "organisation": "organisation_id",
    "item": "item_code",
    "post": "post_id",
    "month": "month",
    "channel": "channel",
}
MOST_GROUPS = 200
SHARES = {"median": 0.5, "nine_in_ten": 0.9}


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
    row = selected(reach, selection).aggregate(**_asked(FIGURES.values()))
    return _counted(row, FIGURES.values())


def table(reach: Reach, selection: Selection, keys: Sequence[str] = tuple(FIGURES)) -> list[Line]:
    """Return figures by group, the group with the most cases first, months in their order."""
    figures = [FIGURES[key] for key in keys]
    rows = selected(reach, selection)
    if selection.by == "month":
        rows = rows.annotate(month=TruncMonth("ended_on"))
    by = GROUPED_BY[selection.by]
    grouped = rows.values(by).annotate(**_asked(figures)).order_by("-finished__among", by)
    if "finished" not in keys:
        grouped = rows.values(by).annotate(**_asked([FIGURES["finished"], *figures])).order_by("-finished__among", by)
    if selection.by == "month":
        grouped = grouped.order_by("month")
    found = list(grouped[:MOST_GROUPS])
    words = _words(selection.by, [row[by] for row in found])
    return [Line(row[by], words[row[by]], _counted(row, figures)) for row in found]


def _asked(figures: Iterable[Figure]) -> dict[str, Aggregate]:
    """Return what is asked of the database: for each figure how many it looks at, and its parts."""
    asked: dict[str, Aggregate] = {}
    for figure in figures:
        asked[f"{figure.key}__among"] = Count("case_id", filter=figure.among)
        match figure.kind:
            case "share":
                asked[f"{figure.key}__part"] = Count("case_id", filter=figure.behind)
            case "mean":
                asked[f"{figure.key}__sum"] = Sum(figure.value, filter=figure.among)
            case "saving":
                asked[f"{figure.key}__sum"] = Sum(figure.value, filter=figure.among)
                asked[f"{figure.key}__of"] = Sum(figure.of, filter=figure.among)
            case "median" | "nine_in_ten":
                asked[f"{figure.key}__value"] = Percentile(figure.value, SHARES[figure.kind], filter=figure.among)
    return asked


def _counted(row: Mapping[str, Any], figures: Iterable[Figure]) -> dict[str, Counted]:
    return {figure.key: _one(row, figure) for figure in figures}


def _one(row: Mapping[str, Any], figure: Figure) -> Counted:
    among = row[f"{figure.key}__among"]
    match figure.kind:
        case "count":
            return Counted(figure, among, among)
        case "share":
            part = row[f"{figure.key}__part"]
            return Counted(figure, part / among if among else None, among, part)
        case "mean":
            return Counted(figure, row[f"{figure.key}__sum"] / among if among else None, among)
        case "saving":
            of = row[f"{figure.key}__of"]
            return Counted(figure, 1 - row[f"{figure.key}__sum"] / of if of else None, among)
    return Counted(figure, row[f"{figure.key}__value"], among)


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
