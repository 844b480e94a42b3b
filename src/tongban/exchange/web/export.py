"""The catalogue as a file: JSON with every element, CSV with a line for each information item."""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from tongban.base.cells import Cell, harmless
from tongban.base.clock import now, office_date
from tongban.base.web import official_with
from tongban.exchange.models import Resource
from tongban.exchange.queries.registry import Registered, registered
from tongban.exchange.rules.entries import ItemDraft, strictest
from tongban.exchange.web.catalogue import searched
from tongban.exchange.web.entry_words import choice_words


@official_with("steward")
@require_safe
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """Give what was found, whole, as JSON."""
    return _file(_objects(searched(request).found), "json", "application/json; charset=utf-8")


@official_with("steward")
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give what was found as a table for a spreadsheet."""
    return _file(_lines(searched(request).found), "csv", "text/csv; charset=utf-8")


def _file(parts: Iterator[str], ending: str, content_type: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="catalogue-{office_date(now()):%Y%m%d}.{ending}"'
    return answer


def _objects(found: QuerySet[Resource]) -> Iterator[str]:
    yield f'{{"made_at": {json.dumps(now().isoformat())}, "resources": ['
    before = ""
    for one in registered(found):
        yield before + json.dumps(one.told(), ensure_ascii=False)
        before = ",\n"
    yield "]}\n"


def _lines(found: QuerySet[Resource]) -> Iterator[str]:
    yield "\ufeff" + _line(
        _("Class"), _("Class, item, sub-item, detail in words"), _("Resource"),
        pgettext("data", "Code"), _("Provided by"),
        _("Division of the office"), _("Credit code"), _("Summary"), _("Format"), _("Sharing of the whole"),
        _("Way of sharing"), _("Opening of the whole"), _("Update cycle"), _("Published"), _("Version"),
        _("Codes of related resources"), _("Name of the item"), _("Code of the item"), _("Type"), _("Length at most"),
        _("Key"), pgettext("data", "Required"), _("Sensitive"), _("Sharing with other offices"),
        _("Conditions of sharing, or the law of the refusal"), _("Opening to everybody"), _("Conditions of opening"),
        _("Datum"), _("This office answers for it"), _("List of codes"),
    )  # fmt: skip
    for one in registered(found):
        head = _entry_cells(one)
        for item in one.entry.items:
            yield _line(*head, *_item_cells(item))


def _entry_cells(one: Registered) -> list[Cell]:
    entry = one.entry
    return [
        choice_words("classification", entry.classification),
        entry.category,
        entry.name,
        entry.code,
        one.resource.provider.name,
        entry.division,
        one.credit_code,
        entry.summary,
        choice_words("format", entry.format),
        choice_words("sharing_class", strictest(item.sharing_class for item in entry.items)),
        choice_words("sharing_way", entry.sharing_way),
        choice_words("opening_class", strictest(item.opening_class for item in entry.items)),
        choice_words("update_cycle", entry.update_cycle),
        one.version.published_on.isoformat() if one.version.published_on else "",
        one.version.number,
        " ".join(entry.related_codes),
    ]


def _item_cells(item: ItemDraft) -> list[Cell]:
    marks = (item.is_key, item.is_required, item.is_sensitive)
    return [
        item.name,
        item.code,
        f"{item.type} {choice_words('type', item.type)}",
        item.length,
        *(_mark(mark) for mark in marks),
        choice_words("sharing_class", item.sharing_class),
        item.sharing_condition,
        choice_words("opening_class", item.opening_class),
        item.opening_condition,
        item.datum,
        _mark(item.is_lead),
        "\n".join(f"{one['value']} {one.get('label', '')}".strip() for one in item.code_list),
    ]


def _mark(is_so: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return _("Yes") if is_so else ""


def _line(*cells: Cell) -> str:
    out = StringIO()
    csv.writer(out).writerow(map(harmless, cells))
    return out.getvalue()
