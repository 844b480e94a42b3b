"""What stands on every page besides the text: foot with number and digest, frame of a result, mark of a void paper."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tongban.papers.drawing.faces import BOLD, REGULAR, missing_glyphs, printable
from tongban.papers.drawing.styles import (
    ACCENT,
    BOTTOM,
    FAINT,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    RIGHT,
    VOID,
)

FOOT_SIZE = 8.5


class PaperCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Draws the foot of each page only once the count of pages is known."""

    def __init__(self, *args: Any, decorate: Callable[[Canvas, int, int], None], **kwargs: Any) -> None:  # noqa: ANN401 - reportlab's
        """Keep what decorates the pages."""
        super().__init__(*args, **kwargs)
        self._decorate = decorate
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page for later."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the kept pages with their feet."""
        pages = list(self._pages)
        for number, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            self._decorate(self, number, len(pages))
            Canvas.showPage(self)
        Canvas.save(self)


def foot(canvas: Canvas, left: str, number: int, count: int) -> None:
    """Draw the line at the foot: the paper's number and digest on the left, the page on the right."""
    canvas.saveState()
    canvas.setStrokeColor(FAINT)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, BOTTOM - 8 * mm, PAGE_WIDTH - RIGHT, BOTTOM - 8 * mm)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, FOOT_SIZE)
    canvas.drawString(LEFT, BOTTOM - 12.5 * mm, _plain(left))
    page = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
    canvas.drawRightString(PAGE_WIDTH - RIGHT, BOTTOM - 12.5 * mm, page)
    canvas.restoreState()


def result_frame(canvas: Canvas) -> None:
    """Draw the frame of a result: two lines with turned corners."""
    canvas.saveState()
    canvas.setStrokeColor(ACCENT)
    for inset, width in ((12 * mm, 1.6), (14.2 * mm, 0.5)):
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, PAGE_WIDTH - 2 * inset, PAGE_HEIGHT - 2 * inset)
    inset, turn = 14.2 * mm, 7 * mm
    canvas.setLineWidth(0.8)
    for across, up in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corner_x = inset if not across else PAGE_WIDTH - inset
        corner_y = inset if not up else PAGE_HEIGHT - inset
        step_x, step_y = (turn if not across else -turn), (turn if not up else -turn)
        canvas.lines(
            [
                (corner_x + step_x, corner_y, corner_x + step_x, corner_y + step_y),
                (corner_x, corner_y + step_y, corner_x + step_x, corner_y + step_y),
            ]
        )
    canvas.restoreState()


def void_mark(canvas: Canvas, words: str) -> None:
    """Draw 作废 across the page, and in a line at the top when and why."""
    canvas.saveState()
    canvas.setFillColor(VOID)
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(38)
    canvas.setFont(BOLD, 130)
    canvas.drawCentredString(0, -45, "作　废")
    canvas.restoreState()
    canvas.saveState()
    canvas.setFillColor(ACCENT)
    canvas.setFont(BOLD, 10)
    canvas.drawString(LEFT, PAGE_HEIGHT - 22 * mm, _plain(_("This paper was voided: %(why)s") % {"why": words})[:60])
    canvas.restoreState()


def _plain(words: str) -> str:
    """Return a line for the canvas, which knows one face only."""
    missing = missing_glyphs(words)
    return "".join("〓" if char in missing else char for char in printable(words).replace("\n", " "))
