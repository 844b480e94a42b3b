"""Measures of a paper, after 党政机关公文格式 (GB/T 9704-2012): A4, type area 156 mm wide, title in 22 pt, text 16 pt.

Papers of a case hold more than letters between offices; their text stands in 14 pt, small print in 10 pt.
"""

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from tongban.papers.drawing.faces import BOLD, REGULAR

PAGE_WIDTH, PAGE_HEIGHT = A4
TOP, BOTTOM, LEFT, RIGHT = 33 * mm, 30 * mm, 28 * mm, 26 * mm
TYPE_WIDTH = PAGE_WIDTH - LEFT - RIGHT
INK = HexColor("#1b1b1b")
QUIET = HexColor("#5a5f66")
LINE = HexColor("#8a9099")
FAINT = HexColor("#d7dade")
SHADE = HexColor("#f4f5f6")
ACCENT = HexColor("#8c2f1b")
"""A quiet vermilion, for the frame of results alone."""
VOID = Color(0.72, 0.12, 0.10, alpha=0.28)


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    given = {"fontName": REGULAR, "textColor": INK, "alignment": TA_LEFT} | more
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)


OFFICE = _style("office", 15, 22, alignment=TA_CENTER, fontName=BOLD, spaceAfter=3 * mm)
TITLE = _style("title", 22, 32, alignment=TA_CENTER, fontName=BOLD, spaceAfter=1 * mm)
TITLE_OTHER = _style("title-other", 12, 18, alignment=TA_CENTER, textColor=QUIET)
NUMBER = _style("number", 12, 18, alignment=TA_CENTER, textColor=QUIET, spaceBefore=2 * mm, spaceAfter=7 * mm)
ADDRESSEE = _style("addressee", 14, 25, spaceAfter=1 * mm)
BODY = _style("body", 14, 25, firstLineIndent=28)
BODY_LATIN = _style("body-latin", 11, 17, spaceAfter=2 * mm)
COURTESY_HEAD = _style("courtesy-head", 10, 15, fontName=BOLD, textColor=QUIET, spaceBefore=3 * mm, spaceAfter=1 * mm)
COURTESY = _style("courtesy", 10, 15, textColor=QUIET, spaceAfter=1.5 * mm)
LABEL = _style("label", 11, 18, textColor=QUIET)
LARGE_LABEL = _style("large-label", 12, 22, textColor=QUIET)
LARGE_VALUE = _style("large-value", 14, 22)
VALUE = _style("value", 12, 18)
CELL_HEAD = _style("cell-head", 11, 16, fontName=BOLD)
CELL = _style("cell", 11, 16)
CAPTION = _style("caption", 12, 18, fontName=BOLD, spaceBefore=4 * mm, spaceAfter=2 * mm)
REMARK_HEAD = _style("remark-head", 10, 15, fontName=BOLD, textColor=QUIET)
REMARK = _style("remark", 10, 15.5, textColor=QUIET)
SIGNED = _style("signed", 14, 24, alignment=TA_CENTER)
SIGNED_RIGHT = _style("signed-right", 14, 24, alignment=TA_RIGHT)
RESULT_TITLE = _style("result-title", 30, 44, alignment=TA_CENTER, fontName=BOLD, spaceBefore=8 * mm, spaceAfter=2 * mm)
