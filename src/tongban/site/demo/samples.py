"""Sample papers that are handed in: real PDFs of one page that say what they stand for."""

from functools import cache
from importlib.resources import files
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FACE = "TongbanSample"


@cache
def sample_pdf(name: str) -> bytes:
    """Return a page with the name of the material and the word "sample"."""
    if FACE not in pdfmetrics.getRegisteredFontNames():
        face = files("tongban.papers") / "fonts" / "built" / "NotoSansSC_400Regular.ttf"
        pdfmetrics.registerFont(TTFont(FACE, str(face)))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setTitle(name)
    canvas.setFont(FACE, 22)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 120, name)
    canvas.setFont(FACE, 12)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 160, "云汀市演示材料，仅供演示使用")
    canvas.rect(60, 80, A4[0] - 120, A4[1] - 280)
    canvas.save()
    return buffer.getvalue()
