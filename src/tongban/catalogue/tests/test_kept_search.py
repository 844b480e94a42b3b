"""What searches found is kept for strangers, and any change of the catalogue holds at once, whoever made it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.base.actor import SYSTEM
from tongban.base.web import kept_pages
from tongban.catalogue import actions, queries
from tongban.catalogue.models import SearchWord
from tongban.catalogue.tests.building import published, restaurant
from tongban.organisations import actions as organisations

FOUND = "/search?q=食品"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept = (kept_pages.PAGES, kept_pages.PAGES_FOUND)
    for pages in kept:
        pages.clear()
    yield
    for pages in kept:
        pages.clear()


def elsewhere(act: Callable[[], Any]) -> None:
    """Act as another process would: on a connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


def words_of(client: Client, address: str = FOUND) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def words_kept() -> set[tuple[object, ...]]:
    return set(SearchWord.objects.values_list("handling_item_id", "word", "characters", "named", "later", "standing"))


@pytest.mark.django_db
@pytest.mark.parametrize("address", [FOUND, "/"])
def test_a_page_asked_again_costs_one_short_query(client: Client, now: datetime, address: str) -> None:
    published(restaurant(), "food-new", now)
    first = words_of(client, address)
    with CaptureQueriesContext(connection) as captured:
        assert words_of(client, address) == first
    assert len(captured) == 1
    assert "catalogue_changecount" in captured[0]["sql"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [FOUND, "/"])
def test_every_change_holds_at_once(client: Client, now: datetime, address: str) -> None:
    office = organisations.create_organisation(actor=SYSTEM, name="虚构局", slug="office", now=now)
    published(restaurant(), "food-new", now, organisation_id=office.id)
    assert "食品经营许可（新办）" in words_of(client, address)
    elsewhere(lambda: published(restaurant(name="食品经营备案"), "food-new", now, organisation_id=office.id))
    assert "食品经营备案" in words_of(client, address)
    elsewhere(lambda: type(office).objects.filter(id=office.id).update(name="改名局"))
    assert "改名局" in words_of(client, address)
    elsewhere(lambda: published(restaurant(name="食品小作坊登记"), "food-small", now, organisation_id=office.id))
    assert "食品小作坊登记" in words_of(client, address)
    elsewhere(lambda: actions.suspend(actor=SYSTEM, code="food-small", now=now))
    assert ("暂停" in words_of(client, address)) == (address == FOUND)
    elsewhere(lambda: actions.cancel(actor=SYSTEM, code="food-small", now=now))
    assert "食品小作坊登记" not in words_of(client, address)


@pytest.mark.django_db
def test_counting_an_application_throws_nothing_away(client: Client, now: datetime) -> None:
    item = published(restaurant(), "food-new", now).handling_item
    before = queries.catalogue_revision()[0]
    actions.count_applications({str(item.id): 1})
    assert queries.catalogue_revision()[0] == before


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_catalogue_do_not_wait_for_each_other(now: datetime) -> None:
    published(restaurant(), "food-new", now)

    def publish() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        published(restaurant(name="另一事项"), "other", now)

    before = queries.catalogue_revision()[0]
    with transaction.atomic():
        actions.suspend(actor=SYSTEM, code="food-new", now=now)
        elsewhere(publish)
    assert queries.search("另一事项").total == 1
    assert queries.catalogue_revision()[0] != before


@pytest.mark.django_db
def test_words_follow_the_item_and_are_the_same_when_written_again(now: datetime) -> None:
    item = published(restaurant(), "food-new", now).handling_item
    first = words_kept()
    assert {(one[3], one[4], one[5]) for one in first if one[1] == "食品"} == {(True, False, 8.0)}
    actions.index_again()
    assert words_kept() == first
    for _time in range(40):
        actions.count_applications({str(item.id): 1})
    assert {one[5] for one in words_kept()} == {12.0}
    published(restaurant(name="食品经营许可（变更）", summary="", everyday_names=[]), "food-new", now)
    assert {one[4] for one in words_kept()} == {True}
    assert "新办" not in {one[1] for one in words_kept()}
    actions.cancel(actor=SYSTEM, code="food-new", now=now)
    assert not words_kept()
    published(restaurant(), "food-new", now)
    assert {one[1] for one in words_kept()} == {one[1] for one in first}


@pytest.mark.django_db
def test_a_search_takes_few_statements_and_reads_no_table_from_end_to_end(now: datetime) -> None:
    for number in range(3):
        published(restaurant(name=f"食品经营许可{number}"), f"food-{number}", now)
    queries.search("食品")
    for typed, most in (("食品", 1), ("shipin", 1), ("食品经莹许渴", 2)):
        with CaptureQueriesContext(connection) as captured:
            assert queries.search(typed).total == 3
        assert len(captured) <= most
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for one in captured:
                cursor.execute("EXPLAIN " + one["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
                assert "Seq Scan on catalogue_searchword" not in plan
                assert "Seq Scan on catalogue_searchentry" not in plan
