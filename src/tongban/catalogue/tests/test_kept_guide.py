"""The page of a guide is kept for strangers, and any change of it holds at once, whoever made it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.base.actor import SYSTEM
from tongban.base.web import kept_pages
from tongban.cases.tests.people import client_of, resident
from tongban.catalogue import actions, queries
from tongban.catalogue.tests.building import published, restaurant
from tongban.organisations import actions as organisations

each_db = pytest.mark.django_db(transaction=True)
PAGE = "/items/food-new"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept_pages.PAGES.clear()
    kept_pages.PAGES_ASKED.clear()
    yield
    kept_pages.PAGES.clear()
    kept_pages.PAGES_ASKED.clear()


def elsewhere(act: Callable[[], Any]) -> None:
    """Act as another process would: on a connection of its own, which this one hears nothing of."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


def words_of(client: Client, address: str = PAGE, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def guide(db: None, now: datetime) -> None:
    office = organisations.create_organisation(actor=SYSTEM, name="虚构局", slug="office", now=now, phone="0999-1")
    published(restaurant(), "food-new", now, organisation_id=office.id)


@pytest.mark.usefixtures("guide")
def test_it_is_kept_and_costs_one_short_query(client: Client) -> None:
    first = client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        second = client.get(PAGE)
    assert second.content == first.content
    assert len(captured) == 1
    assert "xmin" in captured[0]["sql"]
    assert len(kept_pages.PAGES) == 1


@each_db
def test_every_change_holds_at_once(client: Client, now: datetime) -> None:
    office = organisations.create_organisation(actor=SYSTEM, name="虚构局", slug="office", now=now, phone="0999-1")
    other = organisations.create_organisation(actor=SYSTEM, name="另一局", slug="other", now=now, phone="0999-2")
    published(restaurant(), "food-new", now, organisation_id=office.id)
    assert "开饭店、奶茶店要先办" in words_of(client)
    changed = restaurant(summary="新的说法")
    elsewhere(lambda: published(changed, "food-new", now, organisation_id=office.id))
    assert "新的说法" in words_of(client)
    assert "暂停" not in words_of(client)
    elsewhere(lambda: actions.suspend(actor=SYSTEM, code="food-new", now=now))
    assert "暂停" in words_of(client)
    elsewhere(lambda: actions.resume(actor=SYSTEM, code="food-new", now=now))
    assert "暂停" not in words_of(client)
    elsewhere(lambda: published(changed, "food-new", now, organisation_id=other.id))
    assert "另一局" in words_of(client)
    elsewhere(lambda: type(other).objects.filter(id=other.id).update(name="改名局"))
    assert "改名局" in words_of(client)
    elsewhere(lambda: actions.cancel(actor=SYSTEM, code="food-new", now=now))
    assert client.get(PAGE).status_code == 404


@pytest.mark.usefixtures("guide")
def test_counting_an_application_throws_nothing_away(client: Client) -> None:
    words_of(client)
    actions.count_applications({str(queries.item("food-new").id): 1})
    with CaptureQueriesContext(connection) as captured:
        words_of(client)
    assert len(captured) == 1


@pytest.mark.usefixtures("guide")
def test_language_and_size_of_type_have_pages_of_their_own(client: Client) -> None:
    chinese, english = words_of(client), words_of(client, **{"Accept-Language": "en"})
    assert 'lang="zh-Hans"' in chinese
    assert 'lang="en"' in english
    client.post("/type", {"type": "large"})
    assert "large-type" in words_of(client)
    client.post("/type", {"type": "normal"})
    assert words_of(client) == chinese
    assert "large-type" not in words_of(client)
    assert words_of(client, f"{PAGE}?premises=rented") != words_of(client, f"{PAGE}?premises=own")
    assert len(kept_pages.PAGES) == 3
    assert len(kept_pages.PAGES_ASKED) == 2


@pytest.mark.usefixtures("guide")
def test_nothing_of_whoever_is_signed_in_is_kept_or_given(client: Client) -> None:
    stranger = words_of(client)
    person = client_of(resident("欧阳秋实").username)
    assert "欧阳秋实" in words_of(person)
    assert person.get(PAGE)["Cache-Control"] == "no-store"
    assert "csrfmiddlewaretoken" in words_of(person)
    assert words_of(Client()) == stranger
    assert "欧阳秋实" not in stranger
    assert len(kept_pages.PAGES) == 1


@pytest.mark.usefixtures("guide")
def test_a_stranger_gets_no_cookie_and_no_token(client: Client) -> None:
    for _first_and_kept in range(2):
        answer = client.get(PAGE)
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-cache"
        assert "Content-Security-Policy" in answer
        assert "X-Request-Id" in answer


@pytest.mark.usefixtures("guide")
def test_a_waiting_message_is_shown_and_not_kept(client: Client) -> None:
    client.cookies["messages"] = "whatever"
    words_of(client)
    assert len(kept_pages.PAGES) == 0


@pytest.mark.usefixtures("guide")
def test_whoever_has_the_page_is_told_that_it_is_still_good(client: Client, now: datetime) -> None:
    known = client.get(PAGE)["ETag"]
    again = client.get(PAGE, headers={"If-None-Match": f'"other", {known}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(PAGE, headers={"If-None-Match": known, "Accept-Language": "en"}).status_code == 200
    actions.suspend(actor=SYSTEM, code="food-new", now=now)
    assert client.get(PAGE, headers={"If-None-Match": known}).status_code == 200


@pytest.mark.usefixtures("guide")
def test_made_up_questions_push_out_no_page(client: Client) -> None:
    words_of(client)
    for number in range(5):
        words_of(client, f"{PAGE}?x={number}")
    words_of(client, f"{PAGE}?x={'x' * 300}")
    assert len(kept_pages.PAGES) == 1
    assert len(kept_pages.PAGES_ASKED) == 5


@pytest.mark.django_db
def test_another_site_cannot_set_what_a_reader_sees() -> None:
    client = Client(enforce_csrf_checks=True)
    for address, sent in (("/type", {"type": "large"}), ("/language", {"language": "en", "next": "/"})):
        for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):  # fmt: skip
            refused = client.post(address, sent, headers=foreign)
            assert refused.status_code == 403
            assert not refused.cookies
        for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}):
            assert client.post(address, sent, headers=own).status_code == 302
