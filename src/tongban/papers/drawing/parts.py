"""Parts of a paper: labelled facts, tables, remarks, the place of signature and seal."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import pgettext
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from tongban.papers.drawing import styles
from tongban.papers.drawing.faces import REGULAR
from tongban.papers.drawing.lines import Text
from tongban.papers.kinds import PaperTable

LONG_CELL = 400
"""Characters: a longer text flows over the pages instead of standing in a cell."""
LABEL_WIDTH = 50 * mm
NARROWEST = 10 * mm
"""A column is never narrower, if there are not very many."""
WIDEST = 80
"""Half characters: what a longer text has more does not widen its column."""


def rows_table(rows: Sequence[tuple[str, str]], *, large: bool = False) -> Iterator[Any]:
    """Show labels and values between thin lines; a long value flows below its label."""
    label_style, value_style = _LARGE if large else _NORMAL
    short = [(label, value) for label, value in rows if len(value) <= LONG_CELL]
    if short:
        cells = [[Text(label, label_style), Text(value, value_style)] for label, value in short]
        table = Table(cells, colWidths=[LABEL_WIDTH, styles.TYPE_WIDTH - LABEL_WIDTH], splitInRow=1)
        table.setStyle(_FACTS)
        yield table
    for label, value in rows:
        if len(value) > LONG_CELL:
            yield Text(label, styles.CAPTION)
            for part in filter(None, (line.strip() for line in value.split("\n"))):
                yield Text(part, styles.VALUE)


_NORMAL = (styles.LABEL, styles.VALUE)
_LARGE = (styles.LARGE_LABEL, styles.LARGE_VALUE)
_FACTS = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEABOVE", (0, 0), (-1, 0), 0.8, styles.LINE),
    ("LINEBELOW", (0, 0), (-1, -2), 0.4, styles.FAINT),
    ("LINEBELOW", (0, -1), (-1, -1), 0.8, styles.LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 2 * mm),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
    ("TOPPADDING", (0, 0), (-1, -1), 1.6 * mm),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2 * mm),
]


def _widths(table: PaperTable) -> list[float]:
    """Share the width by what the columns hold; each has room for a head of two characters."""
    longest = [
        min(max([1, _measure(head), *(_measure(row[place]) for row in table.rows)]), WIDEST)
        for place, head in enumerate(table.head)
    ]
    narrowest = min(NARROWEST, styles.TYPE_WIDTH / len(longest) / 2)
    free = styles.TYPE_WIDTH - narrowest * len(longest)
    return [narrowest + free * length / sum(longest) for length in longest]


def _measure(text: str) -> int:
    """Return the width of a text in half characters, at most as long as matters."""
    return sum(2 if ord(char) > 0xFF else 1 for char in text[:WIDEST])  # noqa: PLR2004 - Latin is half as wide


def table_of(table: PaperTable) -> Iterator[Any]:
    """Show a table; its head stands again on every page."""
    if table.caption:
        yield Text(table.caption, styles.CAPTION)
    else:
        yield Spacer(1, 4 * mm)
    if not table.head:
        return
    head = [Text(words, styles.CELL_HEAD) for words in table.head]
    rows = [[Text(words, styles.CELL) for words in row] for row in table.rows]
    drawn = Table([head, *rows], colWidths=_widths(table), repeatRows=1, splitInRow=1)
    drawn.setStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), styles.SHADE),
            ("GRID", (0, 0), (-1, -1), 0.5, styles.LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 2 * mm),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 1.2 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8 * mm),
        ]
    )
    yield drawn


class Room(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Empty room that moves what follows down the page, as far as the page allows."""

    def __init__(self, *, keep: float, most: float) -> None:
        """Leave `keep` points to what follows; never take more than `most`."""
        super().__init__()
        self.keep, self.most = keep, most

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Return the room taken."""
        return 0, max(0, min(self.most, height - self.keep))

    def draw(self) -> None:
        """Draw nothing."""


class SealRing(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The office's name and the date, and a thin ring where the seal 公章 goes (42 mm, 国发〔1999〕25号)."""

    DIAMETER = 42 * mm

    def __init__(self, office: str, day: str) -> None:
        """Keep what is written."""
        super().__init__()
        self.lines = [Text(office, styles.SIGNED), Text(day, styles.SIGNED)]
        self.block = min(styles.TYPE_WIDTH, max(70 * mm, (len(office) + 1) * styles.SIGNED.fontSize))

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Say how much room is needed."""
        self.heights = [line.wrap(self.block, 1000)[1] for line in self.lines]
        self.height = max(sum(self.heights) + 8 * mm, self.DIAMETER + 2 * mm)
        return styles.TYPE_WIDTH, self.height

    def draw(self) -> None:
        """Draw the ring in grey dashes, then the words over it, as a seal covers name and date."""
        centre_x, centre_y = styles.TYPE_WIDTH - self.block / 2, self.height / 2
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(styles.FAINT)
        canvas.setLineWidth(0.7)
        canvas.setDash(2, 3)
        canvas.circle(centre_x, centre_y, self.DIAMETER / 2)
        canvas.setFillColor(styles.LINE)
        canvas.setFont(REGULAR, 8)
        canvas.drawCentredString(centre_x, centre_y - self.DIAMETER / 2 + 4 * mm, pgettext("on a paper", "(seal)"))
        canvas.restoreState()
        top = centre_y + sum(self.heights) / 2
        for line, height in zip(self.lines, self.heights, strict=True):
            top -= height
            line.drawOn(canvas, styles.TYPE_WIDTH - self.block, top)


def seal_place(office: str, day: str, *, sealed: bool) -> Iterator[Any]:
    """Show who signs and when; with room for the seal where the kind of paper bears one."""
    yield Spacer(1, 8 * mm)
    if sealed:
        yield SealRing(office, day)
        return
    yield KeepTogether([Text(office, styles.SIGNED_RIGHT), Text(day, styles.SIGNED_RIGHT)])


def remarks(notes: Sequence[str]) -> Iterator[Any]:
    """Show small print under a thin line: what can be done next, where to ask."""
    if not notes:
        return
    yield Spacer(1, 5 * mm)
    yield Text(pgettext("on a paper", "Please note"), styles.REMARK_HEAD)
    for place, note in enumerate(notes, start=1):
        numbered = f"{place}. {note}" if len(notes) > 1 else note
        yield Text(numbered, styles.REMARK)
