"""Sample papers that are handed in: a real page that says what it stands for, as a scan (PNG) or as a PDF."""

from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FACE = "TongbanSample"
SCAN_PIXELS = (620, 877)


def _face() -> str:
    return str(files("tongban.papers") / "fonts" / "built" / "NotoSansSC_400Regular.ttf")


@cache
def sample_scan(name: str) -> bytes:
    """Return a page as somebody's telephone would photograph it: PNG, A4 at 75 dots an inch."""
    image = Image.new("L", SCAN_PIXELS, 246)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, SCAN_PIXELS[0] - 40, SCAN_PIXELS[1] - 40), outline=150, width=2)
    middle = SCAN_PIXELS[0] / 2
    draw.text((middle, 110), name, fill=30, anchor="mm", font=ImageFont.truetype(_face(), 26))
    draw.text((middle, 160), "云汀市演示材料，仅供演示使用", fill=90, anchor="mm", font=ImageFont.truetype(_face(), 15))
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@cache
def sample_pdf(name: str) -> bytes:
    """Return a page with the name of the material and the word "sample"."""
    if FACE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FACE, _face()))
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
