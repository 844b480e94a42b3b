"""The catalogue as stewards keep it: drafted on a page without script, reviewed, compared, searched, handed out."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from tests.standing import nothing_changes

from tongban.base.clock import now
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import Staff, client_of, office
from tongban.exchange import actions
from tongban.exchange.models import Resource, ResourceVersion
from tongban.exchange.queries.entries import entry_of
from tongban.exchange.rules.comparing import changes_between
from tongban.exchange.rules.entries import CLASSES, ItemDraft, item_problems, strictest
from tongban.exchange.web.rows import changed
from tongban.registers.tests.town import NOW, Town, entry

ENTRIES, NEW = "/office/data/entries/", "/office/data/entries/new"
PLATE = ItemDraft(code="plate", name="车牌", sharing_class="unconditional")


def typed(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an entry as a browser sends it."""
    sent: dict[str, Any] = {
        "name": "机动车登记信息", "name_en": "Vehicles", "slug": "vehicles", "code": "201002003/1", "subject_kind": "person",
        "summary": "车辆、号牌和所有人", "classification": "theme", "category": "主题/公共安全/车辆", "format": "database",
        "sharing_way": "interface", "update_cycle": "daily", "related_codes": "101001001/1、101001001/2",
        "number": str(len(items)), "division": "车管所",
    }  # fmt: skip
    found = {f"entry-{name}": value for name, value in (sent | changes).items()}
    for place, item in enumerate(items):
        standard = {
            "code": "plate",
            "name": "号牌",
            "type": "C",
            "sharing_class": "unconditional",
            "opening_class": "none",
        }
        found |= {f"item-{place}-{name}": value for name, value in (standard | item).items()}
    return found


def drafted(town: Town, slug: str = "vehicles", by: Staff | None = None, **changes: Any) -> ResourceVersion:
    """Draft an entry of the keeper."""
    draft = entry(**({"slug": slug, "fields": (PLATE,), "name": "机动车"} | changes))
    who = by or town.steward
    return actions.draft_resource(actor=who.actor, provider_id=town.keeper.organisation.id, draft=draft, now=NOW)


def published(town: Town, version: ResourceVersion) -> ResourceVersion:
    """Hand in and publish."""
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
    return actions.publish_resource(actor=town.reviewer.actor, version_id=version.id, now=NOW)


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_an_entry_goes_from_a_page_through_its_review_into_the_catalogue(town: Town) -> None:
    steward, reviewer = client_of(town.steward.username), client_of(town.reviewer.username)
    colour = {"code": "colour", "name": "颜色", "marks": ["is_required"], "code_list": "1 红\n2 蓝"}
    owner = {"code": "owner", "name": "所有人", "sharing_class": "none", "sharing_condition": "《某法》第九条"}
    sent = typed({"marks": ["is_key", "is_lead"], "datum": "vehicle.plate"}, colour, owner)
    assert steward.post(NEW, {**sent, "step": "submit"}).status_code == 302
    version = ResourceVersion.objects.get(resource__slug="vehicles")
    assert (version.state, version.related_codes, version.division) == (
        "in_review",
        ["101001001/1", "101001001/2"],
        "车管所",
    )
    items = list(version.items.order_by("position"))
    assert [(one.code, one.is_key, one.is_required, one.is_lead) for one in items] == [
        ("plate", True, False, True), ("colour", False, True, False), ("owner", False, False, False),
    ]  # fmt: skip
    assert items[1].code_list == [{"value": "1", "label": "红"}, {"value": "2", "label": "蓝"}]
    assert "1 条目录等您审核" in page(reviewer, ENTRIES)
    address = f"{ENTRIES}vehicles/"
    back = {"version": str(version.id), "step": "send_back", "word": ""}
    with nothing_changes():
        assert reviewer.post(address, back).status_code == 422
        steward.post(address, {"version": str(version.id), "step": "publish"})
    reviewer.post(address, back | {"word": "请补\n英文名"})
    assert "请补<br>英文名" in page(steward, address)
    assert steward.post(f"{address}draft", {**sent, "entry-name_en": "Cars", "step": "submit"}).status_code == 302
    again = ResourceVersion.objects.get(resource__slug="vehicles")
    assert again.word == "请补\n英文名"
    reviewer.post(address, {"version": str(again.id), "step": "publish"})
    assert "机动车登记信息" in page(steward, "/office/data/?q=颜色")
    with nothing_changes("exchange_resource", "exchange_resourceversion", "exchange_resourceitem", *LEDGER):
        steward.post(address, {"step": "withdraw"})
    assert not Resource.objects.get(slug="vehicles").in_force_id
    assert "机动车登记信息" not in page(steward, "/office/data/")


LEDGER = ("ledger_event", "ledger_owed")


def test_items_are_added_moved_and_taken_out_without_script(town: Town) -> None:
    steward = client_of(town.steward.username)
    sent = typed({"code": "a", "name": "甲"}, {"code": "b", "name": "乙", "marks": ["is_key"]})
    with nothing_changes():
        more = steward.post(NEW, {**sent, "entry-name": "", "step": "add"}).content.decode()
        moved = steward.post(NEW, {**sent, "step": "up-1"}).content.decode()
        less = steward.post(NEW, {**sent, "step": "remove-0"}).content.decode()
    assert 'name="item-2-code"' in more
    assert "govuk-error" not in more, "nothing is judged before it is saved"
    assert moved.index('value="b"') < moved.index('value="a"')
    assert 'value="a"' not in less
    assert 'name="item-1-code"' not in less
    assert "is_key" in less


@given(
    st.lists(st.integers(), max_size=6), st.sampled_from(["add", "up-0", "up-3", "remove-2", "remove-x", "up-", "?"])
)
def test_a_button_loses_no_other_row(numbers: list[int], step: str) -> None:
    rows = [{"code": number} for number in numbers]
    after = changed(rows, step, most=60)
    gone = step == "remove-2" and len(rows) > 2
    assert len(after) == len(rows) - gone + (step == "add")
    kept = [row for place, row in enumerate(rows) if not (gone and place == 2)]
    assert sorted(row["code"] for row in after if row) == sorted(row["code"] for row in kept)


@pytest.mark.parametrize(
    ("changes", "item", "field"),
    [
        ({"name": ""}, {}, "id_entry-name"),
        ({"code": "12"}, {}, "id_entry-code"),
        ({}, {}, "the code of another"),
        ({"slug": "population"}, {}, "id_entry-slug"),
        ({"related_codes": "x"}, {}, "id_entry-related_codes"),
        ({}, {"sharing_class": "none", "sharing_condition": "不方便"}, "id_item-0-sharing_condition"),
        ({}, {"sharing_class": "conditional"}, "id_item-0-sharing_condition"),
        ({}, {"opening_class": "conditional"}, "id_item-0-opening_condition"),
        ({}, {"opening_class": "unconditional", "marks": ["is_sensitive"]}, "id_item-0-opening_class"),
        ({}, {"marks": ["is_lead"]}, "id_item-0-datum"),
        ({}, {"code": "A b"}, "id_item-0-code"),
        ({}, {"length": "0"}, "id_item-0-length"),
        ({}, {"type": "I", "code_list": "x 甲"}, "id_item-0-code_list"),
        ({}, {"type": "N", "code_list": "1e999 甲"}, "id_item-0-code_list"),
        ({}, {"code_list": "1 甲\n1 乙"}, "id_item-0-code_list"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    town: Town, changes: dict[str, Any], item: dict[str, Any], field: str
) -> None:
    if field == "the code of another":
        changes, field = {"code": town.resource.code}, "id_entry-code"
    steward = client_of(town.steward.username)
    with nothing_changes():
        answer = steward.post(NEW, {**typed(item, **changes), "step": "save"})
    shown_page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown_page
    assert f'href="#{field}"' in shown_page
    assert "车辆、号牌和所有人" in shown_page, "nothing typed is lost"


def test_a_draft_that_somebody_else_has_changed_is_not_replaced(town: Town) -> None:
    version, steward = drafted(town), client_of(town.steward.username)
    sent = typed({}, seen=str(version.id)) | {"step": "save"}
    drafted(town, name="别人的名字")
    with nothing_changes():
        answer = steward.post(f"{ENTRIES}vehicles/draft", sent)
    assert answer.status_code == 422
    assert "已有人修改" in answer.content.decode()
    published(town, ResourceVersion.objects.get(resource__slug="vehicles"))
    reviewer = client_of(town.reviewer.username)
    with nothing_changes():
        reviewer.post(f"{ENTRIES}vehicles/", {"version": str(version.id), "step": "publish"})


def test_who_may(town: Town) -> None:
    drafted(town)
    elsewhere = office("云澜市教育局", "school", roles=("steward",)).staff("steward", "别数")
    everybody = (town.steward, elsewhere, town.reviewer, town.staff["acceptance"])
    own, other, reviewer, clerk = (client_of(one.username) for one in everybody)
    assert "机动车" in page(own, ENTRIES)
    assert "机动车" in page(reviewer, ENTRIES)
    assert "机动车" not in page(other, ENTRIES)
    with nothing_changes():
        for address in (f"{ENTRIES}vehicles/", f"{ENTRIES}vehicles/draft", f"{ENTRIES}nothing/"):
            assert other.get(address).status_code == 404
            assert other.post(address, {"step": "withdraw"}).status_code == 404
        assert reviewer.get(f"{ENTRIES}vehicles/draft").status_code == 302
        foreign = {**typed({}), "entry-provider": str(town.keeper.organisation.id), "step": "save"}
        assert other.post(NEW, foreign).status_code == 422, "only for offices of one's own"
        assert clerk.get(ENTRIES).status_code == 403
    assert client_of(town.steward.username).get(NEW).status_code == 200


def test_versions_are_compared(town: Town) -> None:
    first = published(town, drafted(town))
    second = drafted(
        town,
        name="机动车登记",
        fields=(ItemDraft(code="seats", name="座位", type="I", sharing_class="unconditional"), PLATE),
    )
    told = changes_between(entry_of(first), entry_of(second))
    assert [(one.item, one.element) for one in told] == [("", "name"), ("seats", "item")]
    published(town, second)
    drafted(town, fields=(ItemDraft(code="plate", name="车牌", sharing_condition="依申请"),))
    steward = client_of(town.steward.username)
    assert "<del>无条件共享</del>" in page(steward, f"{ENTRIES}vehicles/")
    asked = page(steward, f"{ENTRIES}vehicles/?older=1&newer=2")
    assert "<ins>机动车登记</ins>" in asked
    assert page(steward, f"{ENTRIES}vehicles/?older=x&newer=9")


_items = st.builds(
    ItemDraft,
    code=st.sampled_from(["a", "b", "c", "d"]),
    name=st.text(max_size=3),
    sharing_class=st.sampled_from(CLASSES),
    is_key=st.booleans(),
)
_entries = st.lists(_items, unique_by=lambda item: item.code, max_size=4).map(lambda items: entry(fields=tuple(items)))


@given(_entries, _entries)
def test_what_is_the_same_has_no_changes_and_what_is_not_has(one: Any, other: Any) -> None:
    assert changes_between(one, one) == []
    assert bool(changes_between(one, other)) == (one != other)


@given(_items)
def test_who_refuses_to_share_names_a_law(item: ItemDraft) -> None:
    wrong = [name for name, _sentence in item_problems(item)]
    assert ("sharing_condition" in wrong) == (item.sharing_class != "unconditional")


def test_the_class_of_a_whole_is_its_strictest() -> None:
    assert strictest(["unconditional", "conditional"]) == "conditional"
    assert strictest(["none", "unconditional"]) == "none"
    assert strictest([]) == "none"


def test_the_catalogue_is_found_by_office_code_item_and_opening(town: Town) -> None:
    opened = ItemDraft(
        code="seats", name="座位", type="I", sharing_class="unconditional", opening_class="unconditional"
    )
    published(town, drafted(town, fields=(opened,)))
    steward = client_of(town.steward.username)
    for query in ("?q=公安", "?q=seats", "?opening=unconditional", f"?provider={town.keeper.organisation.id}"):
        assert "机动车" in page(steward, f"/office/data/{query}"), query
    for query in ("?opening=conditional", f"?provider={town.asking.organisation.id}", "?provider=x&q=无"):
        assert "机动车" not in page(steward, f"/office/data/{query}"), query


def test_the_catalogue_is_handed_out_whole(town: Town) -> None:
    published(town, drafted(town, name="=机动车"))
    steward = client_of(town.steward.username)
    told = json.loads(b"".join(steward.get("/office/data/catalogue.json").streaming_content))  # type: ignore[attr-defined]
    by_slug = {one["slug"]: one for one in told["resources"]}
    assert set(by_slug) == {"population", "vehicles"}
    population = by_slug["population"]
    assert population["sharing"] == {"class": "none", "way": "interface"}
    assert [item["code"] for item in population["items"]][:2] == ["name", "birth_date"]
    assert population["items"][5]["sharing_condition"] == "《某法》第九条"
    answer = steward.get("/office/data/catalogue.csv?q=vehicles")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["信息资源"], row["信息项代码"]) for row in rows] == [("'=机动车", "plate")]


@pytest.mark.parametrize(
    "address", [ENTRIES, "/office/data/", "/office/data/catalogue.json", "/office/data/catalogue.csv"]
)
def test_lists_cost_the_same_however_long_they_are(town: Town, address: str) -> None:
    steward, costs = client_of(town.steward.username), []
    for part in range(2):
        steward.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = steward.get(address)
            assert answer.status_code == 200
            list(answer.streaming_content) if answer.streaming else None  # type: ignore[attr-defined]
        costs.append(len(asked))
        for number in range(3):
            published(town, drafted(town, f"more-{part}-{number}"))
    assert costs[0] == costs[1]


def test_how_the_pages_look(town: Town, browser: Browser, tmp_path: Path) -> None:
    long = "城市生活垃圾分类收集运输处置全过程监管信息" * 4
    published(town, drafted(town, fields=(PLATE, ItemDraft(code="seats", name=long[:90], sharing_condition=long))))
    version = drafted(
        town,
        name=long,
        fields=(
            ItemDraft(code="plate", name="车牌", type="M", sharing_class="none", sharing_condition="《某法》第九条"),
        ),
    )
    steward, reviewer = client_of(town.steward.username), client_of(town.reviewer.username)
    mine = {"form": f"{ENTRIES}vehicles/draft", "entry": f"{ENTRIES}vehicles/", "new": NEW, "none": f"{ENTRIES}?q=没有"}
    pages = shown(steward, mine | {"resource": "/office/data/resources/vehicles"})
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=now())
    pages |= shown(reviewer, {"review": f"{ENTRIES}vehicles/", "entries": ENTRIES, "catalogue": "/office/data/"})
    wrong = steward.post(NEW, {**typed({"code": "?"}, name=""), "step": "save"}).content.decode()
    assert look(browser, pages | {"wrong-en": wrong}, tmp_path) == []
