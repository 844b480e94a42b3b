"""Demand and supply by its pages and its API, as the officials of several offices use them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.standing import nothing_changes

from tongban.base.clock import now, office_date
from tongban.cases.tests.people import client_of
from tongban.exchange.models import Grant
from tongban.sharing.models import DataRequest, Dispute, SharingPolicy
from tongban.sharing.tests.offices import LAW, Offices, hand_on

ASKED, RECEIVED, NEW = "/office/sharing/", "/office/sharing/received", "/office/sharing/new/population"
REFUSALS, API = "/data/refusals", "/api/v1/sharing"


def typed(**changes: Any) -> dict[str, Any]:
    """Return a form that is filled in whole."""
    last = office_date(now()) + timedelta(days=100)
    values: dict[str, Any] = {
        "fields_wanted": ["name", "address"], "purpose": "school_place", "purpose_words": "核验入学资格", "basis_law": "义务教育法",
        "basis_article": "第十二条", "expected_per_day": "200", "rate_per_minute": "30", "items_served": "",
        "valid_until_year": str(last.year), "valid_until_month": str(last.month), "valid_until_day": str(last.day),
        "row_filter": "district", "filter_operator": "in", "filter_values": "青溪区 汀南区",
    }  # fmt: skip
    return values | changes


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_from_the_catalogue_to_the_grant(offices: Offices) -> None:
    asker, giver = client_of(offices.asker.username), client_of(offices.giver.username)
    assert NEW in page(asker, "/office/data/resources/population")
    assert NEW not in page(giver, "/office/data/resources/population")
    form = page(asker, NEW)
    assert "《某法》第九条" in form  # the law by which an item is not shared
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key
    first, second = (asker.post(NEW, typed(key=key[1], post=str(offices.asker.post.id))) for _click in range(2))
    request = DataRequest.objects.get()
    address = f"/office/sharing/requests/{request.case.number}"
    assert (first.status_code, first["Location"], second["Location"]) == (302, address, address)
    assert request.row_filter == [{"field": "district", "operator": "in", "values": ["青溪区", "汀南区"]}]
    assert request.case.number in page(asker, ASKED)
    assert request.case.number in page(giver, RECEIVED)
    case = page(giver, f"/office/cases/{request.case.number}")
    assert address in case
    assert 'name="outcome"' not in case  # it is decided on its own page
    assert 'name="granted"' not in page(asker, address)
    revision = request.case.revision
    sent = {"step": "answer", "granted": ["name", "address"], "revision": revision, "rate_per_minute": "20"}
    assert giver.post(address, sent).status_code == 302
    grant = Grant.objects.get(data_request=request)
    assert (grant.fields, grant.rate_per_minute) == (["name", "address"], 20)
    assert f"/office/data/grants/{grant.id}" in page(asker, address)
    hand_on()
    assert "数据共享" in page(asker, f"/office/cases/{request.case.number}")


def test_an_address_with_signs_that_are_no_text_proposes_nothing(offices: Offices) -> None:
    answer = client_of(offices.asker.username).get(f"{NEW}?like=%00")
    assert (answer.status_code, "青溪区" in answer.content.decode()) == (200, False)


def test_what_is_wrong_comes_back_beside_its_field_with_what_was_typed(offices: Offices) -> None:
    asker = client_of(offices.asker.username)
    with nothing_changes():
        answer = asker.post(NEW, typed(basis_article="", purpose_words="核验本市入学资格", valid_until_day="45"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "核验本市入学资格" in shown
    assert 'value="45"' in shown
    with nothing_changes():
        answer = asker.post(NEW, typed(basis_article="", post=str(offices.asker.post.id)))
    assert answer.status_code == 422
    assert "请写明条款" in answer.content.decode()
    offices.ask()
    with nothing_changes():
        answer = asker.post(NEW, typed(post=str(offices.asker.post.id)))
    assert answer.status_code == 409
    assert DataRequest.objects.get().case.number in answer.content.decode()


def test_pages_are_for_stewards_and_of_ones_own_office(offices: Offices) -> None:
    request = offices.ask()
    number = request.case.number
    stranger, desk = client_of(offices.stranger.username), client_of(offices.asking.staff("acceptance").username)
    lin = client_of(offices.town.lin.username)
    with nothing_changes():
        assert {desk.get(one).status_code for one in (ASKED, RECEIVED, NEW, "/office/sharing/unused")} == {403}
        assert stranger.get(f"/office/sharing/requests/{number}").status_code == 404
        assert (
            stranger.post(f"/office/sharing/requests/{number}", {"step": "answer", "granted": ["name"]}).status_code
            == 404
        )
        assert stranger.get(f"{API}/requests/{number}").status_code == 404
        assert lin.get(ASKED).status_code == 403
        assert Client().get(ASKED).status_code == 302
    assert number not in page(stranger, ASKED) + page(stranger, RECEIVED)
    assert "还没有" in page(stranger, ASKED)


def test_a_stale_answer_is_shown_again_and_saves_nothing(offices: Offices) -> None:
    request, colleague = offices.ask(), offices.colleague(offices.giver)
    address = f"/office/sharing/requests/{request.case.number}"
    sent = {
        "step": "answer",
        "granted": ["name"],
        "reasons": "只需核对姓名",
        "law": LAW,
        "article": "第三条",
        "revision": 2,
    }
    offices.answer(request, "name", "address", by=colleague)
    giver = client_of(offices.giver.username)
    with nothing_changes():
        answer = giver.post(address, sent)
    assert answer.status_code == 409
    assert "同事已经答复" in answer.content.decode()


def test_refusal_dispute_and_the_public_list(offices: Offices) -> None:
    asker, coordinator = client_of(offices.asker.username), client_of(offices.coordinator.username)
    request = offices.ask("name", "address")
    address = f"/office/sharing/requests/{request.case.number}"
    giver = client_of(offices.giver.username)
    with nothing_changes():
        answer = giver.post(address, {"step": "answer", "granted": ["name"], "reasons": "", "law": "", "article": ""})
    assert answer.status_code == 422
    assert answer.content.decode().count("govuk-error-message") == 3
    giver.post(
        address, {"step": "answer", "granted": ["name"], "reasons": "林知夏住址属隐私", "law": LAW, "article": "第三条"}
    )
    told = page(Client(), REFUSALS)
    assert "住址" in told
    assert LAW in told
    assert "林知夏" not in told  # reasons are typed freely: they are for the two offices
    rows = Client().get(f"{API}/refusals").json()["results"]
    assert [(row["consumer"], row["fields"], row["law"], row["dispute"], row["whole"]) for row in rows] == [
        ("云澜市教育局", ["address"], LAW, "", False)
    ]
    assert 'name="grounds"' in page(asker, address)
    assert asker.post(address, {"step": "dispute", "grounds": ""}).status_code == 422
    assert asker.post(address, {"step": "dispute", "grounds": "入学须核对住址"}).status_code == 302
    dispute = Dispute.objects.get()
    place = f"/office/sharing/disputes/{dispute.case.number}"
    assert "入学须核对住址" in page(coordinator, place)
    assert dispute.case.number in page(coordinator, "/office/")
    assert 'name="ordered"' not in page(asker, place)
    with nothing_changes():
        assert coordinator.post(place, {"step": "decide", "ordered": ["address"]}).status_code == 422
    sent = {
        "step": "decide",
        "ordered": ["address"],
        "reasons": "确有必要",
        "law": LAW,
        "article": "第二十条",
        "revision": 2,
    }
    assert coordinator.post(place, sent).status_code == 302
    assert Grant.objects.get(state="active").fields == ["name", "address"]
    assert Client().get(f"{API}/refusals").json()["results"][0]["dispute"] == "ordered"


def test_the_api_asks_and_answers(offices: Offices) -> None:
    asker, giver = client_of(offices.asker.username), client_of(offices.giver.username)
    draft = offices.draft("name")
    body = {
        "resource": "population", "fields": ["name"], "purpose": draft.purpose, "purpose_words": draft.purpose_words,
        "basis_law": draft.basis_law, "basis_article": draft.basis_article, "expected_per_day": 5, "rate_per_minute": 5,
        "valid_until": str(draft.valid_until),
    }  # fmt: skip
    made = asker.post(
        f"{API}/requests",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "0190f5a0-0000-7000-8000-000000000001"},
    )
    again = asker.post(
        f"{API}/requests",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "0190f5a0-0000-7000-8000-000000000001"},
    )
    assert made.status_code == 200, made.content
    number = made.json()["number"]
    assert (again.json()["number"], made.json()["outcome"]) == (number, "")
    assert [row["number"] for row in giver.get(f"{API}/requests?side=received").json()["results"]] == [number]
    with nothing_changes():
        refused = giver.post(f"{API}/requests/{number}/answer", {"fields": []}, content_type="application/json")
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"reasons", "law", "article"}
    told = giver.post(f"{API}/requests/{number}/answer", {"fields": ["name"]}, content_type="application/json").json()
    assert told["outcome"] == "granted"
    assert told["grant_id"] == str(Grant.objects.get().id)


def test_who_coordinates_lays_the_rules_down(offices: Offices) -> None:
    address = "/office/sharing/rules"
    sent = {"unused_days": "90", "remind_days": "14", "longest_days": "365", "dispute_days": "15", "after_version": "0"}
    asker, coordinator = client_of(offices.asker.username), client_of(offices.coordinator.username)
    with nothing_changes():
        assert asker.post(address, sent).status_code == 403
        assert coordinator.post(address, sent | {"unused_days": "1"}).status_code == 422
    for _click in range(2):
        assert coordinator.post(address, sent).status_code == 302
    assert SharingPolicy.objects.get().unused_days == 90
    assert "90" in page(asker, address)


@pytest.mark.parametrize("address", [ASKED, RECEIVED, REFUSALS])
def test_lists_ask_the_database_alike_however_long_they_are(offices: Offices, address: str) -> None:
    client = client_of((offices.giver if address == RECEIVED else offices.asker).username)

    def asked_for() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            page(client, address)
        return len(counted)

    offices.refused("name")
    page(client, address)
    few = asked_for()
    for place in range(3):
        offices.answer(offices.ask("name", purpose=f"more_{place}"))
    assert asked_for() == few
