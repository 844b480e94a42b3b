"""Every text a person sees is there in Chinese, and none of it in the other language's clothes."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.house import ROOT, SOURCES

PUNCTUATION = re.compile("[、；，：（）。]")
CHINESE = re.compile("[\u4e00-\u9fff]")
CHINESE_PAGES = (".zh.html", "style-guide.html")
CHINESE_DOCUMENTS = {
    "applications/kinds.py": "the archive is in Chinese",
    "applications/rules/terms.py": "a fee's own name, in the language of the papers",
    "cases/actions/archiving.py": "the archive is in Chinese",
    "catalogue/importing/elements.py": "guides are Chinese documents",
    "catalogue/importing/tables.py": "guides are Chinese documents",
    "sharing/rules/showing.py": "the archive is in Chinese",
    "sharing/rules/terms.py": "the basis of a clock is kept in Chinese, as in laws",
    "papers/drawing/paper.py": "the Chinese text of a paper begins with its addressee",
}
"""Files that put Chinese texts together, each with the reason."""


def test_translations_are_complete() -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "messages.py"), "check"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_pages_have_no_chinese_punctuation_of_their_own() -> None:
    """It would stand in English sentences: `listed`, `colon`, `bracketed` of the words know the reader's language."""
    pages = [
        page
        for kind in ("html", "txt")
        for page in SOURCES.glob(f"*/templates/**/*.{kind}")
        if not page.name.endswith(CHINESE_PAGES)
    ]
    assert len(pages) > 50
    wrong = [str(page.relative_to(SOURCES)) for page in pages if PUNCTUATION.search(page.read_text("utf-8"))]
    assert not wrong


def test_texts_are_joined_in_the_readers_language() -> None:
    found = {
        str(source.relative_to(SOURCES))
        for source in SOURCES.rglob("*.py")
        if "tests" not in source.parts and "demo" not in source.parts and any(_joined(source))
    }
    assert found == set(CHINESE_DOCUMENTS)


def _joined(source: Path) -> Iterator[str]:
    """Go through the bare Chinese punctuation between two texts: of `"、".join(…)` and of f"{…}：{…}"."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            parts = [node.func.value]
        elif isinstance(node, ast.JoinedStr):
            parts = node.values
        for part in parts:
            text = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
            if PUNCTUATION.search(text) and not CHINESE.search(text):
                yield text
