import threading
from datetime import datetime

import pytest
from django.db import OperationalError, connection, transaction

from tongban.base.actor import NOBODY, SYSTEM, Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.catalogue import actions, queries
from tongban.catalogue.errors import CodeTaken, WrongMove
from tongban.catalogue.models import HandlingItem, HandlingVersion, SearchEntry
from tongban.catalogue.tests.building import published, restaurant
from tongban.ledger import queries as ledger

pytestmark = pytest.mark.django_db


def test_what_has_a_guide_can_be_applied_for_at_once(now: datetime) -> None:
    version = published(restaurant(), "food-new", now)
    assert version.form_id
    assert version.process_id
    assert queries.item("food-new").applicable
    assert queries.guide_of(version.id) == restaurant()
    assert [event.kind for event in ledger.history_of("handling_item", version.handling_item_id)] == [
        "catalogue.handling_version_published"
    ]


def test_the_same_again_is_the_same_version_and_a_change_is_a_new_one(now: datetime) -> None:
    first = published(restaurant(), "food-new", now)
    assert published(restaurant(), "food-new", now).id == first.id
    second = published(restaurant(visits=1, visits_reason="核验原件"), "food-new", now)
    assert [second.version, HandlingVersion.objects.count()] == [2, 2]
    assert queries.published("food-new").guide.visits == 1
    assert queries.guide_of(first.id).visits == 0


def test_only_a_name_is_never_applicable(now: datetime) -> None:
    version = published(restaurant(has_guide=False), "food-new", now)
    assert version.form_id is None
    assert not queries.item("food-new").applicable
    assert queries.most_used() == []


def test_search_follows_the_guide_in_the_same_transaction(now: datetime) -> None:
    published(restaurant(), "food-new", now)
    published(restaurant(name="游泳馆许可", summary="", result={"name": "许可证"}), "food-new", now)
    assert SearchEntry.objects.count() == 1
    assert queries.search("食品经营").total == 0
    assert queries.search("游泳馆").total == 1


def test_an_unsound_guide_is_refused_with_the_place(now: datetime) -> None:
    guide = restaurant(themes=["nowhere"], materials=[{"key": "a", "name": "甲", "condition": "situation.x =="}])
    with pytest.raises(Invalid) as refusal:
        published(guide, "food-new", now)
    assert set(refusal.value.fields) == {"themes.nowhere", "materials.a.condition"}
    assert not HandlingItem.objects.exists()


def test_a_code_belongs_to_one_source(now: datetime) -> None:
    published(restaurant(), "food-new", now, source="one", source_key="one:1")
    with pytest.raises(CodeTaken):
        published(restaurant(), "food-new", now, source="two", source_key="two:1")


def test_states(now: datetime) -> None:
    published(restaurant(), "food-new", now)
    actions.suspend(actor=SYSTEM, code="food-new", now=now)
    with pytest.raises(WrongMove):
        actions.suspend(actor=SYSTEM, code="food-new", now=now)
    assert queries.most_used() == []
    actions.resume(actor=SYSTEM, code="food-new", now=now)
    actions.cancel(actor=SYSTEM, code="food-new", now=now)
    with pytest.raises(NotFound):
        queries.published("food-new")
    assert queries.search("食品经营").total == 0
    published(restaurant(), "food-new", now)
    assert queries.published("food-new").item.state == "in_use"


@pytest.mark.parametrize("actor", [NOBODY, Actor(kind="resident"), Actor(kind="official")])
def test_only_item_managers_publish(actor: Actor, now: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.publish(actor=actor, guide=restaurant(), code="food-new", now=now)
    assert not HandlingItem.objects.exists()


def test_counting_changes_what_is_used_most(now: datetime) -> None:
    published(restaurant(), "food-new", now)
    published(restaurant(name="食品经营许可（变更）"), "food-change", now)
    actions.count_applications({str(queries.item("food-change").id): 1})
    assert [row.code for row in queries.most_used()] == ["food-change", "food-new"]


@pytest.mark.django_db(transaction=True)
def test_who_counts_several_items_waits_for_nobody(now: datetime) -> None:
    """Officials hold rows of items, an import many of them: waiting for one while holding another would be a circle."""
    published(restaurant(), "food-new", now)
    published(restaurant(name="食品经营许可（变更）"), "food-change", now)
    times = {str(queries.item("food-new").id): 2, str(queries.item("food-change").id): 1}
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            HandlingItem.objects.select_for_update().get(code="food-change")
            locked.set()
            done.wait(timeout=20)
        connection.close()

    official = threading.Thread(target=hold)
    official.start()
    assert locked.wait(timeout=20)
    try:
        with pytest.raises(OperationalError), transaction.atomic():
            actions.count_applications(times)
        assert not HandlingItem.objects.filter(times_applied__gt=0).exists()
    finally:
        done.set()
        official.join(timeout=20)
    actions.count_applications(times)
    assert dict(HandlingItem.objects.values_list("code", "times_applied")) == {"food-new": 2, "food-change": 1}


def test_indexing_again_changes_nothing_to_be_seen(now: datetime) -> None:
    published(restaurant(), "food-new", now)
    before = SearchEntry.objects.values_list("names", "words", "pinyin", "initials", "pairs").get()
    assert actions.index_again() == 1
    assert SearchEntry.objects.values_list("names", "words", "pinyin", "initials", "pairs").get() == before
