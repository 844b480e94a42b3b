"""The page of how a resource is read: declared, tried and watched by its stewards, seen by all stewards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.standing import nothing_changes

from tongban.cases.tests.people import client_of, office
from tongban.exchange import actions
from tongban.exchange.models import Source
from tongban.exchange.tests.outside import Outside
from tongban.exchange.tests.test_outside_rest import RECORD, Service, serving
from tongban.ledger import actions as ledger
from tongban.ledger.models import Event
from tongban.notifications.models import Message
from tongban.registers.tests.town import NOW

ADDRESS = "/office/data/resources/vehicles/source"


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """Return a service at a place that the operator allows."""
    found = Service()
    with serving(found) as port:
        found.port = port
        settings.TONGBAN_SOURCES = frozenset({f"http://127.0.0.1:{port}"})
        yield found


def typed(outside: Outside, service: Service, **changes: str) -> dict[str, str]:
    """Return what a steward types."""
    return {
        "step": "declare",
        "kind": "rest",
        "url": f"http://127.0.0.1:{service.port}/cars",
        "method": "POST",
        "body": '{"number": "{number}"}',
        "header": "X-Key",
        "secret_password": "geheim",
        "records": "data.items",
        "known_extras": "",
        "may_lack": "",
        "seconds": "3",
        "trial_number": outside.town.about().number,
        "item_plate": "car.plates[0]",
        "item_first_day": "car.registered",
        "item_price": "price",
        "item_seats": "seats",
        "item_is_private": "own",
        **changes,
    }


def steward(outside: Outside) -> Client:
    """Return a steward of the office in a browser."""
    return client_of(outside.town.steward.username)


def test_a_source_is_declared_tried_and_seen(outside: Outside, service: Service) -> None:
    client = steward(outside)
    assert "号牌 (plate)" in client.get(ADDRESS + "?kind=rest").content.decode()
    assert client.post(ADDRESS, typed(outside, service)).status_code == 302
    shown = client.get(ADDRESS).content.decode()
    assert "car.plates[0]" in shown
    assert "geheim" not in shown
    assert outside.town.about().number not in shown
    tried = client.post(ADDRESS, {"step": "try", "kind": "rest"}).content.decode()
    assert "数据来源应答正常" in tried
    assert "云A·12345" not in tried
    assert service.asked[-1][2]["x-key"] == "geheim"
    assert Event.objects.filter(kind="exchange.source_tried", official_id=outside.town.steward.official_id).exists()
    service.answer = {"data": {"items": [{**RECORD, "seats": "五"}]}}
    tried = client.post(ADDRESS, {"step": "try", "kind": "rest"}).content.decode()
    assert "seats: 不是数字" in tried


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(outside: Outside, service: Service) -> None:
    wrong = {
        "url": "http://10.9.9.9/{number}",
        "item_plate": "car..plates",
        "body": "no json",
    }
    client = steward(outside)
    with nothing_changes():
        answer = client.post(ADDRESS, typed(outside, service, **wrong))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert all(value in shown for value in ("10.9.9.9", "car..plates", "no json"))
    with nothing_changes():
        answer = client.post(ADDRESS, typed(outside, service, url="http://10.9.9.9/cars"))
    assert (answer.status_code, "10.9.9.9:80" in answer.content.decode()) == (422, True)
    with nothing_changes():
        answer = client.post(ADDRESS, typed(outside, service, item_plate="car..plates"))
    assert 'id="id_item_plate-error"' in answer.content.decode()


def test_others_neither_see_nor_change_it(outside: Outside, service: Service) -> None:
    stranger = client_of(office("云澜市教育局", "school", roles=("steward",)).staff("steward", "别数").username)
    clerk = client_of(outside.town.staff["acceptance"].username)
    keeper = steward(outside)
    with nothing_changes():
        assert stranger.get(ADDRESS).status_code == 404
        assert stranger.post(ADDRESS, typed(outside, service)).status_code == 404
        assert clerk.get(ADDRESS).status_code == 403
        assert Client().get(ADDRESS).status_code == 302
        kept = keeper.post("/office/data/resources/population/source", typed(outside, service))
    assert kept.status_code == 409
    assert Source.objects.filter(resource=outside.resource).count() == 0


def test_the_catalogue_shows_how_it_fares_and_stewards_are_told(outside: Outside, service: Service) -> None:
    steward(outside).post(ADDRESS, typed(outside, service))
    source = Source.objects.get(resource=outside.resource)
    service.status = 503
    actions.look_at(source_id=source.id, now=NOW)
    ledger.drain(NOW)
    shown = steward(outside).get("/office/data/resources/vehicles").content.decode()
    assert "没有正常应答" in shown
    assert "503" in shown
    assert ADDRESS in shown
    told = Message.objects.get(key__startswith="exchange-source-")
    assert (told.account_id, told.link) == (outside.town.steward.actor.account_id, ADDRESS)
    service.status = 200
    actions.look_at(source_id=source.id, now=NOW)
    ledger.drain(NOW)
    assert "应答正常" in steward(outside).get("/office/data/resources/vehicles").content.decode()
    assert Message.objects.filter(key__startswith="exchange-source-").count() == 2


@pytest.mark.parametrize(
    "body",
    [
        '{"n": "{number}", "m": NaN}', '{"n": "\\ud800{number}"}', '{"n": "\\u0000{number}"}', '{"\\u0000": "{number}"}',
        '{"n": "{number}", "m": ' + "[" * 21 + "]" * 21 + "}", "[" * 3000, '{"n": "{number}", "m": 1e999}',
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_kept_is_refused_beside_its_field(outside: Outside, service: Service, body: str) -> None:
    client = steward(outside)
    with nothing_changes():
        answer = client.post(ADDRESS, typed(outside, service, body=body))
    assert answer.status_code == 422
    assert "不是 JSON 对象" in answer.content.decode()
