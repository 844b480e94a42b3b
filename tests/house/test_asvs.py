"""The page about the ASVS answers each requirement of levels 1 and 2 once, with a verdict and with files that exist."""

import re
from collections import Counter

from tests.house.house import ROOT

PAGE = ROOT / "docs" / "security" / "asvs.md"
SECTIONS = """
1.1 1-2 · 1.2 1-9 · 1.3 1-11 · 1.4 1-3 · 1.5 1-2 · 2.1 1-3 · 2.2 1-3 · 2.3 1-4 · 2.4 1-1 · 3.2 1-2 · 3.3 1-4 · 3.4 1-6 · 3.5 1-5
3.7 1-2 · 4.1 1-3 · 4.2 1-1 · 4.3 1-2 · 4.4 1-4 · 5.1 1-1 · 5.2 1-3 · 5.3 1-2 · 5.4 1-3 · 6.1 1-3 · 6.2 1-12 · 6.3 1-4 · 6.4 1-4
6.5 1-5 · 6.6 1-3 · 6.8 1-4 · 7.1 1-3 · 7.2 1-4 · 7.3 1-2 · 7.4 1-5 · 7.5 1-2 · 7.6 1-2 · 8.1 1-2 · 8.2 1-3 · 8.3 1-1 · 8.4 1-1
9.1 1-3 · 9.2 1-4 · 10.1 1-2 · 10.2 1-2 · 10.3 1-4 · 10.4 1-11 · 10.5 1-5 · 10.6 1-2 · 10.7 1-3 · 11.1 1-2 · 11.2 1-3 · 11.3 1-3
11.4 1-4 · 11.5 1-1 · 11.6 1-1 · 12.1 1-3 · 12.2 1-2 · 12.3 1-4 · 13.1 1-1 · 13.2 1-5 · 13.3 1-2 · 13.4 1-5 · 14.1 1-2 · 14.2 1-4
14.3 1-3 · 15.1 1-3 · 15.2 1-3 · 15.3 1-7 · 16.1 1-1 · 16.2 1-5 · 16.3 1-4 · 16.4 1-3 · 16.5 1-3 · 17.1 1-1 · 17.2 1-4 · 17.3 1-2
"""
"""Sections of ASVS 5.0.0 with the numbers of their requirements of levels 1 and 2; those of level 3 come after them."""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (\w[\w ]*) \| (.+) \| (.*) \|$", re.MULTILINE)


def _wanted() -> list[str]:
    found = re.findall(r"(\d+\.\d+) 1-(\d+)", SECTIONS)
    return [f"{section}.{number}" for section, last in found for number in range(1, int(last) + 1)]


def _rows() -> list[tuple[str, str, str, str, str]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_requirement_is_answered_once() -> None:
    assert len(_wanted()) == 253
    assert [row[0] for row in _rows()] == _wanted()
    assert Counter(row[1] for row in _rows()) == {"1": 70, "2": 183}


def test_every_answer_has_a_verdict_and_what_is_met_says_where() -> None:
    assert {row[2] for row in _rows()} == {"met", "not applicable", "open"}
    assert not [row[0] for row in _rows() if row[2] == "met" and not row[4]]
    head = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    for verdict, number in Counter(row[2] for row in _rows()).items():
        assert f"{number} {verdict}" in head
    assert "Open: " + ", ".join(row[0] for row in _rows() if row[2] == "open") + "." in head


def test_every_file_that_is_named_exists() -> None:
    missing = [
        (row[0], path)
        for row in _rows()
        for path in re.findall(r"`([^`]+)`", row[4])
        if not (ROOT / path).exists() and not (ROOT / "src" / "tongban" / path).exists()
    ]
    assert not missing
