"""What another installation refuses is told to whoever asked here: with its code, in a sentence, and in the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.cases.tests.people import client_of
from tongban.exchange import actions as exchange
from tongban.exchange import errors
from tongban.exchange.contrib.neighbours.lines_of_ours import lines
from tongban.exchange.models import LookUp
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request, Response, fields_of
from tongban.exchange.rules.signatures.signing import Stamp, sign_answer
from tongban.exchange.tests.door import OURS, SIGNING, THEIRS, neighbourhood, rest_service
from tongban.registers.tests.town import NOW, Town

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def neighbour(town: Town, status: int, told: dict[str, Any]) -> Iterator[str]:
    """Let the register be read at a neighbour who answers so, signed as a door signs; gives the number of a case."""
    content = json.dumps(told).encode()

    def answer(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        address = f"http://{handler.headers['host']}{handler.path}"
        asked = Request.to(address, method=handler.command, fields=handler.headers.items())
        fields = fields_of([("content-type", "application/problem+json"), (digests.FIELD, digests.of_body(content))])
        response = Response(status=status, request=asked, fields=fields)
        signed = sign_answer(response, key=SIGNING, stamp=Stamp(clock.now(), new_id().hex))
        handler.send_response(status)
        for name, value in (*signed.fields, ("content-length", str(len(content)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    lines.cache_clear()
    with rest_service(answer) as address:
        neighbourhood(clock.now(), address)
        settings: dict[str, object] = {"service": f"{THEIRS}/registers/population", "client": f"{OURS}/gate"}
        resource_id = town.register.resource_id
        exchange.set_source(actor=SYSTEM, resource_id=resource_id, kind="neighbour", settings=settings, now=NOW)
        town.grant("name", valid_until=clock.now() + timedelta(days=9))
        yield town.case()
    lines.cache_clear()


@pytest.mark.parametrize(
    ("status", "told", "code", "words"),
    [
        (403, {"code": "field_not_granted", "title": "x"}, "field_not_granted", "fields"),
        (403, {"code": "expired_grant"}, "expired_grant", "expired"),
        (429, {"code": "rate_exceeded"}, "rate_exceeded", "minute"),
        (500, {"type": "server.serverproxy.access_denied"}, "server.serverproxy.access_denied", "does not let"),
        (403, {"code": "case_not_open"}, "case_not_open", "ended"),
        (403, {"code": "林知夏 <script>"}, "", "refuses this look-up."),
    ],
)
def test_a_refusal_of_a_neighbour_is_told(town: Town, status: int, told: dict[str, Any], code: str, words: str) -> None:
    with neighbour(town, status, told) as number, pytest.raises(errors.SourceRefused) as caught:
        town.ask(town.call(number))
    refused = caught.value
    assert (refused.status, refused.code, refused.details) == (502, "source_refused", {"why": code})
    with translation.override("en"):
        assert words in str(refused)
    row = LookUp.objects.get()
    assert (row.refused, row.answer.outcome, row.answer.told) == ("", "source_refused", code)


@pytest.mark.parametrize(
    ("status", "told", "code"),
    [
        (503, {"code": "source_unavailable"}, "source_unavailable"),
        (500, {"type": "server.serverproxy.network_error"}, "server.serverproxy.network_error"),
        (200, {"records": [{}] * 40_000}, "too_many"),
        (200, {"records": [{"name": "half \ud83d"}]}, ""),
    ],
)
def test_an_outage_behind_a_neighbour_is_no_refusal(town: Town, status: int, told: dict[str, Any], code: str) -> None:
    with neighbour(town, status, told) as number, pytest.raises(errors.SourceUnavailable) as caught:
        town.ask(town.call(number))
    assert caught.value.details == ({"why": code} if code else {})
    assert LookUp.objects.get().answer.outcome == "source_unavailable"


def test_it_is_told_by_interface_and_in_the_log_of_both_languages(town: Town) -> None:
    with neighbour(town, 403, {"code": "wrong_purpose"}) as number:
        sent = {
            "resource": "population", "about": {"kind": "person", "number": town.about().number},
            "fields": ["name"], "purpose": "residence_permit", "case": number,
        }  # fmt: skip
        desk: Client = client_of(town.staff["acceptance"].username)
        answer = desk.post("/api/v1/exchange/look-ups", sent, content_type="application/json")
    assert answer.status_code == 502
    told = answer.json()
    assert (told["code"], told["why"]) == ("source_refused", "wrong_purpose")
    shown = client_of(town.steward.username).get("/office/data/log/").content.decode()
    assert "数据源拒绝" in shown
    assert "wrong_purpose" in shown
