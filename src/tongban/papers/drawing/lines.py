"""Lines of Chinese text: where a line may break, after GB/T 15834-2011, 5.1.11 and the layout rules clreq 3.1.3.

No line begins with a closing mark or ends with an opening one; Latin words and numbers stay whole where they fit.
"""

from collections.abc import Callable, Iterator
from functools import partial

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

from tongban.papers.drawing.faces import markup, printable, width_of

MAY_NOT_BEGIN = frozenset("，。、；：？！）》〉」』】〕〗”’…—·％%!?,.;:)]}’”")
MAY_NOT_END = frozenset("（《〈「『【〔〖“‘([{￥¥$")
SLACK = 0.6
"""Points kept free, so that reportlab does not break once more what fits by a hair."""


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


class ChineseText(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A paragraph broken by the rules above, in whatever width it is given."""

    def __init__(self, text: str, style: ParagraphStyle) -> None:
        """Keep the text; it is broken when the width is known."""
        super().__init__()
        self.text, self.style = text, style
        self.spaceBefore, self.spaceAfter = style.spaceBefore, style.spaceAfter
        self._drawn: Paragraph | None = None
        self._room = 0.0

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """Return the room before, as the style says."""
        return float(self.style.spaceBefore)

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """Return the room after, as the style says."""
        return float(self.style.spaceAfter)

    def _paragraph(self, room: float) -> Paragraph:
        if self._drawn is None or self._room != room:
            style = self.style
            width = partial(width_of, preferred=style.fontName, size=style.fontSize)
            lines = [
                line
                for part in printable(self.text).split("\n")
                for line in break_lines(part, room - SLACK, style.firstLineIndent, width)
            ]
            self._drawn = Paragraph("<br/>".join(markup(line, style.fontName) for line in lines), style)
            self._room = room
        return self._drawn

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """Return the size."""
        self.width, self.height = self._paragraph(room).wrap(room, height)
        return self.width, self.height

    def split(self, room: float, height: float) -> list[Paragraph]:
        """Return the parts before and after a change of page."""
        paragraph = self._paragraph(room)
        paragraph.wrap(room, height)
        return list(paragraph.split(room, height))

    def draw(self) -> None:
        """Draw the lines."""
        self._paragraph(self._room).drawOn(self.canv, 0, 0)


def text(words: str, style: ParagraphStyle) -> Flowable:
    """Return a flowable for a text: Chinese broken by our rules, other text by spaces."""
    if style.wordWrap == "CJK":
        return ChineseText(words, style)
    return Paragraph(markup(words, style.fontName), style)
