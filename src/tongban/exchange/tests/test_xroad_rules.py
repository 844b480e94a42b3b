"""X-Road's rules: names, paths, headers, hashes, faults and lists, as its clients expect them."""

import base64
import hashlib
import json
from uuid import UUID

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from tongban.exchange.rules.xroad import faults, hashes, headers, metadata
from tongban.exchange.rules.xroad.faults import Fault, Refused
from tongban.exchange.rules.xroad.identifiers import ClientId, ServiceId, client_of, joined, target_of
from tongban.exchange.rules.xroad.paths import Endpoint, allowed, plain

MADE = UUID("0198c0de-0000-7000-8000-000000000001")


def refused(type_of_fault: str, call: object, *arguments: object) -> None:
    with pytest.raises(Refused) as caught:
        call(*arguments)  # type: ignore[operator]
    assert caught.value.fault.type == type_of_fault
    assert caught.value.fault.message


# ---- names ----


def test_the_example_of_the_protocol() -> None:
    target = target_of("/r1/INSTANCE/CLASS2/MEMBER2/SUBSYSTEM2/BARSERVICE/v1/bar/zyggy", "quu=1")
    assert target.service == ServiceId(ClientId("INSTANCE", "CLASS2", "MEMBER2", "SUBSYSTEM2"), "BARSERVICE")
    assert (target.path, target.query) == ("/v1/bar/zyggy", "quu=1")
    assert str(client_of("INSTANCE/CLASS1/MEMBER1/SUBSYSTEM1")) == "INSTANCE/CLASS1/MEMBER1/SUBSYSTEM1"
    assert client_of("INSTANCE/CLASS1/MEMBER1").subsystem == ""
    assert target_of("/r1/I/C/M/S/BAR%2FSERVICE").service.code == "BAR/SERVICE"
    assert (target_of("/r1/I/C/M/S/X").path, target_of("/r1/I/C/M/S/X/").path) == ("", "/")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/r1",
        "/r2/I/C/M/S/X",
        "/r1/I/C/M/S",
        "/r1/I/C/M/S/",
        "/r1/I//M/S/X",
        "/r1/I/C/M/../X",
        "/r1/I/C/M/%2e%2e/X",
        "/r1/I/C/M/S/X%",
        "/r1/I/C/M/S/X%2",
        "/r1/I/C/M/S/X%zz",
        "/r1/I/C/M/S/%00",
        "/r1/I/C/M/S/a%0ab",
        "/r1/I/C/M/S/%ff",
        "/r1/I/C/M/%EF%BB%BFS/X",
        "/r1/I/C/M/S%E2%80%8B/X",
        "/r1/I%2FC%2FM%2FS%2FX",
        "/r1/I/C/M/S/%20X",
        "/r1/I/C/M/S/" + "a" * 5000,
        "/r1/I/C/M/S/" + "a" * 256,
    ],
)
def test_addresses_that_name_no_service_are_refused(path: str) -> None:
    refused("client.bad_request", target_of, path)


@pytest.mark.parametrize(
    "header", [None, "", "  ", "I/C", "I", "I/C/M/S/X", "I//M", "I/C/M/", "I/C/M/%", "I/C/M/a%0d%0aX-Road-Id:1"]
)
def test_a_client_that_says_not_who_it_is_is_refused(header: str | None) -> None:
    refused("client.bad_request", client_of, header)


names = st.text(
    st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda name: name not in {".", ".."})


@given(
    parts=st.tuples(names, names, names, names, names), rest=st.from_regex(r"(/[a-z0-9%]{0,5}){0,3}", fullmatch=True)
)
def test_any_name_comes_through_its_encoding(parts: tuple[str, str, str, str, str], rest: str) -> None:
    target = target_of(f"/r1/{joined(parts)}{rest}")
    assert (*target.service.provider.parts, target.service.code) == parts
    assert target.path == rest
    assert str(client_of(joined(parts[:4]))) == joined(parts[:4])


# ---- paths ----


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("", "/"),
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a//b", "/a/b"),
        ("/a/./b", "/a/b"),
        ("/a/c/../b", "/a/b"),
        ("/a/%2e%2e/b", "/b"),
        ("/a/%2E/b/", "/a/b/"),
        ("/a/b/..", "/a/"),
        ("/%61/b", "/a/b"),
        ("/a%20b", "/a%20b"),
        ("/%e4%ba%91", "/%E4%BA%91"),
        ("/a/%7euser", "/a/~user"),
    ],
)
def test_paths_are_made_plain(path: str, same: str) -> None:
    assert plain(path) == same
    assert plain(same) == same


@pytest.mark.parametrize(
    "path",
    [
        "/..",
        "/a/../..",
        "/%2e%2e/a",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\..\\b",
        "/a%00",
        "/a;jsessionid=1/b",
        "/a%",
        "/a%2",
        "/a%252e%252e/b",
        "/云",
        "/a\x00",
        "/.%2e/a",
        "/a/..%2f..%2fb",
    ],
)
def test_paths_with_two_meanings_are_refused(path: str) -> None:
    refused("client.bad_request", plain, path)


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("/pets", "/pets", True),
        ("/pets", "/pets/", False),
        ("/pets/*", "/pets/7", True),
        ("/pets/*", "/pets/7/owner", False),
        ("/pets/*", "/pets", False),
        ("/pets/*/owner", "/pets/7/owner", True),
        ("/pets/**", "/pets/7/owner", True),
        ("/pets/**", "/other", False),
        ("/**", "/", True),
        ("/**", "/a/b", True),
        ("/a.b", "/axb", False),
        ("/v*/x", "/v12/x", True),
        ("/(a|b)", "/a", False),
    ],
)
def test_patterns(glob: str, path: str, *, fits: bool) -> None:
    assert Endpoint("GET", glob).fits("GET", path) is fits
    assert not Endpoint("POST", glob).fits("GET", path)
    assert Endpoint("*", glob).fits("DELETE", path) is fits


def test_no_pattern_makes_a_long_path_last() -> None:
    endpoint = Endpoint("GET", "/" + "**a" * 90 + "b")  # as one expression it would be tried for years
    assert [endpoint.fits("GET", f"/{'a' * 3000}{end}") for end in ("", "b")] == [False, True]


@pytest.mark.parametrize(
    "path", ["/public/../secret", "/public/%2e%2e/secret", "/public//..//secret", "/public/x/../../secret"]
)
def test_nobody_climbs_from_what_is_allowed_to_what_is_not(path: str) -> None:
    assert not allowed([Endpoint("GET", "/public/**")], "GET", plain(path))
    assert allowed([Endpoint("GET", "/secret")], "GET", plain(path))


@given(path=st.from_regex(r"(/[a-c.%2eE]{0,6}){0,5}/?", fullmatch=True))
def test_a_plain_path_has_no_way_up(path: str) -> None:
    try:
        made = plain(path)
    except Refused:
        return
    assert plain(made) == made
    assert made.startswith("/")
    assert not {"..", "."} & set(made.split("/"))
    assert "//" not in made


# ---- headers ----


def test_headers_of_one_connection_and_names_of_the_house_stay_behind() -> None:
    sent = [
        ("Connection", "close, X-Hop"),
        ("X-Hop", "1"),
        ("Keep-Alive", "5"),
        ("Proxy-Authenticate", "x"),
        ("Proxy-Authorization", "x"),
        ("TE", "trailers"),
        ("Trailer", "x"),
        ("Transfer-Encoding", "chunked"),
        ("Upgrade", "h2c"),
        ("User-Agent", "curl"),
        ("Host", "inner.example"),
        ("Server", "inner"),
        ("Expect", "100-continue"),
        ("Content-Length", "3"),
    ]
    kept = [
        ("Accept", "text/csv"),
        ("Content-Type", "text/plain"),
        ("X-Powered-By", "PHP/5.2.17"),
        ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
        ("X-Road-Issue", "MT1"),
        ("Authorization", "Bearer theirs"),
        ("Cookie", "a=1"),
    ]
    assert headers.passing([*sent, *kept]) == tuple((name.lower(), value) for name, value in kept)


def test_a_request_has_one_number_and_no_hash_of_its_own() -> None:
    passed = dict(
        headers.request_headers(
            [
                ("X-Road-Client", "I/C/M"),
                ("X-Road-Request-Hash", "forged"),
                ("X-Road-Error", "forged"),
                ("X-Road-Id", "theirs"),
            ],
            message_id="theirs",
        )
    )
    assert passed == {"x-road-client": "I/C/M", "x-road-id": "theirs"}
    for name in ("X-Road-Client", "X-Road-Id", "Content-Type"):
        refused(
            "client.bad_request", lambda name=name: headers.request_headers([(name, "a"), (name, "b")], message_id="x")
        )
    refused(
        "client.bad_request",
        lambda: headers.request_headers([("X-Road-Issue", "a\r\nX-Road-Client: I/C/OTHER")], message_id="x"),
    )
    refused("client.bad_request", lambda: headers.request_headers([("X-Road-Issue", "a" * 300)], message_id="x"))


@pytest.mark.parametrize(
    ("told", "used"),
    [
        (None, str(MADE)),
        ("", str(MADE)),
        ("fa2e18a5-c2cb", "fa2e18a5-c2cb"),
        ("a\nb", str(MADE)),
        ("x" * 300, str(MADE)),
        ("云", str(MADE)),
    ],
)
def test_a_message_without_a_number_gets_one(told: str | None, used: str) -> None:
    assert headers.message_id_of(told, made=MADE) == used


def test_an_answer_says_whose_it_is_whatever_the_service_says() -> None:
    said = [
        ("X-Road-Id", "forged"),
        ("X-Road-Request-Hash", "forged"),
        ("x-road-client", "forged"),
        ("X-Road-Error", "forged"),
        ("X-Road-Service", "forged"),
        ("X-Road-Request-Id", "forged"),
        ("Server", "inner"),
        ("Location", "http://elsewhere/"),
    ]
    passed = headers.response_headers(
        said, client="I/C/M", service="I/C/M/S/X", message_id="1", request_id="2", request_hash="h"
    )
    assert passed == (
        ("location", "http://elsewhere/"),
        ("x-road-id", "1"),
        ("x-road-client", "I/C/M"),
        ("x-road-service", "I/C/M/S/X"),
        ("x-road-request-id", "2"),
        ("x-road-request-hash", "h"),
    )


# ---- hashes ----


def test_the_hash_of_a_request_is_that_of_its_bytes() -> None:
    head = hashes.request_head(
        "POST",
        "/r1/I/C/M/S/X/a",
        "b=%41&c",
        [("Host", "x"), ("X-Road-Client", "I/C/M"), ("Content-Type", "text/plain")],
    )
    assert head == b"POST\r\n/r1/I/C/M/S/X/a?b=%41&c\r\nx-road-client:I/C/M\r\ncontent-type:text/plain\r\n"
    body = b"hello"
    whole = hashlib.sha512(hashlib.sha512(head).digest() + hashlib.sha512(body).digest()).digest()
    assert hashes.request_hash(head, hashlib.sha512(body).digest()) == base64.b64encode(whole).decode()
    assert hashes.request_hash(head, None) == base64.b64encode(hashlib.sha512(head).digest()).decode()
    assert hashes.response_head(200, "OK", [("Date", "today")]) == b"200\r\nOK\r\ndate:today\r\n"


# ---- faults ----


@pytest.mark.parametrize(
    ("told", "meant", "status"),
    [
        ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied", 500),
        ("server.serverproxy.access_denied", "server.serverproxy.access_denied", 500),
        ("Server.ClientProxy.NetworkError", "server.clientproxy.network_error", 500),
        ("Client.BadRequest", "client.bad_request", 400),
        ("client.bad_request", "client.bad_request", 400),
    ],
)
def test_both_spellings_of_faults_are_read(told: str, meant: str, status: int) -> None:
    fault = faults.read(told, b'{"type": "x", "message": "m", "detail": "d"}')
    assert fault == Fault(meant, "m", "d")
    assert fault.status == status


def test_an_answer_of_the_service_is_no_fault_of_the_gate() -> None:
    assert faults.read("", b'{"type": "Server.ServerProxy.AccessDenied"}') is None
    for body in (b"", b"[1]", b"<x/>", b"\xff", b"{" * 100_000, b"[" * 60_000):
        assert faults.read("Client.BadRequest", body) == Fault("client.bad_request", "", "")


@pytest.mark.parametrize(
    ("accept", "xml"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/xml", True),
        ("text/xml", True),
        ("application/xml, application/json", False),
        ("application/xml;q=0.9, application/json;q=0.1", True),
        ("application/xml;q=x", False),
        ("text/html, application/xml;q=0.9", True),
        ("application/xml;q=0", False),
    ],
)
def test_faults_are_told_in_xml_to_who_asks_for_it(accept: str, *, xml: bool) -> None:
    kind, body = Fault("client.bad_request", "a < b & 云", "d").written(accept)
    if xml:
        read = fromstring(body)
        assert kind.startswith("application/xml")
        assert [(one.tag, one.text) for one in read] == [
            ("type", "client.bad_request"),
            ("message", "a < b & 云"),
            ("detail", "d"),
        ]
    else:
        assert kind.startswith("application/json")
        assert json.loads(body) == {"type": "client.bad_request", "message": "a < b & 云", "detail": "d"}


# ---- lists ----


def test_lists_have_the_shapes_of_the_protocol() -> None:
    subsystem = ClientId("CN", "GOV", "1", "registers")
    assert metadata.clients([(subsystem.member, "云澜市", ""), (subsystem, "云澜市", "基础库")]) == {
        "member": [
            {
                "id": {"member_class": "GOV", "member_code": "1", "object_type": "MEMBER", "xroad_instance": "CN"},
                "name": "云澜市",
            },
            {
                "id": {
                    "member_class": "GOV",
                    "member_code": "1",
                    "subsystem_code": "registers",
                    "object_type": "SUBSYSTEM",
                    "xroad_instance": "CN",
                },
                "name": "云澜市",
                "subsystem_name": "基础库",
            },
        ]
    }
    listed = metadata.Listed(ServiceId(subsystem, "pets"), endpoints=(Endpoint("GET", "/pets/*"),))
    assert metadata.methods([listed]) == {
        "service": [
            {
                "member_class": "GOV",
                "member_code": "1",
                "subsystem_code": "registers",
                "service_code": "pets",
                "object_type": "SERVICE",
                "xroad_instance": "CN",
                "service_type": "REST",
                "endpoint_list": [{"method": "GET", "path": "/pets/*"}],
            }
        ]
    }
