"""Tables of many columns on a telephone, in a real browser."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, FloatRect, Locator

from tongban.base.tests.looking import SIZES, opened
from tongban.base.tests.test_components import shown

PAGE = """\
<!DOCTYPE html><html lang="en"><head><title>Cases</title><link rel="stylesheet" href="/static/built/tongban.css">
<script type="module" src="/static/built/tongban.js"></script></head><body>{}</body></html>"""
NAMES = ["Due", "Matter", "Applicant", "Note", "Held by"]
ROW = [
    {"text": "1 May", "tag": "red"},
    {"text": "Licence", "href": "/case"},
    "云汀市很长很长很长很长很长的公司名",
    "",
    "Li Mei",
]


def page_of(names: Sequence[str], row: Sequence[object]) -> str:
    return PAGE.format(shown("{% ui_table names rows 'Cases' %}", names=names, rows=[row, row]))


def places_of(cells: Locator) -> list[FloatRect]:
    return [place for place in (cell.bounding_box() for cell in cells.all()) if place is not None]


def test_a_row_is_a_card_that_begins_with_what_it_is_about(browser: Browser) -> None:
    with opened(browser, page_of(NAMES, ROW), "phone") as page:
        assert page.get_by_role("columnheader").all_text_contents() == NAMES
        row = page.get_by_role("row").nth(1)
        cells = row.get_by_role("cell")
        assert cells.all_text_contents() == ["1 May", "Licence", ROW[2], "Li Mei"]
        assert [cell.get_attribute("data-name") for cell in cells.all()] == ["Due", None, "Applicant", "Held by"]
        due, title, applicant, holder = places_of(cells)
        assert title["y"] < due["y"] < applicant["y"] < holder["y"]
        assert all(place["x"] + place["width"] <= SIZES["phone"][0] for place in (due, title, applicant, holder))
        assert page.locator(".tb-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize(("size", "script"), [("desk", True), ("phone", False)])
def test_elsewhere_it_is_a_table(browser: Browser, size: str, script: bool) -> None:  # noqa: FBT001 - a parameter
    with opened(browser, page_of(NAMES, ROW), size, script=script) as page:
        places = places_of(page.locator("tbody tr").first.locator("td"))
        assert len(places) == len(NAMES)
        assert len({place["y"] for place in places}) == 1


def test_few_columns_stay_a_table(browser: Browser) -> None:
    with opened(browser, page_of(NAMES[:3], ROW[:3]), "phone") as page:
        places = places_of(page.locator("tbody tr").first.locator("td"))
        assert len({place["y"] for place in places}) == 1
