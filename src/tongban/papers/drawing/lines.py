"""Lines of Chinese text: where a line may break, after GB/T 15834-2011, 5.1.11 and the layout rules clreq 3.1.3.

No line begins with a closing mark or ends with an opening one; Latin words and numbers stay whole where they fit.
"""

from collections.abc import Callable, Iterator
from functools import partial

from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from tongban.papers.drawing.faces import printable, runs, width_of

MAY_NOT_BEGIN = frozenset("，。、；：？！）》〉」』】〕〗”’…—·％%!?,.;:)]}’”")
MAY_NOT_END = frozenset("（《〈「『【〔〖“‘([{￥¥$")
ASCENT = 0.88
"""Of the size: from the baseline to the top of a Chinese character's square."""


def _is_word(char: str) -> bool:
    return char.isascii() and not char.isspace() and char not in MAY_NOT_BEGIN | MAY_NOT_END


def _pieces(text: str) -> Iterator[str]:
    """Go through words, spaces and single characters."""
    word = ""
    for char in text:
        if _is_word(char):
            word += char
            continue
        if word:
            yield word
            word = ""
        yield char
    if word:
        yield word


def clusters(text: str) -> list[str]:
    """Return the parts of a text between which a line may break."""
    found: list[str] = []
    glued = False
    for piece in _pieces(text):
        if found and (glued or piece[0] in MAY_NOT_BEGIN):
            found[-1] += piece
        else:
            found.append(piece)
        glued = piece[-1] in MAY_NOT_END
    return found


def _cut(cluster: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    """Cut what is wider than a whole line, character by character."""
    part = ""
    for char in cluster:
        if part and width(part + char) > room:
            yield part
            part = ""
        part += char
    yield part


def break_lines(text: str, room: float, first_indent: float, width: Callable[[str], float]) -> list[str]:
    """Return the lines of one paragraph for a given room in points."""
    lines, line, left = [], "", room - first_indent
    for cluster in clusters(text):
        for part in _cut(cluster, room, width) if width(cluster) > room else (cluster,):
            if line and width(line + part.rstrip()) > left:
                lines.append(line.rstrip())
                line, left = "", room
            line += part if line else part.lstrip()
    return [*lines, line.rstrip()]


class Text(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A paragraph broken by the rules above, in whatever width it is given."""

    def __init__(self, words: str, style: ParagraphStyle) -> None:
        """Keep the words; they are broken into lines when the width is known."""
        super().__init__()
        self.words, self.style = printable(words), style
        self.first_indent = float(style.firstLineIndent)
        self.room = 0.0
        self.lines: list[str] = []
        self.spaceBefore, self.spaceAfter = style.spaceBefore, style.spaceAfter

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Return the size."""
        if self.room != room:
            self.room, self.lines = room, self._broken(room)
        self.width, self.height = room, len(self.lines) * self.style.leading
        return self.width, self.height

    def _broken(self, room: float) -> list[str]:
        width = partial(width_of, preferred=self.style.fontName, size=self.style.fontSize)
        first, *rest = self.words.split("\n")
        lines = break_lines(first, room, self.first_indent, width)
        return lines + [line for part in rest for line in break_lines(part, room, 0, width)]

    def split(self, room: float, height: float) -> list[Flowable]:
        """Return the parts before and after a change of page (always two for tables); nothing if no line fits."""
        self.wrap(room, height)
        fit = int(height // self.style.leading)
        if fit < 1:
            return []
        return [
            self._part(self.lines[:fit], room, self.first_indent),
            self._part(self.lines[fit:], room, 0.0),
        ]

    def _part(self, lines: list[str], room: float, first_indent: float) -> "Text":
        part = Text("\n".join(lines), self.style)
        part.lines, part.room, part.first_indent = lines, room, first_indent
        return part

    def draw(self) -> None:
        """Draw the lines, each character in a face that has it."""
        canvas, style = self.canv, self.style
        canvas.saveState()
        canvas.setFillColor(style.textColor)
        baseline = self.height - (style.leading - style.fontSize) / 2 - ASCENT * style.fontSize
        for place, line in enumerate(self.lines):
            start = self._start(line, self.first_indent if place == 0 else 0.0)
            for face, words in runs(line, style.fontName):
                canvas.setFont(face, style.fontSize)
                canvas.drawString(start, baseline, words)
                start += canvas.stringWidth(words, face, style.fontSize)
            baseline -= style.leading
        canvas.restoreState()

    def _start(self, line: str, indent: float) -> float:
        if self.style.alignment == TA_LEFT:
            return indent
        free = self.room - width_of(line, self.style.fontName, self.style.fontSize)
        return free / 2 if self.style.alignment == TA_CENTER else free
