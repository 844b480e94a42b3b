"""Pages of figures for supervisors: what came of the cases, and the cases behind each figure."""

from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from tongban.base.clock import now, office_date
from tongban.base.errors import Forbidden, NotFound, Words
from tongban.base.web import actor_of, official_with
from tongban.insight import queries
from tongban.insight.queries import Reach
from tongban.insight.rules import charts
from tongban.insight.rules.figures import FIGURES, IN_TABLE, PARTS
from tongban.insight.rules.outcomes import CHANNELS
from tongban.insight.web import sheets
from tongban.insight.web.asked import Asked, asked, periods

PAGE_SIZE = 50
PARTS_OF_LIST = ("", "rest", "all")
GROUP_WORDS: dict[str, Words] = {
    "organisation": gettext_lazy("Department"),
    "item": gettext_lazy("Item"),
    "post": gettext_lazy("Official post"),
    "month": gettext_lazy("Month"),
    "channel": gettext_lazy("Way"),
}


def _reach(request: HttpRequest) -> Reach:
    reach = queries.reach_of(actor_of(request))
    if reach is None:
        raise Forbidden
    return reach


@official_with("supervisor")
def figures(request: HttpRequest) -> HttpResponseBase:
    """Show the figures of a selection, as charts and as a table of the same; `as` gives the table as a file."""
    reach, today = _reach(request), office_date(now())
    wanted = asked(request.GET, today)
    shape = request.GET.get("as", "")
    if shape in sheets.SHAPES:
        lines = queries.table(reach, wanted.selection)
        whole = queries.overview(reach, wanted.selection)
        return sheets.answer(sheets.of_figures(lines, whole, wanted.selection), "figures", shape, wanted.selection)
    return render(request, "insight/figures.html", _context(reach, wanted, today))


def _context(reach: Reach, wanted: Asked, today: date) -> dict[str, object]:
    selection = wanted.selection
    lines = queries.table(reach, selection, IN_TABLE)
    groups = [(line.key, line.words, line.figures) for line in lines]
    months = queries.table(reach, replace(selection, by="month"), ("finished", "on_time"))
    counted = queries.overview(reach, selection)
    return {
        "selection": selection,
        "problems": wanted.problems,
        "periods": periods(today),
        "choices": queries.choices(reach),
        "items": queries.items_of(reach, replace(selection, item_code="")),
        "channels": CHANNELS.items(),
        "groups": GROUP_WORDS.items(),
        "by_words": GROUP_WORDS[selection.by],
        "parts": [(words, [counted[key] for key in keys]) for words, keys in PARTS.values()],
        "finished": counted["finished"].among,
        "columns": [FIGURES[key] for key in IN_TABLE],
        "lines": [(line, [line.figures[key] for key in IN_TABLE]) for line in lines],
        "bars": charts.bars(groups, "on_time"),
        "spans": charts.spans(groups),
        "months": months,
        "trend": charts.line([(line.key, line.words, line.figures) for line in months], "on_time"),
    }


@official_with("supervisor")
def behind(request: HttpRequest, figure: str) -> HttpResponseBase:
    """Show the cases behind a figure: those it counts, those it looks at and does not count, or both."""
    reach, wanted = _reach(request), asked(request.GET, office_date(now()))
    if figure not in FIGURES:
        raise NotFound
    chosen = FIGURES[figure]
    part = request.GET.get("part", "") if request.GET.get("part", "") in PARTS_OF_LIST else ""
    rows = queries.behind(reach, wanted.selection, chosen, part).select_related("case", "organisation", "post")
    shape = request.GET.get("as", "")
    if shape in sheets.SHAPES:
        listed = queries.listed(actor_of(request), list(rows[: sheets.MOST_ROWS]))
        return sheets.answer(sheets.of_cases(listed), figure, shape, wanted.selection)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {
        "figure": chosen,
        "counted": queries.overview(reach, wanted.selection)[figure],
        "selection": wanted.selection,
        "problems": wanted.problems,
        "part": part,
        "page": page,
        "listed": queries.listed(actor_of(request), list(page)),
    }
    return render(request, "insight/behind.html", context)
