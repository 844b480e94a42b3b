"""A paper from its content: title, number, text, tables, remarks, place of the seal."""

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, PageTemplate, Spacer

from tongban.base.templatetags.words import listed
from tongban.papers import rules
from tongban.papers.drawing import pages, styles
from tongban.papers.drawing.faces import MISSING, REGULAR, faces, missing_glyphs
from tongban.papers.drawing.lines import Text
from tongban.papers.drawing.parts import Room, remarks, rows_table, seal_place, table_of
from tongban.papers.kinds import KINDS, PaperContent

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Flowables = Iterator[Any]
COURTESY_WORDS = "译文（仅供参考，以中文文本为准）Courtesy translation; the Chinese text prevails"


def all_text(said: object) -> str:
    """Return all text of a content, for the search for missing glyphs.

    As JSON, which is made faster than the texts are gathered: its own marks are in every typeface.
    """
    return json.dumps(said, ensure_ascii=False)


def chinese_date(day: date) -> str:
    """Return 2026年11月23日 as GB/T 9704-2012, 7.3.5.4 writes dates: Arabic digits, no leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"


def _day(day: date) -> str:
    return chinese_date(day) if _speaks_chinese() else f"{day.day} {day:%B %Y}"


def _speaks_chinese() -> bool:
    return (translation.get_language() or "zh").startswith("zh")


def is_chinese(text: str) -> bool:
    """Whether a text has at least one Chinese character."""
    return any("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in text)


def titles(kind: str, content: PaperContent) -> tuple[str, str]:
    """Return the title and the one in the other language below it. A paper is never titled in English alone."""
    known = KINDS[kind]
    chinese = content.title if is_chinese(content.title) else known.title
    if content.language == "zh-hans":
        return (content.title or known.title), ""
    english = content.title_en or known.title_en
    if content.title and not is_chinese(content.title):
        english = content.title
    return chinese, english


def _head(kind: str, content: PaperContent) -> Flowables:
    title, other = titles(kind, content)
    is_result = kind == "result"
    if not is_result:
        yield Text(content.office, styles.OFFICE)
    yield Text(title, styles.RESULT_TITLE if is_result else styles.TITLE)
    if other:
        yield Text(other, styles.TITLE_OTHER)
    yield Text(content.number, styles.NUMBER)


def _text(content: PaperContent) -> Flowables:
    if content.addressee:
        yield Text(f"{content.addressee}：", styles.ADDRESSEE)
    for paragraph in content.paragraphs:
        for part in filter(None, (line.strip() for line in paragraph.split("\n"))):
            yield Text(part, styles.BODY if is_chinese(part) else styles.BODY_LATIN)


def _term(kind: str, content: PaperContent) -> str:
    first, last = content.valid_from, content.valid_to
    if first and last:
        return pgettext("term of a paper", "from %(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}
    if first:
        return _("from %(first)s, without term") % {"first": _day(first)}
    if last:
        return pgettext("term of a paper", "until %(last)s") % {"last": _day(last)}
    return pgettext("term of a paper", "without term") if kind == "result" else ""


def _facts(kind: str, content: PaperContent) -> list[tuple[str, str]]:
    """Return the labelled facts, with term and predecessor where there are any."""
    facts = list(content.rows)
    if term := _term(kind, content):
        facts.append((pgettext("term of a paper", "Valid"), term))
    if content.predecessor:
        facts.append((_("Takes the place of"), content.predecessor))
    return facts


def _tables(kind: str, content: PaperContent) -> Flowables:
    if facts := _facts(kind, content):
        yield Spacer(1, 3 * mm)
        yield from rows_table(facts, large=kind == "result")
    for table in content.all_tables:
        yield from table_of(table)


def _courtesy(content: PaperContent) -> Flowables:
    if not content.paragraphs_en:
        return
    yield Text(COURTESY_WORDS, styles.COURTESY_HEAD)
    for paragraph in content.paragraphs_en:
        yield Text(paragraph, styles.COURTESY)


def missing_words(content: PaperContent) -> str:
    """Return the remark that spells out what could not be printed, or nothing."""
    missing = sorted(missing_glyphs(all_text(content.model_dump(mode="json"))))
    if not missing:
        return ""
    points = listed(f"U+{ord(char):04X}" for char in missing)
    return _("“%(mark)s” stands for a character that the typeface lacks: %(points)s (Unicode).") % {
        "mark": MISSING,
        "points": points,
    }


def _end(kind: str, content: PaperContent) -> Flowables:
    day = content.date or date.min
    if kind == "result":
        yield Room(keep=85 * mm, most=75 * mm)
    yield from seal_place(content.signature or content.office, chinese_date(day), sealed=KINDS[kind].sealed)
    notes = [*content.remarks, *filter(None, [missing_words(content)])]
    yield from remarks(notes)


def _story(kind: str, content: PaperContent) -> list[Any]:
    return [
        *_head(kind, content),
        *_text(content),
        *_tables(kind, content),
        *_courtesy(content),
        CondPageBreak(55 * mm),
        *_end(kind, content),
    ]


def _frame() -> Frame:
    return Frame(
        styles.LEFT, styles.BOTTOM, styles.TYPE_WIDTH, styles.PAGE_HEIGHT - styles.TOP - styles.BOTTOM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip


def draw(kind: str, content: PaperContent, *, digest: str, void: str = "") -> bytes:
    """Return the PDF. `void` says when and why the paper was voided."""
    faces()
    with translation.override(content.language):
        return _pdf(kind, content, digest=digest, void=void)


def _pdf(kind: str, content: PaperContent, *, digest: str, void: str) -> bytes:
    left = _("%(number)s · check digits %(digits)s") % {"number": content.number, "digits": rules.short_digest(digest)}

    def decorate(canvas: "Canvas", number: int, count: int) -> None:
        if kind == "result":
            pages.result_frame(canvas)
        if void:
            pages.void_mark(canvas, void)
        pages.foot(canvas, left, number, count)

    def canvas(*args: Any, **kwargs: Any) -> pages.PaperCanvas:  # noqa: ANN401 - reportlab's
        made = pages.PaperCanvas(*args, decorate=decorate, **kwargs)
        made.setCatalogEntry("Lang", "zh-CN" if content.language == "zh-hans" else "en")
        return made

    written = BytesIO()
    template = BaseDocTemplate(
        written, pagesize=(styles.PAGE_WIDTH, styles.PAGE_HEIGHT), invariant=1, pageCompression=1,
        initialFontName=REGULAR,
        title=f"{titles(kind, content)[0]} {content.number}", author=content.office, subject=content.number,
        creator="Tongban 通办", producer="Tongban 通办",
    )  # fmt: skip
    template.addPageTemplates(PageTemplate(id="paper", frames=[_frame()]))
    template.build(_story(kind, content), canvasmaker=canvas)
    return written.getvalue()
