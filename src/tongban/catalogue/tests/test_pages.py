from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tools.htmlcheck import validate_html

from tongban.base.actor import SYSTEM
from tongban.base.web import kept_pages
from tongban.catalogue import actions
from tongban.catalogue.tests.building import published, restaurant
from tongban.catalogue.tests.conftest import DATA

pytestmark = pytest.mark.django_db

PAGES = [
    "/search?q=食品", "/search?q=没有这样的事项吧", "/search", "/persons", "/enterprises", "/themes/licence", "/departments",
    "/departments/named/虚构局", "/items/food-new", "/items/food-new?premises=rented", "/items/food-new?print=1",
    "/items/to-come", "/items/X00172009001-01", "/items/X00172009001-01?applicant_is=case1&print=1",
]  # fmt: skip


@pytest.fixture
def items(now: datetime) -> None:
    published(restaurant(authority_name="虚构局"), "food-new", now)
    published(restaurant(name="以后再说", has_guide=False, audiences=[], themes=[]), "to-come", now)
    actions.import_guides(actor=SYSTEM, paths=[DATA / "guides"], now=now)


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_are_there_and_valid(client: Client, tmp_path: Path, language: str) -> None:
    paths = []
    for number, address in enumerate(PAGES):
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200, address
        paths.append(tmp_path / f"{number}.html")
        paths[-1].write_bytes(answer.content)
    assert validate_html(paths) == []


@pytest.mark.usefixtures("items")
def test_the_guide_shows_what_applies(client: Client) -> None:
    before = client.get("/items/food-new").content.decode()
    assert "经营场所是谁的？" in before
    assert "视您的情形" in before
    own = client.get("/items/food-new?premises=own").content.decode()
    assert "租赁合同" not in own
    assert "/apply/food-new/?premises=own" in own
    rented = client.get("/items/food-new?premises=rented").content.decode()
    assert "租赁合同" in rented
    assert "视您的情形" not in rented
    assert "您不用带" in rented
    assert 'href="tel:09996660101"' in rented


@pytest.mark.usefixtures("items")
def test_what_is_not_stated_is_said(client: Client) -> None:
    page = client.get("/items/X00172009001-01").content.decode()
    assert "时限单位未注明" in page
    assert "默认按承诺件" in page
    assert "请以窗口为准" in page


@pytest.mark.usefixtures("items")
def test_a_guide_to_come_cannot_be_applied_for(client: Client) -> None:
    page = client.get("/items/to-come").content.decode()
    assert "办事指南正在准备" in page
    assert "/apply/" not in page
    assert "办事指南正在准备" in client.get("/search?q=以后再说").content.decode()


@pytest.mark.usefixtures("items")
def test_nothing_found_helps_on(client: Client) -> None:
    page = client.get("/search?q=qqqqzzzz").content.decode()
    assert "12345" in page
    assert "虚构局" in page


def test_script_in_any_text_is_text(client: Client, now: datetime) -> None:
    evil = "<script>alert(1)</script>"
    guide = restaurant(
        name=evil, summary=evil, conditions=[evil], legal_basis=[{"law": evil, "article": evil, "text": evil}],
        questions=[{"question": evil, "answer": evil}], places=[{"name": evil, "address": evil, "phone": evil}],
        materials=[{"key": "a", "name": evil, "note": evil}], steps=[{"name": evil, "who": evil}], authority_name=evil,
        result={"name": evil}, fees=[{"name": evil, "standard": evil}], consult_phone=evil, further=[{"label": evil, "text": evil}],
    )  # fmt: skip
    published(guide, "evil", now)
    for address in ("/items/evil", "/items/evil?print=1", "/search?q=alert", "/departments"):
        assert evil not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "address", ["/items/nothing", "/themes/nothing", "/departments/nothing", "/departments/named/nothing"]
)
def test_what_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(
    "address", ["/persons", "/departments/named/虚构局", "/themes/licence", "/search?q=食品", "/departments"]
)
def test_queries_do_not_grow_with_rows(client: Client, now: datetime, address: str) -> None:
    client.get(address)
    kept_pages.PAGES.clear()
    kept_pages.PAGES_FOUND.clear()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(6):
        guide = restaurant(name=f"食品事项{number}", authority_name="虚构局", audiences=["person"])
        published(guide, f"more-{number}", now)
    client.get(address)
    kept_pages.PAGES.clear()
    kept_pages.PAGES_FOUND.clear()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=999999",
        "for=x",
        "theme=x",
        "department=%00",
        "applicable=maybe",
        "page=²",
        "page=" + "9" * 5000,
    ],
)
def test_odd_filters(client: Client, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 200
