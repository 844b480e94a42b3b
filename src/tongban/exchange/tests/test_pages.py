"""Pages and API of data stewards: who sees what, that reading the log is recorded, and that secrecy holds everywhere."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.standing import nothing_changes

from tongban.base.clock import now
from tongban.cases.tests.people import client_of, office
from tongban.exchange import actions
from tongban.exchange.models import Grant, LookUp
from tongban.exchange.rules.calls import Secrecy
from tongban.ledger.models import Event
from tongban.registers.tests.town import NOW, Town

CATALOGUE, GRANTS, LOG = "/office/data/", "/office/data/grants/", "/office/data/log/"
API = "/api/v1/exchange"


def lasting(town: Town, *fields: str, **changes: Any) -> Grant:
    """Give a grant that holds today, too: pages ask the real clock."""
    return town.grant(*fields, valid_until=now() + timedelta(days=30), **changes)


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_catalogue_is_searched_by_names_and_classes(town: Town) -> None:
    steward = client_of(town.steward.username)
    assert "人口基础信息" in page(steward, CATALOGUE)
    assert "人口基础信息" in page(steward, CATALOGUE + "?q=宗教")
    assert "人口基础信息" not in page(steward, CATALOGUE + "?q=机动车")
    assert "人口基础信息" in page(steward, CATALOGUE + "?sharing=none")
    shown = page(steward, CATALOGUE + "resources/population")
    assert "《某法》第九条" in shown
    assert "person.name" not in shown
    assert steward.get(CATALOGUE + "resources/unheard-of").status_code == 404


def test_pages_are_for_stewards(town: Town) -> None:
    grant = town.grant("name")
    addresses = (CATALOGUE, GRANTS, LOG, f"{GRANTS}{grant.id}", CATALOGUE + "resources/population")
    clients = [client_of(who) for who in (town.staff["acceptance"].username, town.lin.username)]
    with nothing_changes():
        for client in clients:
            assert {client.get(address).status_code for address in addresses} == {403}
        assert {Client().get(address).status_code for address in addresses} == {302}


def test_a_grant_is_seen_by_both_sides_and_changed_by_the_giver(town: Town) -> None:
    grant = lasting(town, "name")
    elsewhere = office("云澜市教育局", "school", roles=("steward",)).staff("steward", "别数")
    giver, stranger = client_of(town.steward.username), client_of(elsewhere.username)
    address = f"{GRANTS}{grant.id}"
    assert "办理居住证" in page(giver, GRANTS)
    assert "办理居住证" not in page(stranger, GRANTS)
    with nothing_changes():
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"step": "withdraw", "word": "x"}).status_code == 404
        assert giver.post(address, {"step": "suspend", "word": ""}).status_code == 422
    for step, state in (("suspend", "suspended"), ("resume", "active"), ("withdraw", "withdrawn")):
        assert giver.post(address, {"step": step, "word": "核查"}).status_code == 302
        grant.refresh_from_db()
        assert grant.state == state
    assert "核查" in page(giver, address)


def test_who_reads_the_log_stands_in_the_ledger(town: Town) -> None:
    town.grant("name")
    town.ask(town.call(town.case()))
    elsewhere = office("云澜市教育局", "school", roles=("steward",)).staff("steward", "别数")
    assert "办理居住证" in page(client_of(town.steward.username), LOG)
    assert "办理居住证" not in page(client_of(elsewhere.username), LOG)
    read = Event.objects.filter(kind="exchange.log_read").order_by("id")
    assert [event.official_id for event in read] == [town.steward.official_id, elsewhere.official_id]
    assert read[0].subject_id == town.keeper.organisation.id


def test_a_look_up_under_secrecy_is_nowhere_until_its_day(town: Town) -> None:
    town.grant("name", may_be_secret=True, rate_per_minute=1000)
    number = town.case()
    until = now() + timedelta(days=1)
    town.ask(town.call(number, secrecy=Secrecy(until=until, order="云检调〔2026〕1号")))
    readers = [client_of(who.username) for who in (town.steward, town.reviewer)]
    for client in readers:
        assert number not in page(client, LOG)
        assert number not in page(client, LOG + "?outcome=answered")
        assert client.get(f"{API}/look-ups").json()["total"] == 0
    town.ask(town.call(number, secrecy=Secrecy(until=NOW + timedelta(days=1), order="云检调〔2026〕2号")))
    assert all(number in page(client, LOG) for client in readers)  # its day has come


@pytest.mark.parametrize("address", [CATALOGUE, GRANTS, LOG])
def test_lists_cost_the_same_however_long_they_are(town: Town, address: str) -> None:
    grant, number = lasting(town, "name", rate_per_minute=1000), town.case()
    town.ask(town.call(number))
    client, costs = client_of(town.steward.username), []
    for _round in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page(client, address)
        costs.append(len(asked))
        for purpose in ("second", "third", "fourth"):
            town.grant("name", purpose=purpose)
            town.ask(town.call(number, grant_id=grant.id, resource=""))
    assert costs[0] == costs[1]


def body(town: Town, number: str, **changes: Any) -> dict[str, Any]:
    """Return a call as JSON."""
    return {
        "resource": "population",
        "about": {"kind": "person", "number": town.about().number},
        "fields": ["name"],
        "purpose": "residence_permit",
        "case": number,
    } | changes


def posted(client: Client, sent: dict[str, Any]) -> Any:
    """Send a call."""
    return client.post(f"{API}/look-ups", sent, content_type="application/json")


def test_the_gate_by_interface(town: Town) -> None:
    lasting(town, "name")
    number, desk = town.case(), client_of(town.staff["acceptance"].username)
    answer = posted(desk, body(town, number))
    assert answer.status_code == 200
    assert answer.json()["records"] == [{"name": "林知夏"}]
    assert LookUp.objects.get(id=answer.json()["look_up_id"]).refused == ""
    for changes, status, code in (
        ({"fields": ["address"]}, 403, "field_not_granted"),
        ({"purpose": "curiosity"}, 403, "wrong_purpose"),
        ({"case": "20260302-AAAAAAAA"}, 403, "case_unknown"),
        ({"case": None}, 403, "reference_missing"),
        ({"about": {"kind": "person", "number": "1"}}, 404, "subject_unknown"),
    ):
        refused = posted(desk, body(town, number, **changes))
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert LookUp.objects.latest("id").refused == code
    assert posted(client_of(town.lin.username), body(town, number)).status_code == 403


def test_too_many_by_interface_say_when_to_come_again(town: Town) -> None:
    lasting(town, "name", rate_per_minute=1)
    number, desk = town.case(), client_of(town.staff["acceptance"].username)
    answers = [posted(desk, body(town, number)) for _time in range(3)]
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_the_catalogue_and_grants_by_interface(town: Town) -> None:
    grant = town.grant("name", "address")
    desk, steward = client_of(town.staff["acceptance"].username), client_of(town.steward.username)
    found = desk.get(f"{API}/resources?q=人口").json()
    assert [row["slug"] for row in found["results"]] == ["population"]
    items = desk.get(f"{API}/resources/population").json()["items"]
    assert {item["code"]: item["sharing_class"] for item in items}["secret_word"] == "none"
    assert desk.get(f"{API}/grants").status_code == 403
    assert [row["id"] for row in steward.get(f"{API}/grants").json()["results"]] == [str(grant.id)]


def test_uses_are_shown_beside_each_field(town: Town) -> None:
    moment: datetime = now()
    grant = lasting(town, "name", "address")
    town.ask(town.call(town.case()), now=moment)
    actions.note_uses(now=moment)
    shown = page(client_of(town.reviewer.username), f"{GRANTS}{grant.id}")
    assert "从未使用" in shown
