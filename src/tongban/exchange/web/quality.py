"""Pages of quality: which data are late, incomplete or invalid, the worst first; one resource, field by field."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from tongban.base.cells import Cell, harmless
from tongban.base.clock import now, office_date
from tongban.base.errors import Words
from tongban.base.templatetags.words import either
from tongban.base.web import official_with
from tongban.exchange import queries
from tongban.exchange.models import ResourceItem
from tongban.exchange.queries.quality import Rated, measures_of, rated, rated_one
from tongban.exchange.rules.quality import share

PAGE_SIZE = 25
GRADES: dict[str, Words] = {
    "poor": gettext_lazy("Poor"),
    "fair": gettext_lazy("Fair"),
    "good": gettext_lazy("Good"),
    "unknown": gettext_lazy("Not known"),
}


@official_with("steward")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show how good the data of each resource are, the worst first."""
    provider_id, grade = _asked(request)
    found = rated(now(), provider_id=provider_id, grade=grade)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {
        "page": page,
        "lines": [Line(one) for one in page],
        "grades": GRADES.items(),
        "grade": grade,
        "providers": queries.providers(),
        "provider_id": provider_id,
        "query": request.GET.urlencode(),
    }
    return render(request, "exchange/quality.html", context)


@official_with("steward")
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the same list as a table for a spreadsheet."""
    provider_id, grade = _asked(request)
    lines = _lines(rated(now(), provider_id=provider_id, grade=grade))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="quality-{office_date(now()):%Y%m%d}.csv"'
    return answer


def _asked(request: HttpRequest) -> tuple[UUID | None, str]:
    grade = request.GET.get("grade", "")
    try:
        provider_id = UUID(request.GET.get("provider", ""))
    except ValueError:
        provider_id = None
    return provider_id, grade if grade in GRADES else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A resource in the list, in words."""

    rated: Rated

    @property
    def grade(self) -> Words:
        """Its grade in a word."""
        return GRADES[self.rated.quality.grade]

    @property
    def lateness(self) -> str:
        """Whether it is late, and by how much."""
        return lateness_words(self.rated)

    @property
    def completeness(self) -> str:
        """The share of what must be there."""
        return percent(self.rated.quality.completeness)

    @property
    def validity(self) -> str:
        """The share of what is as its schema wants it."""
        return percent(self.rated.quality.validity)


def lateness_words(one: Rated) -> str:
    """Return whether data are late, and by how much."""
    quality = one.quality
    if quality.timeliness is None:
        return _("No cycle is promised")
    if quality.late is None:
        return _("No change is known")
    if not quality.late:
        return pgettext("data", "In time")
    days = quality.late // timedelta(days=1)
    if not days:
        return _("Less than a day late")
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}


def percent(value: float | None) -> str:
    """Return a share in words; what is nearly whole is never called whole."""
    if value is None:
        return _("Not measured")
    whole = round(value * 100, 1)
    shown = min(whole, 99.9) if value < 1 else whole
    return f"{shown:g}%"


@official_with("steward")
@require_safe
def resource(request: HttpRequest, resource: str) -> HttpResponse:
    """Show what was counted of the data of one resource, field by field, and how it was before."""
    found = queries.resource_by_slug(resource)
    measures = measures_of(found)
    one = rated_one(found, measures, now())
    context = {
        "resource": found,
        "line": Line(one),
        "measure": one.measure,
        "fields": _fields(one, queries.items_of(found)),
        "history": [
            (past, percent(share(past.required_filled, past.required)), percent(share(past.valid, past.judged)))
            for past in measures
        ],
    }
    return render(request, "exchange/quality_resource.html", context)


def _fields(one: Rated, items: Sequence[ResourceItem]) -> list[dict[str, Any]]:
    """Return what was counted of each field: the emptiest and most often wrong ones first."""
    if one.measure is None:
        return []
    names = {item.code: either(item.name, item.name_en) for item in items}
    records = one.measure.records
    rows = []
    for field in one.measure.fields:
        filled, valid = share(field["filled"], records), share(field["valid"], field["judged"])
        judged_by = (filled if field["is_required"] else None, valid)
        is_sealed = field["filled"] and valid is None
        rows.append(
            {
                "name": names.get(field["field"], field["field"]),
                "is_required": field["is_required"],
                "filled": percent(filled),
                "valid": _("Sealed: judged when it is written") if is_sealed else percent(valid),
                "wrong": field["judged"] - field["valid"],
                "worst": min((part for part in judged_by if part is not None), default=2.0),
            }
        )
    return sorted(rows, key=lambda row: row["worst"])


def _lines(found: Sequence[Rated]) -> Iterator[str]:
    yield "\ufeff" + _line(
        _("Resource"), pgettext("data", "Code"), _("Provided by"), _("Grade"), _("Update cycle"), _("Last change"),
        pgettext("data", "In time"),
        _("Completeness"), _("Validity"), _("Records"), _("Measured"),
    )  # fmt: skip
    for one in found:
        measure, resource, quality = one.measure, one.resource, one.quality
        yield _line(
            resource.name,
            resource.code,
            resource.provider.name,
            str(GRADES[quality.grade]),
            one.version.get_update_cycle_display(),
            resource.updated_at.isoformat() if resource.updated_at else "",
            lateness_words(one),
            None if quality.completeness is None else round(quality.completeness, 4),
            None if quality.validity is None else round(quality.validity, 4),
            measure.records if measure else None,
            measure.day.isoformat() if measure else "",
        )


def _line(*cells: Cell) -> str:
    out = StringIO()
    csv.writer(out).writerow(map(harmless, cells))
    return out.getvalue()
