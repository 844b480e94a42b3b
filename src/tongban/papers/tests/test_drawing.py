import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tongban.papers import drawing
from tongban.papers.drawing import faces
from tongban.papers.drawing.lines import MAY_NOT_BEGIN, MAY_NOT_END, break_lines
from tongban.papers.drawing.paper import titles
from tongban.papers.kinds import KINDS, PaperContent, PaperTable

DIGEST = "3f2a9c71" * 8
poppler = pytest.mark.skipif(shutil.which("pdffonts") is None, reason="needs poppler's pdffonts and pdftotext")


def run(tool: str, pdf: bytes, folder: Path, *arguments: str) -> str:
    paper = folder / "paper.pdf"
    paper.write_bytes(pdf)
    return subprocess.run(
        [tool, *arguments, str(paper), *(["-"] if tool == "pdftotext" else [])],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def issued(content: PaperContent, **more: Any) -> PaperContent:
    return content.model_copy(update={"number": "云市监受〔2026〕12号", "date": date(2026, 11, 23)} | more)


@poppler
@pytest.mark.parametrize("kind", KINDS)
def test_all_type_is_embedded_and_text_can_be_copied(kind: str, content: PaperContent, tmp_path: Path) -> None:
    pdf = drawing.draw(kind, issued(content, addressee="王𬭎·㛃䶮"), digest=DIGEST)
    fonts = run("pdffonts", pdf, tmp_path).splitlines()[2:]
    assert fonts
    for line in fonts:
        assert "NotoSansSC" in line
        assert re.search(r"\byes yes yes\b", line), line
    text = re.sub(r"\s", "", run("pdftotext", pdf, tmp_path))
    for words in (
        "王𬭎·㛃䶮",
        "云市监受〔2026〕12号",
        "依照《中华人民共和国行政许可法》第三十二条",
        "营业执照",
        "2026年11月23日",
        "3f2a9c713f2a9c71",
    ):
        assert words in text


@poppler
def test_a_character_without_glyph_is_spelt_out_and_never_a_box(content: PaperContent, tmp_path: Path) -> None:
    pdf = drawing.draw("acceptance", issued(content, addressee="李𠮷"), digest=DIGEST)
    text = run("pdftotext", pdf, tmp_path)
    assert "李〓" in text
    assert "U+20BB7" in text


def test_missing_glyphs_are_found() -> None:
    assert drawing.missing_glyphs("王𬭎 㛃䶮·张\n〓（）") == set()
    assert drawing.missing_glyphs("李𠮷😀\u200d\ufe0f") == {"𠮷", "😀"}


def test_the_same_content_is_drawn_to_the_same_bytes(content: PaperContent) -> None:
    first, again = (drawing.draw("result", issued(content), digest=DIGEST) for _time in range(2))
    assert first == again


def test_threads_that_need_the_typefaces_at_once_read_them_once() -> None:
    faces._read.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda _number: faces.faces(), range(4)))
    assert faces._read.cache_info().misses == 1
    assert all(one is read[0] for one in read)


def test_an_operator_can_add_a_face(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    shutil.copyfile(faces.BUILT / "NotoSansSC_700Bold.ttf", tmp_path / "fonts" / "rare.ttf")
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"no face")
    monkeypatch.setattr(settings, "TONGBAN_VAR", tmp_path)
    assert [face.fontName for face in faces._further_faces()] == ["further-rare"]


def test_a_paper_is_never_titled_in_english_alone() -> None:
    english = PaperContent(title="Receipt", office="局", language="en-gb")  # type: ignore[arg-type]  # as browsers say it
    assert titles("receipt", english) == ("接收回执", "Receipt")
    assert titles("receipt", PaperContent(office="局", language="en")) == ("接收回执", "Receipt")
    assert titles("result", PaperContent(title="食品经营许可证", office="局")) == ("食品经营许可证", "")


def test_lazy_words_are_said_when_the_paper_is_written() -> None:
    lazy: Any = KINDS["supplement"].words
    with translation.override("en"):
        content = PaperContent(office="局", rows=((lazy, "甲"),), remarks=(lazy,))
    assert content.rows == (("Notice of what is missing", "甲"),)
    assert content.remarks == ("Notice of what is missing",)


def test_tables_fit_their_heads() -> None:
    with pytest.raises(ValueError, match="columns"):
        PaperTable(head=("甲",), rows=(("1", "2"),))
    with pytest.raises(ValueError, match="columns"):
        PaperContent(office="局", table_head=("甲", "乙"), table=(("1",),))


hostile = st.one_of(
    st.text(max_size=60),
    st.just("<font size=99>&amp;<b>"),
    st.just("长" * 1500),
    st.just("A" * 900),
    st.just("\x00\u202e\u2028\n\n\t"),
    st.just("（" * 90),
    st.just("，" * 90),
)


@effort(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # each try draws a paper: shrinking takes minutes
)
@given(words=st.lists(hostile, min_size=6, max_size=6), kind=st.sampled_from(sorted(KINDS)))
def test_whatever_people_typed_can_be_drawn(words: list[str], kind: str) -> None:
    content = PaperContent(
        office=words[0][:200] or "局", addressee=words[1][:300], paragraphs=(words[2],), rows=((words[3][:40], words[4]),),
        table_head=("项", "内容"), table=((words[5], words[4]),), remarks=(words[5],), date=date(2026, 11, 23),
        number="1", language="en",
    )  # fmt: skip
    assert drawing.draw(kind, content, digest=DIGEST, void=words[0]).startswith(b"%PDF")


@given(text=st.text(alphabet="天地玄黄ab1 ，。《》（）“”", max_size=120), room=st.integers(8, 40))
def test_lines_keep_the_rules_and_lose_nothing(text: str, room: int) -> None:
    lines = break_lines(text, room, 2, lambda words: float(len(words)))
    assert "".join("".join(lines).split()) == "".join(text.split())
    marks_in_a_row = re.search(r"[，。《》（）“”]{4,}", text)
    if not marks_in_a_row and room > 20:
        for line in lines[1:]:
            assert line[:1] not in MAY_NOT_BEGIN or not line
        for line in lines[:-1]:
            assert line[-1:] not in MAY_NOT_END or not line
    assert all(len(line) <= room for line in lines)
