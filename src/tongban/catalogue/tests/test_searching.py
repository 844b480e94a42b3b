from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tongban.base.actor import SYSTEM
from tongban.base.web.kept_pages import PAGES_FOUND
from tongban.catalogue import actions, queries
from tongban.catalogue.models import HandlingItem
from tongban.catalogue.queries import Filters
from tongban.catalogue.queries.searching import PAGE
from tongban.catalogue.tests.building import published, restaurant
from tongban.catalogue.web import rows
from tongban.organisations import actions as organisations

pytestmark = pytest.mark.django_db

ITEMS = {
    "food-new": ("食品经营许可（新办）", "食品经营许可证", "市场监管局"),
    "food-change": ("食品经营许可（变更）", "食品经营许可证", "市场监管局"),
    "id-lost": ("居民身份证丢失补领", "居民身份证", "公安局"),
    "birth": ("新生儿出生登记", "居民户口簿", "公安局"),
    "old-age": ("老年人高龄津贴", "津贴发放确认", "民政局"),
    "house": ("房屋转移登记（买卖）", "不动产权证书", "自然资源局"),
    "cafe-name-only": ("餐饮服务单位登记", "", "商务局"),
}


@pytest.fixture
def items(now: datetime) -> None:
    for code, (name, result, office) in ITEMS.items():
        guide = restaurant(
            name=name, summary="", result={"name": result}, authority_name=office, has_guide=bool(result),
            audiences=["enterprise"] if code.startswith("food") else ["person"], themes=[],
        )  # fmt: skip
        published(guide, code, now)


def codes(words: str, filters: Filters | None = None) -> list[str]:
    return [hit.row.code for hit in queries.search(words, filters).hits]


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("开饭店", "food-new"),
        ("我想开一家饭店需要什么材料", "food-new"),
        ("食品经营许可证", "food-new"),
        ("变更食品经营许可", "food-change"),
        ("shipinjingying", "food-new"),
        ("cydkb", "food-new"),
        ("kaifandian", "food-new"),
        ("补身份证", "id-lost"),
        ("身份证丢了", "id-lost"),
        ("sfz", "id-lost"),
        ("上户口", "birth"),
        ("生孩子", "birth"),
        ("买房过户", "house"),
        ("不动产权证书", "house"),
        ("民政局", "old-age"),
        ("老人补贴", "old-age"),
        ("高龄津铁", "old-age"),
        ("gaolinjintie", "old-age"),
        ("新生尔出生", "birth"),
        ("shipn jingying", "food-new"),
        ("ＳＦＺ", "id-lost"),
    ],
)
def test_found_first(words: str, first: str) -> None:
    assert codes(words)[0] == first


@pytest.mark.usefixtures("items")
def test_what_can_be_applied_for_comes_before_what_cannot() -> None:
    assert set(codes("餐饮")) == set(codes("canyin")) == {"cafe-name-only", "food-new", "food-change"}
    assert codes("开餐馆")[0] == "food-new"


@pytest.mark.usefixtures("items")
def test_used_more_comes_first(now: datetime) -> None:
    published(restaurant(name="食品经营许可（食堂）", authority_name="市场监管局"), "food-canteen", now)
    for _time in range(40):
        actions.count_applications({str(queries.item("food-canteen").id): 1})
    assert codes("食品经营许可")[0] == "food-canteen"


@pytest.mark.usefixtures("items")
def test_the_first_time_comes_before_later_turns_unless_they_are_asked_for() -> None:
    assert codes("食品经营许可")[:2] == ["food-new", "food-change"]
    assert codes("食品经营许可变更")[0] == "food-change"


@pytest.mark.usefixtures("items")
def test_filters() -> None:
    assert codes("", Filters(audience="enterprise")) == ["food-change", "food-new"]
    assert codes("登记", Filters(department="公安局")) == ["birth"]
    assert "cafe-name-only" not in codes("登记", Filters(applicable=True))
    assert codes("", Filters(theme="birth")) == []


@pytest.mark.usefixtures("items")
def test_what_is_kept_of_rows_takes_little() -> None:
    """Thousands of them are kept in each process: a limit that many guides name once, what was drawn as bytes."""
    first, second = (hit.row for hit in queries.search("食品").hits[:2])
    assert (first.promised.value, first.statutory.value) == (8, 20)
    assert first.promised is second.promised
    assert first.statutory is second.statutory
    for language, name in (("zh-hans", first.name), ("en", first.name_en)):
        with translation.override(language):
            drawn = rows.drawn_row(first)
            assert isinstance(drawn, SafeString)
            assert name in drawn
            assert rows._drawn(first, language) == drawn.encode()


@pytest.mark.usefixtures("items")
def test_nothing_fits_but_something_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    found = queries.search("老连人高铃")
    assert found.near
    assert found.did_you_mean == "老年人高龄津贴"
    assert queries.search("qqqqzzzz").total == 0
    assert queries.search("登己").total > 1
    monkeypatch.setattr(queries.searching, "NEAR", 1)
    few = queries.search("登己")
    assert (few.near, len(few.hits), few.total) == (True, 1, 1), "no page is offered that is not there"


@pytest.mark.usefixtures("items")
def test_suggestions() -> None:
    assert [one.words for one in queries.suggest("开饭")][:2] == ["开饭店", "食品经营许可（新办）"]
    assert queries.suggest("kfd")[0].words == "开饭店"
    assert queries.suggest("  ") == []


@pytest.mark.usefixtures("items")
def test_the_number_of_queries_is_constant(now: datetime) -> None:
    with CaptureQueriesContext(connection) as few:
        queries.search("食品")
    for number in range(12):
        published(restaurant(name=f"食品经营许可{number}"), f"more-{number}", now)
    with CaptureQueriesContext(connection) as many:
        assert queries.search("食品").total == 14
    assert len(few) == len(many) == 2


ODD = [
    "'",
    "\\",
    "a'b\\c:*",
    "%",
    "_%",
    "&|!()<->",
    "'; DROP TABLE x; --",
    "\x00食品",
    "😀",
    "食" * 500,
    "a" * 500,
    ":*A",
]


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize("words", ODD)
def test_odd_input_finds_or_finds_nothing(words: str, client: Client) -> None:
    queries.suggest(words)
    assert client.get("/search", {"q": words}).status_code == 200
    assert client.get("/search/suggest", {"q": words}).status_code == 200


@pytest.mark.usefixtures("items")
@examples(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=70))
def test_no_search_fails(words: str) -> None:
    queries.search(words)


def test_english_readers_see_english_names_of_offices(client: Client, now: datetime) -> None:
    office = organisations.create_organisation(
        actor=SYSTEM, name="云澜市文化局", name_en="Culture Office", slug="culture", now=now
    )
    guide = restaurant(name="演出备案", name_en="Shows", everyday_names=[])
    published(guide, "shows", now, organisation_id=office.id)
    for language, name, other in (
        ("en", "Culture Office", "云澜市文化局"),
        ("zh-hans", "云澜市文化局", "Culture Office"),
    ):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        shown = client.get("/search", {"q": "演出"}).content.decode()
        assert f'<option value="culture">{name} (1)</option>' in shown
        nothing = client.get("/search", {"q": "演出", "department": "culture", "for": "person"}).content.decode()
        chosen = client.get("/search", {"q": "无此事项", "department": "culture"}).content.decode()
        assert f'<option value="culture" selected>{name}</option>' in chosen
        assert f">{other}<" not in chosen + nothing
        told = client.get("/search/suggest", {"q": "演出"}).json()["suggestions"]
        assert name in [one["hint"] for one in told]


@pytest.mark.parametrize(
    ("typed", "holding", "scattered"),
    [("登记", "个体登记", "户口办理"), ("食品经营", "食品经营备案", "经营场所内食品检查")],
)
def test_where_not_all_are_looked_up_names_that_hold_what_was_typed_are(
    now: datetime, typed: str, holding: str, scattered: str
) -> None:
    for code, name in (("holding", holding), ("scattered", scattered)):
        guide = restaurant(name=name, summary="", everyday_names=[], result={"name": f"{typed}证明"}, themes=[])
        published(guide, code, now)
    HandlingItem.objects.filter(code="scattered").update(times_applied=5000)
    found = queries.search(typed, counted=1)
    assert [hit.row.code for hit in found.hits] == ["holding"]
    assert found.total == 2


def test_an_everyday_name_in_pieces_is_found_when_typed_in_one(now: datetime) -> None:
    guide = restaurant(name="气象备案", summary="", everyday_names=["云 朵", "云-朵"], result={"name": ""}, themes=[])
    published(guide, "cloud", now)
    for filters in (None, Filters(audience="enterprise")):
        found = queries.search("云朵", filters)
        assert [hit.row.code for hit in found.hits] == ["cloud"]
        assert found.total == 1
    assert queries.search("云朵", Filters(audience="person")).total == 0


def test_a_search_too_wide_to_be_read_says_that_the_best_are_listed(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(PAGE + 1):
        published(restaurant(name=f"宽泛事项{number}"), f"wide-{number}", now)
    wide = client.get("/search?q=宽泛事项").content.decode()
    assert "page=2" in wide
    assert "按相符程度列出" not in wide
    PAGES_FOUND.clear()
    monkeypatch.setattr(queries, "MOST_HITS", PAGE)
    bounded = client.get("/search?q=宽泛事项").content.decode()
    assert f"按相符程度列出前 {PAGE} 项" in bounded
    assert "page=2" not in bounded
