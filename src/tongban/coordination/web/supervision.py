"""The supervisor's page: figures, and the list behind each of them; its CSV; one warning."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base.cells import harmless
from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Invalid
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.coordination import actions, queries
from tongban.coordination.models import Finding
from tongban.coordination.queries.findings import Filters, filters_of
from tongban.coordination.rules.table import COLOURS, WATCHES
from tongban.coordination.web.forms import WordForm

PAGE_SIZE = 25
MOST_IN_CSV = 20_000
_RELATED = ("case", "organisation", "post__organisation", "official")


@official_with("supervisor")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the figures within the supervisor's reach, and the list that they count."""
    actor = actor_of(request)
    reach, filters = queries.reach_of(actor), filters_of(request.GET)
    counted = queries.counted(reach, filters)
    listed = queries.with_open_orders(queries.findings(reach, filters)).select_related(*_RELATED)
    paginator: Paginator[Finding] = Paginator(listed, PAGE_SIZE)
    paginator.count = counted.total
    context = {
        "filters": filters,
        "counted": counted,
        "page": paginator.get_page(request.GET.get("page", 1)),
        "offices": queries.shown_choices(reach),
        "watches": WATCHES.items(),
        "colours": COLOURS.items(),
        "chosen": _chosen(filters, counted),
        "csv_address": reverse("coordination:csv") + filters.address(),
        "waiting": queries.orders(actor).exclude(state="closed").count(),
    }
    return render(request, "coordination/supervision.html", context)


def _chosen(filters: Filters, counted: queries.Counted) -> list[tuple[str, str]]:
    """Return what the list is narrowed to beside the form's own choices, with the address without it."""
    found = []
    if filters.item:
        words = next((one.words for one in counted.items if one.key == filters.item), filters.item)
        found.append((words, filters.address(item="")))
    if filters.post:
        words = next((one.words for one in counted.posts if one.key == filters.post), _("Official post"))
        found.append((words, filters.address(post="")))
    return found


@official_with("supervisor")
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the same list as a table for a spreadsheet."""
    reach, filters = queries.reach_of(actor_of(request)), filters_of(request.GET)
    rows = queries.findings(reach, filters).select_related(*_RELATED)[:MOST_IN_CSV]
    answer = StreamingHttpResponse(_lines(rows.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="supervision-{office_date(now()):%Y%m%d}.csv"'
    return answer


def _lines(rows: Iterator[Finding]) -> Iterator[str]:
    yield "\ufeff" + _line(
        _("Case number"), _("Matter"), _("Office"), _("Post"), _("Held by"), _("Watch"), _("Colour"), _("Due"),
        _("Since"), _("Ended on"),
    )  # fmt: skip
    for row in rows:
        yield _line(
            row.case.number,
            either(row.case.title, row.case.title_en),
            either(row.organisation.name, row.organisation.name_en),
            either(row.post.name, row.post.name_en) if row.post else "",
            row.official.name if row.official else "",
            str(WATCHES.get(row.watch, row.watch)),
            str(COLOURS.get(row.colour, row.colour)),
            row.due_on.isoformat() if row.due_on else "",
            office_date(row.since).isoformat(),
            office_date(row.ended_at).isoformat() if row.ended_at else "",
        )


def _line(*cells: str) -> str:
    out = StringIO()
    csv.writer(out).writerow(map(harmless, cells))
    return out.getvalue()


@official_with("supervisor")
@keeping
def warning(request: HttpRequest, finding_id: object) -> HttpResponseBase:
    """Show a warning; one that stays so is settled here with a word."""
    actor = actor_of(request)
    finding = queries.finding_for(actor, finding_id)  # type: ignore[arg-type]  # a UUID of the address
    form = WordForm(request.POST if request.method == "POST" else kept(request), prefix="word")
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_warning(actor=actor, finding=finding, word=form.text("word"), now=now())
        except Invalid as invalid:
            form.take_in(invalid)
        except Conflict as conflict:
            messages.warning(request, str(conflict))
            return redirect("coordination:warning", finding.id)
        else:
            messages.success(request, _("The warning is settled."))
            return redirect("coordination:supervision")
    rule = queries.rules_in(finding.table).rule(finding.rule)
    context = {"finding": finding, "rule": rule, "form": form, "order": queries.open_order(finding.case)}
    return render(request, "coordination/warning.html", context, status=status)
