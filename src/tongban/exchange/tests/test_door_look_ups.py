"""The gate behind the door: what a neighbour is answered under its grant, and what we ask of a neighbour."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.db import connection

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.exchange import actions as exchange
from tongban.exchange import errors
from tongban.exchange.actions import passing
from tongban.exchange.contrib.neighbours.lines_of_ours import lines
from tongban.exchange.door.messages import Leaving
from tongban.exchange.models import LookUp, Passage
from tongban.exchange.rules.calls import Secrecy
from tongban.exchange.rules.xroad.identifiers import client_of
from tongban.exchange.tests.door import OURS, THEIRS, Neighbourhood, neighbourhood, rest_service
from tongban.ledger import actions as ledger
from tongban.registers.tests.town import NOW, Town

pytestmark = pytest.mark.django_db(transaction=True)


def document(leaving: Leaving) -> Any:
    return json.loads(leaving.body.read())


def asked(near: Neighbourhood, town: Town, *fields: str, **more: Any) -> Leaving:
    about = town.about()
    told = {
        "subject": {"kind": "person", "number": about.number, "identity_kind": about.identity_kind},
        "fields": fields,
    } | more.get("told", {})
    headers = (
        ("Tongban-Purpose", "residence_permit"),
        ("X-Road-Issue", "20261126-THEIRS"),
        ("Content-Type", "application/json"),
    )
    return near.sends(
        f"/r1/{OURS}/registers/population",
        json.dumps(told).encode(),
        method="POST",
        headers=more.get("headers", headers),
        client=more.get("client", f"{THEIRS}/cases"),
        nonce=more.get("nonce", ""),
    )


@pytest.fixture
def offering(town: Town) -> Iterator[Neighbourhood]:
    lines.cache_clear()
    near = neighbourhood(NOW)
    offered = passing.Offer(subsystem="registers", code="population", resource_id=town.register.resource_id)
    passing.offer(actor=SYSTEM, offered=offered, now=NOW)
    yield near
    lines.cache_clear()


def test_a_neighbour_is_answered_by_the_gate_under_its_grant(offering: Neighbourhood, town: Town) -> None:
    refused = asked(offering, town, "name")
    assert (refused.status, document(refused)["code"]) == (403, "no_grant")
    terms = town.terms("name", "birth_date", consumer_id=None, consumer_system=f"{THEIRS}/cases", standing="system")
    exchange.give_grant(actor=SYSTEM, terms=terms, now=NOW)
    told = document(asked(offering, town, "birth_date"))
    assert (told["records"], told["resource"]) == ([{"birth_date": "1990-03-07"}], "population")
    row = LookUp.objects.get(id=told["look_up"])
    assert (row.system, row.reference_kind, row.reference, row.refused) == (
        f"{THEIRS}/cases",
        "system",
        "20261126-THEIRS",
        "",
    )
    for leaving, code in (
        (asked(offering, town, "religion"), "field_not_granted"),
        (
            asked(offering, town, "name", headers=(("Tongban-Purpose", "curiosity"), ("X-Road-Issue", "x"))),
            "wrong_purpose",
        ),
        (asked(offering, town, "name", headers=(("Tongban-Purpose", "residence_permit"),)), "reference_missing"),
        (offering.sends(f"/r1/{OURS}/registers/population", b"[]", method="POST"), "malformed_call"),
    ):
        told = document(leaving)
        assert (told["code"], dict(leaving.headers).get("x-road-error", "")) == (code, "")
        assert told["title"]
    assert LookUp.objects.filter(refused="field_not_granted", system=f"{THEIRS}/cases").exists()


def test_number_look_up_and_passage_are_kept_together(offering: Neighbourhood, town: Town) -> None:
    """By one transaction, whether it is answered or refused; sent again, the call is refused, and only that is noted."""
    terms = town.terms("name", consumer_id=None, consumer_system=f"{THEIRS}/cases", standing="system")
    exchange.give_grant(actor=SYSTEM, terms=terms, now=NOW)
    for field, status in (("name", 200), ("religion", 403)):
        nonce = f"once-and-no-more-{field}"
        assert asked(offering, town, field, nonce=nonce).status == status
        assert _transactions() == 1
        looked, passed = LookUp.objects.count(), Passage.objects.count()
        again = asked(offering, town, field, nonce=nonce)
        assert (dict(again.headers)["x-road-error"], again.status) == ("server.serverproxy.invalid_signature", 500)
        assert (LookUp.objects.count(), Passage.objects.count()) == (looked, passed + 1)
        assert Passage.objects.order_by("-id").values_list("refused", flat=True)[0] == "signature_replayed"


def _transactions() -> int:
    """Return by how many transactions the last look-up, its number and its passage were written."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(DISTINCT row.made) FROM (
                (SELECT xmin::text AS made FROM exchange_lookup ORDER BY id DESC LIMIT 1)
                UNION ALL (SELECT xmin::text FROM exchange_passage ORDER BY id DESC LIMIT 1)
                UNION ALL (SELECT xmin::text FROM exchange_usednonce ORDER BY id DESC LIMIT 1)
            ) AS row
        """)
        return int(cursor.fetchone()[0])


def test_a_system_whose_name_begins_with_that_of_a_grant_is_another_one(offering: Neighbourhood, town: Town) -> None:
    client = f"{THEIRS}/{'!' * 80}"
    cut = str(client_of(client))[:200]
    terms = town.terms("name", consumer_id=None, consumer_system=cut, standing="system")
    exchange.give_grant(actor=SYSTEM, terms=terms, now=NOW)
    other = asked(offering, town, "name", client=client)
    assert (other.status, document(other)["code"]) == (422, "malformed_call")
    assert not LookUp.objects.exists()


def test_a_neighbour_asks_under_secrecy_only_where_the_grant_allows_it(offering: Neighbourhood, town: Town) -> None:
    until = NOW + timedelta(days=5)
    told = {"secrecy": {"until": until.isoformat(), "order": "云检调〔2026〕1号"}}
    terms = town.terms("name", consumer_id=None, consumer_system=f"{THEIRS}/cases", standing="system")
    plain = exchange.give_grant(actor=SYSTEM, terms=terms, now=NOW)
    assert document(asked(offering, town, "name", told=told))["code"] == "secrecy_not_granted"
    exchange.withdraw_grant(actor=SYSTEM, grant_id=plain.id, word="改为可保密", now=NOW)
    exchange.give_grant(actor=SYSTEM, terms=dataclasses.replace(terms, may_be_secret=True), now=NOW)
    answer = document(asked(offering, town, "name", told=told))
    assert answer["records"] == [{"name": "林知夏"}]
    rows = LookUp.objects.order_by("id").values_list("refused", "secret_until", "secret_order")
    assert list(rows) == [("secrecy_not_granted", until, "云检调〔2026〕1号"), ("", until, "云检调〔2026〕1号")]
    for wrong in ({}, {"until": until.isoformat()}, {"until": "2026-12-01", "order": "x"}, None):
        assert document(asked(offering, town, "name", told={"secrecy": wrong}))["code"] == "malformed_call"
    assert LookUp.objects.count() == 2


def test_a_neighbour_is_told_that_a_look_up_is_secret(town: Town) -> None:
    seen: list[dict[str, Any]] = []

    def listen(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        seen.append(json.loads(body))
        handler.send_response(200)
        handler.send_header("content-length", "0")
        handler.end_headers()

    lines.cache_clear()
    with rest_service(listen) as address:
        neighbourhood(clock.now(), address)
        settings: dict[str, object] = {"service": f"{THEIRS}/registers/population", "client": f"{OURS}/gate"}
        exchange.set_source(
            actor=SYSTEM, resource_id=town.register.resource_id, kind="neighbour", settings=settings, now=NOW
        )
        town.grant("name", may_be_secret=True)
        number, secrecy = town.case(), Secrecy(until=NOW + timedelta(days=5), order="云检调〔2026〕1号")
        for call in (town.call(number), town.call(number, secrecy=secrecy)):
            with pytest.raises(errors.SourceUnavailable):  # its answer is not signed
                town.ask(call)
    lines.cache_clear()
    open_one, secret = seen
    assert "secrecy" not in open_one
    assert secret["secrecy"] == {"until": secrecy.until.isoformat(), "order": secrecy.order}


def test_a_neighbour_follows_changes_and_looks_up_by_reference(offering: Neighbourhood, town: Town) -> None:
    path = f"/r1/{OURS}/registers/population/changes"
    assert document(offering.sends(path))["code"] == "no_feed_grant"
    system = {"consumer_id": None, "consumer_system": f"{THEIRS}/cases"}
    begun = NOW - timedelta(days=60)
    exchange.give_grant(actor=SYSTEM, terms=town.terms("name", standing="feed", valid_from=begun, **system), now=NOW)
    exchange.give_grant(actor=SYSTEM, terms=town.terms("name", standing="system", **system), now=NOW)
    while ledger.seal_once():
        pass
    while exchange.read_on(now=NOW):
        pass
    told = document(offering.sends(path))
    (change,) = told["changes"]
    assert town.about().number not in json.dumps(told)
    assert document(offering.sends(f"{path}?after={told['next']}"))["changes"] == []
    assert document(offering.sends(f"{path}?after=rubbish"))["code"] == "wrong_cursor"
    assert document(offering.sends(f"{path}?{'&'.join('abcdef')}"))["code"] == "malformed_call"
    answer = document(asked(offering, town, "name", told={"subject": change["subject"]}))
    assert answer["records"] == [{"name": "林知夏"}]
    strange = {"subject": {**change["subject"], "reference": change["subject"]["reference"][:-2] + "AA"}}
    assert document(asked(offering, town, "name", told=strange))["code"] == "subject_unknown"


GOOD = b'{"subject": {"kind": "person", "number": "1"}, "fields": ["name"]}'


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"subject":' * 5_000,
        b'{"fields": ["name"], ' + GOOD[1:],
        GOOD.replace(b'"1"', b"1" + b"0" * 5_000),
        GOOD.replace(b'"1"', b'"\\ud800"'),
        GOOD.replace(b'"1"', b'"\\u0000"'),
        GOOD.replace(b'"name"', b'"\\udfff"'),
        GOOD.decode().encode("utf-16"),
        GOOD + b" " * 65_536,
    ],
)
def test_what_nobody_can_read_is_told_so_and_looks_nothing_up(
    offering: Neighbourhood, town: Town, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    """A neighbour with a good key and a bad program, or a bad mind: a sentence, never a fault of ours."""
    before = LookUp.objects.count()
    leaving = offering.sends(f"/r1/{OURS}/registers/population", body, method="POST")
    assert (leaving.status, document(leaving)["code"]) == (422, "malformed_call")
    assert LookUp.objects.count() == before
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
    assert Passage.objects.latest("id").status == 422
