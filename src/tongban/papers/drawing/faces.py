"""Typefaces: Noto Sans SC as shipped, then whatever further faces the operator has put into `var/fonts`.

A character for which none of them has a glyph is printed as 〓 (the printers' sign for a type that is missing) and
spelt out in a remark on the paper itself, never as an empty box.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

logger = logging.getLogger("tongban.papers")

BUILT = Path(__file__).resolve().parent.parent / "fonts" / "built"
REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
_SHIPPED = {REGULAR: "NotoSansSC_400Regular.ttf", BOLD: "NotoSansSC_700Bold.ttf"}
MISSING = "〓"
"""GETA MARK, U+3013."""
_LONG_CODE = re.compile(r"<([0-9A-F]{2})> <([0-9A-F]{5,6})>")
_SHOWS_NOTHING = {"Cf", "Cc", "Cs"}
_READING = threading.Lock()
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class FontsNotBuilt(RuntimeError):  # noqa: N818 - says what is missing
    """The typefaces of the papers are not there: `make build` puts them in place."""


class Face(TTFont):  # type: ignore[misc]  # reportlab has no types
    """A TrueType face whose text can be copied out of the PDF, characters beyond U+FFFF too.

    reportlab writes these as five hexadecimal digits into the ToUnicode map; ISO 32000-1, 9.10.3 asks for UTF-16.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802 - reportlab's name
        """Add the subsets to the document, with a map back to Unicode that readers understand."""
        super().addObjects(doc)
        for name, stream in list(doc.idToObject.items()):
            if str(name).startswith("toUnicodeCMap:"):
                stream.content = _LONG_CODE.sub(_as_utf_16, stream.content)


def _as_utf_16(found: "re.Match[str]") -> str:
    return f"<{found[1]}> <{chr(int(found[2], 16)).encode('utf-16-be').hex().upper()}>"


def faces() -> tuple[Face, ...]:
    """Return the faces in the order in which a glyph is looked for; read once in a process (about half a second).

    One reads and the others wait: eight threads at once would need eight times the 35 MB.
    """
    with _READING:
        return _read()


@cache
def _read() -> tuple[Face, ...]:
    shipped = [_registered(name, BUILT / file) for name, file in _SHIPPED.items()]
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return (*shipped, *_further_faces())


def _registered(name: str, path: Path) -> Face:
    if not path.is_file():
        message = f"the typeface {path.name} is not there; run: make build"
        raise FontsNotBuilt(message)
    face = Face(name, str(path))
    pdfmetrics.registerFont(face)
    return face


def _further_faces() -> Iterator[Face]:
    """Go through the operator's own faces (`var/fonts/*.ttf`), such as one with all rare characters of GB 18030."""
    folder = Path(settings.TONGBAN_VAR) / "fonts"
    for path in sorted(folder.glob("*.ttf")) if folder.is_dir() else ():
        try:
            yield _registered(f"further-{path.stem}", path)
        except (TTFError, OSError):
            logger.exception("typeface cannot be used file=%s", path.name)


def _glyphs(face: Face) -> dict[int, int]:
    found: dict[int, int] = face.face.charToGlyph
    return found


def _shows_nothing(char: str) -> bool:
    code = ord(char)
    return unicodedata.category(char) in _SHOWS_NOTHING or any(code in block for block in _VARIATION_SELECTORS)


def printable(text: str) -> str:
    """Return text without what shows nothing: control characters, joiners, variation selectors."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u2028", "\n")
    return "".join(char for char in text if char == "\n" or not _shows_nothing(char))


@lru_cache(maxsize=65536)
def _face_for(code: int, preferred: str) -> str | None:
    """Return the name of the face that has the glyph; the preferred one first."""
    regular, bold, *further = faces()
    first = bold if preferred == BOLD else regular
    for face in (first, *further, regular):
        if code in _glyphs(face):
            return str(face.fontName)
    return None


def missing_glyphs(text: str) -> set[str]:
    """Return the characters for which no face here has a glyph."""
    return {char for char in set(text) if _lacks_glyph(char)}


@lru_cache(maxsize=65536)
def _lacks_glyph(char: str) -> bool:
    return printable(char) not in {"", "\n", " "} and _face_for(ord(char), REGULAR) is None


def width_of(text: str, preferred: str, size: float) -> float:
    """Return the width of a line in points, each character in the face that has it."""
    return size * sum(_advance(char, preferred) for char in text)


@lru_cache(maxsize=65536)
def _advance(char: str, preferred: str) -> float:
    name = _face_for(ord(char), preferred)
    return float(pdfmetrics.stringWidth(char if name else MISSING, name or preferred, 1))


def runs(text: str, preferred: str) -> list[tuple[str, str]]:
    """Return a line as (face, words), each character in a face that has it, 〓 where there is none."""
    pieces: list[tuple[str, str]] = []
    for char in text:
        name = _face_for(ord(char), preferred)
        shown, chosen = (char, name) if name else (MISSING, preferred)
        if pieces and pieces[-1][0] == chosen:
            pieces[-1] = (chosen, pieces[-1][1] + shown)
        else:
            pieces.append((chosen, shown))
    return pieces
