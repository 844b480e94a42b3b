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
APPLICANT = "云汀市很长很长很长很长很长的公司名"
ROW = [{"text": "1 May", "tag": "red"}, {"text": "Licence", "href": "/case"}, APPLICANT, "", "Li Mei"]


def page_of(names: Sequence[str], row: Sequence[object]) -> str:
    return PAGE.format(shown("{% ui_table names rows 'Cases' %}", names=names, rows=[row, row]))


def places_of(cells: Locator) -> list[FloatRect]:
    return [place for place in (cell.bounding_box() for cell in cells.all()) if place is not None]


def words_before(cells: Locator) -> list[str]:
    """Return what styles put before each cell."""
    said = [str(cell.evaluate("one => getComputedStyle(one, '::before').content")) for cell in cells.all()]
    return ["" if one == "none" else one.split('"')[1] for one in said]


def test_a_row_is_a_card_that_begins_with_what_it_is_about(browser: Browser) -> None:
    with opened(browser, page_of(NAMES, ROW), "phone") as page:
        assert page.get_by_role("columnheader").all_text_contents() == NAMES
        cells = page.get_by_role("row").nth(1).get_by_role("cell")
        assert cells.all_text_contents() == ["1 May", "Licence", APPLICANT, "", "Li Mei"]
        assert words_before(cells) == ["Due", "", "Applicant", "", "Held by"]
        due, title, applicant, nothing, holder = places_of(cells)
        assert title["y"] < due["y"] < applicant["y"] < holder["y"]
        assert nothing["height"] == 1
        assert applicant["y"] + applicant["height"] + 8 > holder["y"], "what is empty takes no line"
        for width in (SIZES["phone"][0], 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert all(place["x"] + place["width"] <= width for place in places_of(cells))
            assert page.locator(".tb-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (["2", "in force", "1 May", "", "Li Mei"], ["Due", "Matter", "Applicant", "", "Held by"]),
        (
            ["2", "in force", "1 May", "", {"text": "Correct", "href": "/1"}],
            ["Due", "Matter", "Applicant", "", "Held by"],
        ),
        (
            ["2", {"text": "Licence", "href": "/1"}, {"text": "Li", "href": "/2"}, "", "4"],
            ["Due", "", "Applicant", "", "Held by"],
        ),
    ],
)
def test_what_says_nothing_alone_keeps_its_name(browser: Browser, row: list[object], named: list[str]) -> None:
    with opened(browser, page_of(NAMES, row), "phone") as page:
        assert words_before(page.get_by_role("row").nth(1).get_by_role("cell")) == named


def test_a_row_with_a_header_begins_with_it(browser: Browser) -> None:
    figures = [{"text": str(number), "href": f"/{number}"} for number in range(4)]
    html = PAGE.format(
        shown("{% ui_table names rows 'Cases' first_is_header=True %}", names=NAMES, rows=[["Office", *figures]])
    )
    with opened(browser, html, "phone") as page:
        header, cells = page.get_by_role("rowheader"), page.get_by_role("row").nth(1).get_by_role("cell")
        assert header.all_text_contents() == ["Office"]
        assert words_before(header) == [""]
        assert words_before(cells) == NAMES[1:]
        assert places_of(header)[0]["y"] < places_of(cells)[0]["y"]


@pytest.mark.parametrize(("size", "script"), [("desk", True), ("phone", False)])
def test_elsewhere_it_is_a_table(browser: Browser, size: str, script: bool) -> None:  # noqa: FBT001 - a parameter
    with opened(browser, page_of(NAMES, ROW), size, script=script) as page:
        places = places_of(page.locator("tbody tr").first.locator("td"))
        assert len(places) == len(NAMES)
        assert len({place["y"] for place in places}) == 1
        assert words_before(page.locator("tbody tr").first.locator("td")) == [""] * len(NAMES)


def test_few_columns_stay_a_table(browser: Browser) -> None:
    with opened(browser, page_of(NAMES[:3], ROW[:3]), "phone") as page:
        places = places_of(page.locator("tbody tr").first.locator("td"))
        assert len({place["y"] for place in places}) == 1
