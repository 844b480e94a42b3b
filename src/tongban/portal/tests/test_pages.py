from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tools.htmlcheck import validate_html

from tongban.applications import actions as applications
from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE
from tongban.base.web import kept_pages
from tongban.cases.tests.people import client_of, resident
from tongban.catalogue import actions as catalogue
from tongban.catalogue.kinds import Guide
from tongban.notifications import actions as notifications

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=OFFICE_ZONE)
TEXTS = ("privacy", "accessibility", "about")


def publish(number: int) -> None:
    guide = Guide.model_validate(
        {"name": f"居住证申领{number}", "name_en": f"Residence permit {number}", "authority_name": "虚构公安局",
         "themes": ["identity", "moving_here"], "promised_limit": {"value": 5, "unit": "working_day"}}
    )  # fmt: skip
    catalogue.publish(actor=SYSTEM, guide=guide, code=f"residence-{number}", now=NOW)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_are_valid(client: Client, tmp_path: Path, language: str) -> None:
    publish(1)
    paths = []
    for name in ("", *TEXTS):
        answer = client.get(f"/{name}", headers={"Accept-Language": language})
        assert answer.status_code == 200
        paths.append(tmp_path / f"{name or 'home'}.html")
        paths[-1].write_bytes(answer.content)
    assert validate_html(paths) == []
    home = paths[0].read_text("utf-8")
    assert ("居住证申领1" if language == "zh-hans" else "Residence permit 1") in home
    assert "/themes/moving_here" in home


def test_queries_of_the_home_page_do_not_grow(client: Client) -> None:
    publish(1)
    client.get("/")
    kept_pages.PAGES.clear()
    kept_pages.PAGES_FOUND.clear()
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(2, 8):
        publish(number)
    client.get("/")
    kept_pages.PAGES.clear()
    kept_pages.PAGES_FOUND.clear()
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


def test_texts_say_the_same_in_both_languages(client: Client) -> None:
    for name in TEXTS:
        headings = [
            client.get(f"/{name}", headers={"Accept-Language": language}).content.count(b"<h2")
            for language in ("zh-hans", "en")
        ]
        assert headings[0] == headings[1]


def test_ones_own_home(client: Client, tmp_path: Path) -> None:
    assert client.get("/my").status_code == 302
    publish(1)
    person = resident()
    own = client_of(person.username)
    empty = own.get("/my")
    assert "您还没有申请过事项" in empty.content.decode()
    applications.begin(actor=person.actor, item_code="residence-1", applicant_kind="self", now=NOW)
    notifications.tell(account_id=person.account_id, key="hello", subject="欢迎", body="您好", now=NOW)
    page = own.get("/my").content.decode()
    assert "居住证申领1" in page
    assert "欢迎" in page
    paths = [tmp_path / "empty.html", tmp_path / "my.html"]
    paths[0].write_bytes(empty.content)
    paths[1].write_text(page, "utf-8")
    assert validate_html(paths) == []


@pytest.mark.parametrize(
    ("target", "leads_to"), [("/about", "/about"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")]
)
def test_large_type_is_remembered_and_leads_only_back_here(client: Client, target: str, leads_to: str) -> None:
    answer = client.post("/type", {"type": "large", "next": target})
    assert [answer.status_code, answer["Location"]] == [302, leads_to]
    assert "large-type" in client.get("/about").content.decode()
    client.post("/type", {"type": "normal", "next": "/"})
    assert "large-type" not in client.get("/about").content.decode()
    assert client.get("/type").status_code == 405


def test_language_switch(client: Client) -> None:
    client.post("/language", {"language": "en", "next": "/about"})
    assert "About Tongban" in client.get("/about").content.decode()


def test_what_machines_ask_for(client: Client) -> None:
    assert b"Disallow: /my" in client.get("/robots.txt").content
    assert client.get("/favicon.ico").status_code == 301
