"""How wide words are, and where their lines break: near enough for boxes, without a font."""

import re
import unicodedata
from collections.abc import Iterator

_WIDE = {"W", "F"}
_LATIN = 0.56
"""Mean width of a Latin letter in parts of the type size; Chinese characters are as wide as the type is high."""
_NEVER_FIRST = "，。；：、？！）》」』”’%"
_PIECES = re.compile(r"[^\W\d_\u2e80-\U0003ffff]+|\d+|\s+|.", re.DOTALL)


def width_of(text: str, size: float) -> float:
    """Return about how wide the text is in pixels when set in this size."""
    return sum(size if unicodedata.east_asian_width(char) in _WIDE else size * _LATIN for char in text)


def lines_of(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than the width: between Chinese characters, else between words.

    Lines are made about equally long, so that no single character is left over. A word too long for a line is cut.
    """
    if not text:
        return []
    count = max(1, -(-int(width_of(text, size)) // int(width)))
    for lines in range(count, count + 4):
        found = _broken(text, size, max(width_of(text, size) / lines + size, width / 2, width_of(text[0], size)))
        if all(width_of(line, size) <= width for line in found):
            return found
    return _broken(text, size, width)


def _broken(text: str, size: float, width: float) -> list[str]:
    lines = [""]
    for piece in _pieces(text, size, width):
        fits = width_of(lines[-1] + piece, size) <= width or piece in _NEVER_FIRST
        if fits or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str, size: float, width: float) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if width_of(piece, size) <= width:
            yield piece
        else:
            yield from piece
