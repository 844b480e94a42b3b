"""The door from outside: what a neighbour or a system of ours may, what is refused, and that all of it is in the log."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tongban.base.actor import SYSTEM
from tongban.exchange.actions import passing
from tongban.exchange.contrib.neighbours.lines_of_ours import lines
from tongban.exchange.door import application
from tongban.exchange.door.messages import Leaving
from tongban.exchange.models import Passage
from tongban.exchange.queries import membership as queries
from tongban.exchange.rules.signatures.messages import Response
from tongban.exchange.rules.signatures.signing import SigningKey
from tongban.exchange.rules.signatures.verifying import verify_answer
from tongban.exchange.tests.door import (
    OURS,
    SIGNING,
    THEIRS,
    Neighbourhood,
    closed_port,
    neighbourhood,
    offered,
    rest_service,
)
from tongban.registers.tests.town import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PETS = f"/r1/{OURS}/registers/pets"


@pytest.fixture
def near() -> Iterator[Neighbourhood]:
    lines.cache_clear()
    yield neighbourhood(NOW)
    lines.cache_clear()


def header(leaving: Leaving, name: str) -> str:
    return dict(leaving.headers).get(name, "")


def document(leaving: Leaving) -> Any:
    return json.loads(leaving.body.read())


def fault(leaving: Leaving, type_of_fault: str, logged: str = "") -> Passage:
    told = document(leaving)
    assert (told["type"], header(leaving, "x-road-error")) == (type_of_fault, type_of_fault)
    assert leaving.status == (500 if type_of_fault.startswith("server.") else 400)
    assert told["message"]
    row = Passage.objects.latest("id")
    assert (row.refused, row.status) == (logged or type_of_fault, leaving.status)
    return row


def kept(seen: list[Any], request: Any) -> Any:
    seen.append(request)
    return request


def echo(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    told = json.dumps(
        {"line": f"{handler.command} {handler.path}", "headers": dict(handler.headers), "body": content.decode()}
    ).encode()
    handler.send_response(201, "Made")
    for name, value in (
        ("Content-Type", "application/json"),
        ("X-Own", "1"),
        ("X-Road-Id", "forged"),
        ("Content-Length", str(len(told))),
    ):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(told)


def test_a_signed_message_reaches_the_service_and_comes_back_signed(near: Neighbourhood) -> None:
    with rest_service(echo) as address:
        offered("pets", f"{address}/base", ("POST", "/v1/*"))
        leaving = near.sends(
            f"{PETS}/v1/a%20b?c=%41&d",
            b"hello",
            method="POST",
            headers=(("X-Road-Issue", "T-1"), ("X-Road-Id", "number"), ("User-Agent", "inner"), ("X-Mine", "yes")),
        )
        told = document(leaving)
    assert (leaving.status, told["line"], told["body"]) == (201, "POST /base/v1/a%20b?c=%41&d", "hello")
    sent = {name.lower(): value for name, value in told["headers"].items()}
    assert (sent["x-road-client"], sent["x-road-issue"], sent["x-mine"], sent["accept"]) == (
        f"{THEIRS}/cases",
        "T-1",
        "yes",
        "application/json",
    )
    assert not {"user-agent", "signature", "signature-input", "content-digest"} & set(sent)
    assert (header(leaving, "x-road-id"), header(leaving, "x-road-service"), header(leaving, "x-own")) == (
        "number",
        f"{OURS}/registers/pets",
        "1",
    )
    assert header(leaving, "x-road-request-hash")
    row = Passage.objects.get()
    assert (row.way, row.client, row.service, row.issue, row.refused, row.status, row.request_bytes) == (
        "in",
        f"{THEIRS}/cases",
        f"{OURS}/registers/pets",
        "T-1",
        "",
        201,
        5,
    )
    assert (row.key_id, row.request_hash) == (SIGNING.id, header(leaving, "x-road-request-hash"))


def test_its_signature_is_bound_to_the_call(near: Neighbourhood) -> None:
    seen: list[Any] = []
    with rest_service(echo) as address:
        offered("pets", address, ("*", "/**"))
        leaving = near.sends(PETS, b"x", method="POST", change=lambda request: kept(seen, request))
    keys = {queries.place(NOW).key.id: queries.place(NOW).key.secret.public_key()}
    response = Response(status=leaving.status, request=seen[0], fields=leaving.headers)
    assert verify_answer(response, keys=keys.get, now=NOW, has_body=True)


def test_a_call_is_taken_once(near: Neighbourhood) -> None:
    with rest_service(echo) as address:
        offered("pets", address, ("*", "/**"))
        assert near.sends(PETS, b"x", method="POST", nonce="same-number-same-number").status == 201
        fault(
            near.sends(PETS, b"x", method="POST", nonce="same-number-same-number"),
            "server.serverproxy.invalid_signature",
            "signature_replayed",
        )
    assert Passage.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "logged"),
    [
        ({"body": b"another"}, "digest_wrong"),
        ({"key": SigningKey(SIGNING.id, __import__("cryptography.hazmat.primitives.asymmetric.ed25519", fromlist=["x"]).Ed25519PrivateKey.generate())}, "signature_forged"),
        ({"key": SigningKey("nobody", SIGNING.secret)}, "signature_key_unknown"),
        ({"at": NOW + timedelta(minutes=2)}, "signature_expired"),
        ({"at": NOW - timedelta(minutes=2)}, "signature_from_the_future"),
        ({"change": lambda one: dataclasses.replace(one, query="page=2")}, "signature_forged"),
        ({"change": lambda one: dataclasses.replace(one, method="PUT")}, "signature_forged"),
        ({"change": lambda one: one.with_fields(("tongban-purpose", "curiosity"))}, "signature_not_covering"),
        ({"change": lambda one: dataclasses.replace(one, fields=tuple(f for f in one.fields if f[0] != "signature"))}, "signature_missing"),
        ({"change": lambda one: dataclasses.replace(one, fields=tuple(("x-road-client", f"{OURS}/cases") if f[0] == "x-road-client" else f for f in one.fields))}, "signature_key_unknown"),
    ],
)  # fmt: skip
def test_what_is_not_signed_right_reaches_nothing(near: Neighbourhood, more: dict[str, Any], logged: str) -> None:
    reached: list[bytes] = []
    with rest_service(lambda handler, content: reached.append(content) or echo(handler, content)) as address:  # type: ignore[func-returns-value]
        offered("pets", address, ("*", "/**"))
        fault(near.sends(PETS, b"hello", method="POST", **more), "server.serverproxy.invalid_signature", logged)
    assert not reached


@pytest.mark.parametrize(
    "path", ["/public/../secret", "/public/%2e%2e/secret", "/secret", "/public//..//secret", "/public"]
)
def test_what_is_not_allowed_is_denied_however_it_is_written(near: Neighbourhood, path: str) -> None:
    reached: list[str] = []
    with rest_service(lambda handler, content: reached.append(handler.path) or echo(handler, content)) as address:  # type: ignore[func-returns-value]
        offered("pets", address, ("GET", "/public/*"))
        fault(near.sends(f"{PETS}{path}"), "server.serverproxy.access_denied")
        fault(near.sends(f"{PETS}/public/a", method="DELETE"), "server.serverproxy.access_denied")
        assert near.sends(f"{PETS}/public/a").status == 201
    assert reached == ["/public/a"]


@pytest.mark.parametrize(
    ("path", "type_of_fault"),
    [
        (f"/r1/{OURS}/registers/none", "server.serverproxy.unknown_service"),
        (f"/r1/{OURS}/registers", "client.bad_request"),
        (f"{PETS}/a%2Fb", "client.bad_request"),
        (f"{PETS}/a%2", "client.bad_request"),
        ("/r1/CN/GOV/third/s/c", "server.clientproxy.unknown_member"),
    ],
)
def test_addresses_that_lead_nowhere(near: Neighbourhood, path: str, type_of_fault: str) -> None:
    offered("pets", closed_port(), ("*", "/**"))
    fault(near.sends(path), type_of_fault)


def test_a_service_that_is_down_is_said_to_be_and_its_own_errors_pass(near: Neighbourhood) -> None:
    offered("pets", closed_port(), ("*", "/**"))
    for _ in range(6):
        told = near.sends(PETS)
        fault(told, "server.serverproxy.network_error")

    def failing(handler: BaseHTTPRequestHandler, _content: bytes) -> None:
        handler.send_response(405)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"no")

    with rest_service(failing) as address:
        offered("pets", address, ("*", "/**"))
        leaving = near.sends(PETS)
    assert (leaving.status, leaving.body.read(), header(leaving, "x-road-error")) == (405, b"no", "")


def test_faults_come_in_xml_to_who_asks(near: Neighbourhood) -> None:
    leaving = near.sends(f"/r1/{OURS}/registers/none", headers=(("Accept", "application/xml"),))
    assert header(leaving, "content-type").startswith("application/xml")
    assert b"<type>server.serverproxy.unknown_service</type>" in leaving.body.read()


# ---- systems of this house ----


def test_a_system_of_ours_is_known_by_where_it_is(near: Neighbourhood) -> None:
    client = (("X-Road-Client", f"{OURS}/desk"),)
    with rest_service(echo) as address:
        offered("pets", address, ("GET", "/**"), client=f"{OURS}/desk")
        fault(near.at_door("GET", PETS, headers=client), "server.clientproxy.ssl_authentication_failed")
        passing.register_system(actor=SYSTEM, client=f"{OURS}/desk", networks=["127.0.0.0/8"], now=NOW)
        assert near.at_door("GET", PETS, headers=client).status == 201
        fault(
            near.at_door("GET", PETS, headers=client, peer="10.1.1.1"), "server.clientproxy.ssl_authentication_failed"
        )
        fault(
            near.at_door("GET", PETS, headers=(("X-Road-Client", f"{THEIRS}/cases"),)),
            "server.clientproxy.ssl_authentication_failed",
        )
        fault(near.at_door("GET", PETS), "client.bad_request")
        passing.end_system(actor=SYSTEM, client=f"{OURS}/desk", now=NOW)
        fault(near.at_door("GET", PETS, headers=client), "server.clientproxy.ssl_authentication_failed")


def test_lists_say_what_is_there(near: Neighbourhood) -> None:
    passing.register_system(actor=SYSTEM, client=f"{OURS}/desk", networks=["127.0.0.0/8"], now=NOW)
    offered("pets", closed_port(), ("GET", "/v1/*"), client=f"{OURS}/desk", openapi='{"openapi": "3.1.0"}')
    offered("other", closed_port())
    client = (("X-Road-Client", f"{OURS}/desk"),)
    base = f"/r1/{OURS}/registers"
    assert [one["id"]["member_code"] for one in document(near.at_door("GET", "/listClients"))["member"]] == [
        "tingnan",
        "yunlan",
        "tingnan",
    ]
    assert [
        one["service_code"] for one in document(near.at_door("GET", f"{base}/listMethods", headers=client))["service"]
    ] == ["other", "pets"]
    (only,) = document(near.at_door("GET", f"{base}/allowedMethods", headers=client))["service"]
    assert (only["service_code"], only["service_type"], only["endpoint_list"]) == (
        "pets",
        "OPENAPI",
        [{"method": "GET", "path": "/v1/*"}],
    )
    assert document(near.at_door("GET", f"{base}/getOpenAPI", "serviceCode=pets", headers=client)) == {
        "openapi": "3.1.0"
    }
    fault(
        near.at_door("GET", f"{base}/getOpenAPI", "serviceCode=other", headers=client),
        "server.serverproxy.unknown_service",
    )


def test_a_neighbour_that_is_down_or_unsigned_is_said_to_be(near: Neighbourhood) -> None:
    passing.register_system(actor=SYSTEM, client=f"{OURS}/desk", networks=["127.0.0.0/8"], now=NOW)
    fault(
        near.at_door("GET", "/r1/CN/GOV/third/s/c", headers=(("X-Road-Client", f"{OURS}/desk"),)),
        "server.clientproxy.unknown_member",
    )
    with rest_service(echo) as address:
        neighbourhood(NOW + timedelta(seconds=1), their_address=address)
        fault(
            near.at_door(
                "GET",
                f"/r1/{THEIRS}/cases/x",
                headers=(("X-Road-Client", f"{OURS}/desk"),),
                at=NOW + timedelta(seconds=2),
            ),
            "server.clientproxy.invalid_signature",
        )


def test_other_pages(near: Neighbourhood) -> None:
    assert near.at_door("GET", "/healthz").status == 200
    assert near.at_door("GET", "/neighbours/directory").body.read().startswith(b"tongban-directory/1\n")
    assert document(near.at_door("GET", "/neighbours/member"))["id"] == OURS
    assert near.at_door("GET", "/neighbours/../healthz").status == 404
    assert near.at_door("POST", "/healthz").status == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read(near: Neighbourhood) -> None:
    leaving = near.at_door("POST", PETS, headers=(("Content-Length", str(101 * 1024 * 1024)),))
    fault(leaving, "client.request_too_large")


# ---- the server's own side ----


@pytest.mark.parametrize(("escaped", "told"), [("", ""), ("rubbish", ""), ("-----BEGIN%20CERTIFICATE-----", "")])
def test_rubbish_is_no_certificate(escaped: str, told: str) -> None:
    assert application.fingerprint(escaped) == told


@pytest.mark.parametrize(
    ("name", "value"), [("Location", "/\xe9"), ("Location", "\x01"), ("Content-Type", "text/\xff")]
)
def test_what_a_service_says_and_nobody_can_sign_is_a_fault_of_the_service(
    near: Neighbourhood, name: str, value: str
) -> None:
    def answer(to: BaseHTTPRequestHandler, _body: bytes) -> None:
        to.send_response(200)
        to.send_header("Content-Length", "2")
        to.send_header(name, value)
        to.end_headers()
        to.wfile.write(b"{}")

    with rest_service(answer) as address:
        offered("pets", address, ("GET", "/**"))
        leaving = near.sends(f"{PETS}/a")
        assert header(leaving, "signature")
        fault(leaving, "server.serverproxy.network_error")
