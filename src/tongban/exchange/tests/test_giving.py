"""A grant is given on a page: conditions on rows as data, refusals beside their fields, its use and its end shown."""

from datetime import date, timedelta
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

from tongban.base.clock import midnight, now, office_date
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import client_of, office
from tongban.exchange import actions
from tongban.exchange.models import Grant
from tongban.exchange.rules.conditions import OPERATOR_WORDS, WrongCondition, as_typed, condition
from tongban.exchange.rules.entries import ItemDraft
from tongban.exchange.rules.rows import is_condition, meets
from tongban.registers.tests.town import Town

GIVE, GRANTS = "/office/data/entries/population/grant", "/office/data/grants/"


def typed(town: Town, *conditions: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """Return a grant as a browser sends it."""
    first, last = office_date(now()), office_date(now()) + timedelta(days=200)
    sent: dict[str, Any] = {
        "consumer": str(town.asking.organisation.id), "consumer_system": "", "fields_granted": ["name", "address"],
        "purpose": "residence_permit", "purpose_words": "办理居住证", "basis_law": "《居住证暂行条例》", "basis_article": "第九条",
        "items_served": "X1、X2", "standing": "", "rate_per_minute": "４０", "number": str(len(conditions)),
    }  # fmt: skip
    for name, day in (("valid_from", first), ("valid_until", last)):
        sent |= {f"{name}_year": day.year, f"{name}_month": day.month, f"{name}_day": day.day}
    found = {f"grant-{name}": value for name, value in (sent | changes).items()}
    for place, parts in enumerate(conditions):
        found |= {
            f"condition-{place}-{name}": part for name, part in zip(("field", "operator", "values"), parts, strict=True)
        }
    return found | {"step": "give"}


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_grant_is_given_on_a_page_and_holds(town: Town) -> None:
    steward = client_of(town.steward.username)
    conditions = (("district", "in", "青溪区\n汀南区"), ("birth_date", "at_most", "2000/01/01"))
    answer = steward.post(GIVE, typed(town, *conditions))
    grant = Grant.objects.get()
    assert answer["Location"] == f"{GRANTS}{grant.id}"
    assert grant.row_filter == [
        {"field": "district", "operator": "in", "values": ["青溪区", "汀南区"]},
        {"field": "birth_date", "operator": "at_most", "values": ["2000-01-01"]},
    ]
    assert (grant.fields, grant.items_served, grant.rate_per_minute) == (["name", "address"], ["X1", "X2"], 40)
    last = office_date(now()) + timedelta(days=200)
    assert grant.valid_until == midnight(last + timedelta(days=1)), "the last day counts whole"
    told = page(steward, f"{GRANTS}{grant.id}")
    assert "区县 属于 青溪区、汀南区" in told
    answered = town.ask(town.call(town.case()), now=now())
    assert answered.records == ({"name": "林知夏"},)
    assert steward.post(f"{GRANTS}{grant.id}", {"step": "withdraw", "word": "改用新授权"}).status_code == 302
    steward.post(GIVE, typed(town, ("district", "not_in", "青溪区")))
    assert town.ask(town.call(town.case()), now=now()).records == ()


@pytest.mark.parametrize(
    ("changes", "conditions", "field"),
    [
        ({"fields_granted": []}, (), "grant-fields_granted"),
        ({"fields_granted": ["secret_word"]}, (), "grant-fields_granted"),
        ({"consumer": ""}, (), "grant-consumer"),
        ({"consumer_system": "CN/GOV/x/y"}, (), "grant-consumer"),
        ({"purpose": "办"}, (), "grant-purpose"),
        ({"basis_article": ""}, (), "grant-basis_article"),
        ({"valid_until_year": "2020"}, (), "grant-valid_until_year"),
        ({"valid_until_year": "2090"}, (), "grant-valid_until_year"),
        ({"valid_until_month": "13"}, (), "grant-valid_until_year"),
        ({"valid_from_year": "1", "valid_until_year": "1"}, (), "grant-valid_from_year"),
        (dict.fromkeys(("valid_from_year", "valid_until_year"), "9999"), (), "grant-valid_until_year"),
        ({"rate_per_minute": "0"}, (), "grant-rate_per_minute"),
        ({}, (("", "in", "青溪区"),), "condition-0-field"),
        ({}, (("district", "in", " "),), "condition-0-values"),
        ({}, (("birth_date", "at_least", "昨天"),), "condition-0-values"),
        ({}, (("birth_date", "at_least", "2000-01-01\n2001-01-01"),), "condition-0-values"),
        ({}, (("birth_date", "begins_with", "2000"),), "condition-0-operator"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    town: Town, changes: dict[str, Any], conditions: tuple[tuple[str, str, str], ...], field: str
) -> None:
    steward = client_of(town.steward.username)
    with nothing_changes():
        answer = steward.post(GIVE, typed(town, *conditions, **changes))
    told = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in told
    assert "《居住证暂行条例》" in told


def test_conditions_are_added_and_taken_out_without_script(town: Town) -> None:
    steward = client_of(town.steward.username)
    sent = typed(town, ("district", "in", "青溪区"), ("name", "begins_with", "林"))
    with nothing_changes():
        more = steward.post(GIVE, sent | {"step": "add"}).content.decode()
        less = steward.post(GIVE, sent | {"step": "remove-0"}).content.decode()
    assert 'name="condition-2-values"' in more
    assert "govuk-error" not in more
    assert "青溪区" not in less
    assert ">林</textarea>" in less.replace("\n", "")
    assert 'value="residence_permit"' in less


def test_who_may_give(town: Town) -> None:
    elsewhere = office("云澜市教育局", "school", roles=("steward",)).staff("steward", "别数")
    expected = ((elsewhere.username, 404), (town.staff["acceptance"].username, 403), (town.lin.username, 403))
    clients = [(client_of(who), status) for who, status in expected]
    with nothing_changes():
        for client, status in clients:
            assert {client.get(GIVE).status_code, client.post(GIVE, typed(town)).status_code} == {status}
    actions.withdraw_resource(actor=town.steward.actor, resource_id=town.resource.id, now=now())
    steward = client_of(town.steward.username)
    with nothing_changes():
        assert steward.post(GIVE, typed(town)).status_code == 302


def test_the_end_and_the_use_of_a_grant_are_shown(town: Town) -> None:
    soon = town.grant("name", purpose="soon", purpose_words="快到期", valid_until=now() + timedelta(days=10))
    town.grant("name", purpose="over", purpose_words="已结束", valid_until=now() - timedelta(days=1))
    town.grant("name", "address", valid_until=now() + timedelta(days=100))
    steward = client_of(town.steward.username)
    assert "1 项授权一个月内到期" in page(steward, GRANTS)
    expiring, over = page(steward, f"{GRANTS}?state=expiring"), page(steward, f"{GRANTS}?state=expired")
    assert "快到期" in expiring
    assert "办理居住证" not in expiring
    assert "已结束" in over
    assert "快到期" not in over
    assert "快到期" not in page(steward, f"{GRANTS}?q=没有这个")
    assert "快到期" in page(steward, f"{GRANTS}?q=民政局")
    for _time in range(3):
        town.ask(town.call(town.case(), grant_id=soon.id, resource="", purpose="soon"), now=now())
    for _time in range(2):
        actions.note_uses(now=now())
    assert list(soon.days.values_list("day", "look_ups")) == [(office_date(now()), 3)]
    assert "每小时统计" not in page(steward, f"{GRANTS}{soon.id}")


_ITEMS = {
    kind: ItemDraft(code="a", name="a", type=kind, sharing_class="unconditional") for kind in ("C", "I", "N", "D", "L")
}
_VALUES = st.one_of(
    st.tuples(st.just("C"), st.text("甲乙丙ab", min_size=1, max_size=4)),
    st.tuples(st.just("I"), st.integers(-(10**6), 10**6)),
    st.tuples(st.just("N"), st.integers(-1000, 1000).map(lambda one: one / 8)),
    st.tuples(st.just("D"), st.dates().map(date.isoformat)),
    st.tuples(st.just("L"), st.booleans()),
)


@given(_VALUES, st.sampled_from(sorted(OPERATOR_WORDS)))
def test_what_is_shown_of_a_condition_can_be_typed_again(kind_and_value: tuple[str, Any], operator: str) -> None:
    kind, value = kind_and_value
    try:
        made = condition(_ITEMS[kind], operator, as_typed([value]))
    except WrongCondition:
        assert (operator, kind != "C") == ("begins_with", True)
        return
    assert is_condition(made, ["a"])
    assert condition(_ITEMS[kind], operator, as_typed(made["values"])) == made
    assert meets({"a": value}, [made]) == (operator != "not_in")


def test_the_page_of_grants_costs_the_same_however_many_there_are(town: Town) -> None:
    steward, costs = client_of(town.steward.username), []
    town.grant("name", purpose="first", valid_until=now() + timedelta(days=3))
    for part in range(2):
        steward.get(GRANTS)
        with CaptureQueriesContext(connection) as asked:
            page(steward, f"{GRANTS}?state=expiring")
            page(steward, GIVE)
        costs.append(len(asked))
        for number in range(3):
            town.grant("name", purpose=f"p{part}{number}", valid_until=now() + timedelta(days=3))
    assert costs[0] == costs[1]


def test_how_the_pages_look(town: Town, browser: Browser, tmp_path: Path) -> None:
    steward = client_of(town.steward.username)
    long = "城市生活垃圾分类收集运输处置全过程监管信息" * 4
    steward.post(GIVE, typed(town, ("district", "in", long), purpose_words=long))
    grant = Grant.objects.get()
    pages = shown(steward, {"give": GIVE, "grant": f"{GRANTS}{grant.id}", "grants": GRANTS, "none": f"{GRANTS}?q=没有"})
    wrong = steward.post(GIVE, typed(town, ("birth_date", "at_least", "x"), purpose="")).content.decode()
    assert look(browser, pages | {"wrong-en": wrong}, tmp_path) == []
