"""The same tables as files: CSV, and XLSX for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tongban.base.cells import Cell, harmless
from tongban.insight.queries import Line, Listed, Selection
from tongban.insight.rules.figures import FIGURES, Counted
from tongban.insight.rules.outcomes import CHANNELS, OUTCOMES

SHAPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 20_000
_DIGITS = 4

Rows = list[list[Cell]]


def of_figures(lines: Sequence[Line], whole: "dict[str, Counted]", selection: Selection) -> Rows:
    """Return all figures of each group, and of all together; after them what each figure means."""
    head: list[Cell] = [_("Group"), *(str(figure.name) for figure in FIGURES.values())]
    body: Rows = [[line.words, *(_value(line.figures[key]) for key in FIGURES)] for line in lines]
    total: list[Cell] = [_("All together"), *(_value(whole[key]) for key in FIGURES)]
    period: list[Cell] = [_("Period"), f"{selection.first.isoformat()} / {selection.last.isoformat()}"]
    meanings: Rows = [[str(figure.name), str(figure.meaning)] for figure in FIGURES.values()]
    return [head, *body, total, [], period, [], *meanings]


def of_cases(listed: Sequence[Listed]) -> Rows:
    """Return the cases behind a figure; those from which the reader stands aside without their number and matter."""
    head: list[Cell] = [
        _("Number"), _("Matter"), _("Office"), _("Official post"), _("Way"), _("Outcome"), _("Accepted"), _("Ended"),
        _("Days used"), _("Days promised"), _("Days by law"), _("Supplements"),
    ]  # fmt: skip
    return [head, *(_case(one) for one in listed)]


def _case(one: Listed) -> list[Cell]:
    row = one.row
    return [
        row.case.number if one.is_visible else _("You stand aside from this case"),
        row.case.title if one.is_visible else "",
        row.organisation.name,
        row.post.name if row.post else "",
        str(CHANNELS.get(row.channel, row.channel)),
        str(OUTCOMES.get(row.outcome, row.outcome)),
        row.accepted_on.isoformat() if row.accepted_on else "",
        row.ended_on.isoformat(),
        row.days_used,
        row.promised_days,
        row.statutory_days,
        row.supplements,
    ]


def _value(counted: Counted) -> Cell:
    return None if counted.value is None else round(counted.value, _DIGITS)


def answer(rows: Rows, name: str, shape: str, selection: Selection) -> HttpResponse:
    """Return rows as a file."""
    content = _as_csv(rows) if shape == "csv" else _as_xlsx(rows)
    file_name = f"{name}-{selection.first:%Y%m%d}-{selection.last:%Y%m%d}.{shape}"
    return HttpResponse(
        content,
        content_type=SHAPES[shape],
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"},
    )


def _as_csv(rows: Rows) -> bytes:
    """Return CSV that spreadsheets read as UTF-8: with a byte order mark."""
    written = io.StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _as_xlsx(rows: Rows) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for place, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, harmless(value))
            if isinstance(value, str):
                cell.data_type = "s"  # a text stays a text, whatever it begins with
            if place == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
