"""The door to other installations: a neighbour with a good key that wants more, and everybody who has none."""

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings
from bench.attack.neighbour import OTHERS, OURS, PLACES, POPULATION, THEIRS, Neighbour, Pairs, Told, door, hours_ago
from bench.attack.parts.forms import NASTY
from bench.federation.place import Provider
from tongban.exchange.rules.signatures.refusals import NotBelieved
from tongban.exchange.rules.signatures.signing import SigningKey

AT_ONCE, TWICE = 8, 2
RATE = 50
"""Look-ups a minute of the grant that is slow (`bench.inside.strangers`)."""
FOUND_OUT = "server.serverproxy.invalid_signature"
UNKNOWN = "server.clientproxy.ssl_authentication_failed"
PURPOSE = "residence_move"
SLOWEST = 25.0
"""Seconds within which a sender that falls silent is cut off: a piece of a body may take 20."""


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Open the door and try everything; at the end it still answers, and its log tells of no fault."""
    with door(city) as (near, provider):
        told = near.ask()
        right = told.document.get("records")
        if not found.expect(
            right and right[0].get("name"), f"what is granted is not answered: {told.status} {told.why}"
        ):
            return  # a door that is shut to all proves nothing
        found.expect("signature" in told.headers, "an answer to a neighbour is not signed")
        for attack in (_nobody, _signatures, _replay, _beyond, _bombs, _paths, _headers, _feed, _slow, _rate):
            attack(near, found)
        _odd_answers(near, provider, found)
        _anything(near, bounds, found)
        _reached(provider, found)
        found.expect(near.ask().status == 200, "after all of this the door does not answer what is right")
    for fault in city.faults(log=city.log.with_name("door.log")):
        found.expect(holds=False, words=f"the log of the door: {fault}")


def _refused(found: Findings, told: Told, words: str, *codes: str) -> None:
    """It is refused for the right reason, and nothing of anybody stands in the refusal."""
    found.expect(not codes or any(code in told.why for code in codes), f"{words}: {told.status} {told.why}")
    found.expect(told.status != 200 and b"records" not in told.body, f"{words}: answered ({told.status})")


def _nobody(near: Neighbour, found: Findings) -> None:
    """Without a signature, or behind a proxy that is not there."""
    body, who = near.question(), [("X-Road-Client", f"{THEIRS}/gate"), ("Tongban-Purpose", PURPOSE)]
    proxies: list[list[tuple[str, str]]] = [
        [], [("X-Real-IP", "127.0.0.1")], [("X-Forwarded-For", "127.0.0.1")], [("X-Tongban-Certificate", "-----BEGIN")],
        [("X-Forwarded-Proto", "https")], [("Host", OURS)], [("X-Original-URL", POPULATION)],
    ]  # fmt: skip
    for more in proxies:
        _refused(found, near.raw("POST", POPULATION, [*who, *more], body), f"unsigned, {more}", UNKNOWN)
    for client in (
        OURS,
        f"{OURS}/desk",
        OTHERS,
        "",
        "/",
        "a/b/c/d/e",
        "CN/GOV/%00",
        "CN/GOV/..",
        "CN/GOV/%ff",
        "x" * 3000,
    ):
        told = near.raw("POST", POPULATION, [("X-Road-Client", client)], body)
        _refused(found, told, f"unsigned as {client[:30]!r}", UNKNOWN, "client.bad_request")
    for path in (
        "/",
        "/r1",
        "/r1/",
        "/metrics",
        "/admin",
        "/api/v1/me",
        "/office/",
        "/static/",
        "/../../etc/passwd",
        "/healthz/..",
    ):
        told = near.raw("GET", path, [])
        found.expect(told.status in {400, 404, 500} and b"root:" not in told.body, f"GET {path}: {told.status}")
    for method in ("TRACE", "CONNECT", "PROPFIND", "FOO", "DELETE", "PUT"):
        told = near.raw(method, "/neighbours/directory", [])
        found.expect(told.status in {0, 400, 404, 405, 501}, f"{method} of the directory: {told.status}")
        _refused(found, near.ask(method=method), f"a look-up by {method}")


def _signatures(near: Neighbour, found: Findings) -> None:
    """Each thing that a signature must cover is changed; each thing that it must say is left out."""
    body = near.question()
    call = near.signed(POPULATION, body)

    def without(name: str) -> Callable[[Pairs], Pairs]:
        return lambda pairs: [one for one in pairs if one[0] != name]

    def instead(name: str, value: str) -> Callable[[Pairs], Pairs]:
        return lambda pairs: [(one, value if one == name else said) for one, said in pairs]

    def written(old: str, new: str) -> Callable[[Pairs], Pairs]:
        return lambda pairs: [
            (one, said.replace(old, new) if one == "signature-input" else said) for one, said in pairs
        ]

    changes: dict[str, Callable[[Pairs], Pairs]] = {
        "another client of the same member": instead("x-road-client", f"{THEIRS}/police"),
        "another member": instead("x-road-client", f"{OTHERS}/gate"),
        "another purpose": instead("tongban-purpose", "slow_purpose"),
        "another case": instead("x-road-issue", "T-2"),
        "a grant named": lambda pairs: [*pairs, ("tongban-grant", "00000000-0000-7000-8000-000000000000")],
        "a digest taken out": without("content-digest"),
        "another digest": instead("content-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"),
        "a weak digest": instead("content-digest", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"),
        "another media type": instead("content-type", "text/plain"),
        "no signature": without("signature"),
        "no parameters": without("signature-input"),
        "half a signature": instead("signature", "tongban=:AAAA:"),
        "a signature of nothing": instead("signature", "tongban=:" + "A" * 86 + "==:"),
        "two signatures": lambda pairs: [*pairs, ("signature", dict(pairs)["signature"])],
        "two sets of parameters": lambda pairs: [*pairs, ("signature-input", dict(pairs)["signature-input"])],
        "another algorithm": written('alg="ed25519"', 'alg="hmac-sha256"'),
        "no algorithm at all": written(';alg="ed25519"', ';alg="none"'),
        "another key": written(near.key_id, near.other_key_id),
        "our own key": written(near.key_id, str(near.known["key"])),
        "another tag": written('tag="tongban-call"', 'tag="tongban-answer"'),
        "fewer parts": written('"tongban-purpose" ', ""),
        "no parts": lambda pairs: [(one, "tongban=()" + said[said.index(")") + 1 :] if one == "signature-input" else said) for one, said in pairs],
        "another life": written("expires=", "expires=9"),
        "no number": written("nonce=", "once="),
        "junk": instead("signature-input", "tongban=" + "(" * 5000),
        "a long name": instead("signature-input", 'tongban=("' + "x" * 7000 + '")'),
        "half signs": instead("signature-input", "tongban=\xff\xfe"),
    }  # fmt: skip
    for words, change in changes.items():
        _refused(found, near.send(call, body, change), f"signed, then {words}", FOUND_OUT, "bad_request")
    other = SigningKey(near.other_key_id, near.other_key)
    stranger = SigningKey(near.key_id, near.other_key)
    for words, told in {
        "another body": near.send(call, near.question(fields=["name", *near.known["hidden"]])),
        "no body": near.send(near.signed(POPULATION, body)),
        "another address": near.raw("POST", PLACES, call.fields, body),
        "a query added": near.raw("POST", f"{POPULATION}?x=1", call.fields, body),
        "another method": near.raw("PUT", POPULATION, call.fields, body),
        "signed for another host": near.ask(to="https://away.example:8444"),
        "signed by another member's key": near.ask(key=other),
        "signed by a key with a good one's name": near.ask(key=stranger),
        "signed an hour ago": near.ask(at=hours_ago(1)),
        "signed for tomorrow": near.ask(at=hours_ago(-24)),
        "good for a day": near.ask(life=86_400),
        "good before it begins": near.ask(life=-10),
        "a number with a way in it": near.ask(nonce="../../../../etc/x"),
        "as a client of ours": near.ask(client=f"{OURS}/desk"),
    }.items():
        _refused(found, told, words, FOUND_OUT)
    host = near.send(near.signed(POPULATION, body), body, lambda pairs: [*pairs, ("Host", "away.example")])
    found.expect(host.status in {200, 400}, f"a header Host of somebody else: {host.status} {host.why}")


def _replay(near: Neighbour, found: Findings) -> None:
    """A call that was seen on the way is taken once: of eight at once, too, and after a refusal."""
    for words, body in (
        ("a look-up", near.question()),
        ("a refused look-up", near.question(fields=near.known["hidden"])),
    ):
        call = near.signed(POPULATION, body)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = list(pool.map(lambda _n, call=call, body=body: near.send(call, body), range(AT_ONCE)))
        taken = [one for one in told if "signature_replayed" not in one.why]
        found.expect(len(taken) == 1, f"{words} sent {AT_ONCE} times at once is taken {len(taken)} times")
        found.expect("signature_replayed" in near.send(call, body).why, f"{words} is taken again afterwards")
    call = near.signed(f"{PLACES}/places/a", method="GET")
    found.expect(near.send(call).status == 200, "what is allowed of a service is not carried")
    found.expect("signature_replayed" in near.send(call).why, "a carried message is taken again")
    nonce = "the-same-number-again-0001"
    first, second = near.ask(nonce=nonce), near.ask(nonce=nonce, body=near.question(fields=["address"]))
    found.expect(
        first.status == 200 and "replayed" in second.why, f"a number is used twice: {first.status} {second.why}"
    )


def _beyond(near: Neighbour, found: Findings) -> None:
    """More than the grant says: fields, purposes, times, clients, other people's references."""
    other = SigningKey(near.other_key_id, near.other_key)
    hidden = near.known["hidden"]
    for words, told in {
        "a field that was not granted": near.ask(body=near.question(fields=hidden[:1])),
        "one granted, one not": near.ask(body=near.question(fields=["name", hidden[0]])),
        "all fields": near.ask(body=near.question(fields=["*"])),
        "no fields": near.ask(body=near.question(fields=[])),
        "another purpose": near.ask(purpose="curiosity"),
        "no purpose": near.ask(purpose=""),
        "the purpose of people themselves": near.ask(purpose="own_data"),
        "a purpose whose time is over": near.ask(purpose="ended_purpose"),
        "the purpose of the feed": near.ask(purpose="following"),
        "another client of the member": near.ask(client=f"{THEIRS}/police"),
        "the member as a whole": near.ask(client=THEIRS),
        "another member, with its own key": near.ask(client=f"{OTHERS}/gate", key=other),
        "a client with a dot": near.ask(client=f"{THEIRS}/gate."),
        "a client in capitals": near.ask(client=f"{THEIRS}/GATE"),
        "secretly": near.ask(body=near.question(secrecy={"until": "2030-01-01T00:00:00+00:00", "order": "x"})),
        "a made-up grant": near.ask(more=[("tongban-grant", "00000000-0000-7000-8000-000000000000")]),
        "no case": near.ask(more=[("x-road-issue", "T-2")]),
        "somebody unknown": near.ask(body=near.question(subject={"kind": "person", "number": "11010119000101001X"})),
        "an enterprise": near.ask(body=near.question(subject={"kind": "enterprise", "number": near.known["number"]})),
        "a made-up reference": near.ask(body=near.question(subject={"kind": "person", "reference": "p1." + "A" * 43})),
    }.items():
        _refused(found, told, words)
        found.expect(str(near.known["name"]) not in told.body.decode("utf-8", "replace"), f"{words}: the name is told")


def _bombs(near: Neighbour, found: Findings) -> None:
    """Bodies that nobody can read: a sentence and a status, quickly, and the door goes on."""
    good = near.question()
    for words, body in {
        "60,000 brackets": b"[" * 60_000, "15,000 objects": b'{"a":' * 15_000, "a name twice": b'{"fields": [], ' + good[1:],
        "a number of 5,000 digits": good.replace(b'["name"]', b"9" * 5000), "NaN": good.replace(b'["name"]', b"[NaN]"),
        "half a sign": good.replace(b'"name"', b'"\\ud800"'), "NUL": good.replace(b'"name"', b'"\\u0000"'), "UTF-16": good.decode().encode("utf-16"),
        "no UTF-8": b"\xff\xfe\xfd", "billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>', "1 MB": good + b" " * 1024 * 1024,
        "half of it": good[:-5], "nothing but blanks": b"   ", "a text": b'"name"', "5,000 fields": near.question(fields=["name"] * 5000),
        "a field of 50,000 signs": near.question(fields=["n" * 50_000]), "year 1": near.question(valid_on="0001-01-01"), "year 9999": near.question(valid_on="9999-12-31"),
        "the end of time": near.question(known_at="9999-12-31T23:59:59-14:00"), "an endless order": near.question(secrecy={"until": "9999-12-31T00:00:00Z", "order": "x" * 30_000}),
    }.items():  # fmt: skip
        began = time.monotonic()
        told = near.ask(body=body)
        found.expect(400 <= told.status < 500 or words.startswith("year"), f"{words}: {told.status} {told.why}")
        found.expect(time.monotonic() - began < 5, f"{words}: took {time.monotonic() - began:.1f} s")
    for length, words in (
        ("99999999999", "announced to be 100 GB"),
        ("-1", "shorter than nothing"),
        ("x", "of no length"),
        ("1" * 400, "beyond counting"),
    ):
        told = near.raw("POST", POPULATION, near.signed(POPULATION, good).fields, good, length=length)
        found.expect(told.status in {0, 400, 413, 431}, f"a body {words}: {told.status} {told.why}")


def _paths(near: Neighbour, found: Findings) -> None:
    """Of a service nothing is reached but what is allowed, however it is written."""
    for path in (
        "/secret", "/places/../secret", "/places/%2e%2e/secret", "/places/..%2fsecret", "/places//../secret", "/places/a/../../secret",
        "/places/..%5csecret", "/places/%00", "/places/a;/../secret", "/places/%252e%252e/secret", "//secret", "/Places/a", "/places", "/places/a/b",
    ):  # fmt: skip
        _refused(found, near.ask(PLACES + path, b"", method="GET"), f"GET {path}")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        _refused(found, near.ask(f"{PLACES}/places/a", b"", method=method), f"{method} of what may be read alone")
    for service in ("nothing", "listMethods", "getOpenAPI", "%2e%2e", "population%00", "x" * 255):
        told = near.ask(f"/r1/{OURS}/services/{service}/x", b"", method="GET")
        found.expect(told.status < 600 and b"Traceback" not in told.body, f"service {service[:20]}: {told.status}")
    _refused(found, near.ask(f"/r1/{OTHERS}/registers/population"), "carried on to another member", "unknown_member")
    other = SigningKey(near.other_key_id, near.other_key)
    told = near.ask(f"{PLACES}/places/a", b"", method="GET", client=f"{OTHERS}/gate", key=other)
    _refused(found, told, "a service that was allowed to another", "access_denied")


def _headers(near: Neighbour, found: Findings) -> None:
    """What stands in headers steers neither the answer nor the service behind."""
    for name in (
        "x-road-id",
        "x-road-userid",
        "x-road-issue",
        "x-road-represented-party",
        "accept",
        "x-request-id",
        "user-agent",
    ):
        for value in ("a\tb", "é" * 50, "x" * 6000, '"><script>', "a, b", "%0d%0aX-Stolen: 1", "\u202e"):
            try:
                told = near.ask(f"{PLACES}/places/a", b"", method="GET", more=[(name, value)])
            except NotBelieved:  # nobody can sign it: it is put in after signing, above
                continue
            found.expect("x-stolen" not in told.headers, f"{name}: {value[:10]!r} writes a header")
            found.expect(
                told.status in {0, 200, 400} or FOUND_OUT in told.code,
                f"{name}: {value[:10]!r}: {told.status} {told.why}",
            )
    told = near.ask(
        f"{PLACES}/places/a", b"", method="GET", more=[("Connection", "x-road-client"), ("x-road-client", OURS)]
    )
    _refused(found, told, "two clients, one of them for this connection alone")


def _odd_answers(near: Neighbour, provider: Provider, found: Findings) -> None:
    """What a service of ours says steers nothing, and never keeps the door from answering signed."""
    for name, value in (
        ("Location", "/\xe9"), ("Content-Type", "text/\xff"), ("X-Road-Error", "server.x"), ("X-Road-Client", OTHERS), ("Signature", "tongban=:AA==:"),
        ("Signature-Input", "tongban=()"), ("Content-Digest", "sha-256=:AA==:"), ("X-Road-Request-Hash", "x"), ("Location", "\x01"), ("Set-Cookie", "a=b"),
    ):  # fmt: skip
        provider.adds = (name, value)
        told = near.ask(f"{PLACES}/places/a", b"", method="GET")
        found.expect(
            told.status in {200, 500} and "signature" in told.headers,
            f"a service says {name}: {value!r}: {told.status} unsigned",
        )
        found.expect(
            told.headers.get("x-road-client", THEIRS).startswith(THEIRS),
            f"a service says {name}: {value!r}: it is believed",
        )
    provider.adds = None


def _feed(near: Neighbour, found: Findings) -> None:
    """A place in the feed is one that was given out, for this resource; everything else is refused."""
    feed, good = f"{POPULATION}/changes", near.known["cursor"]
    told = near.ask(f"{feed}?after=", b"", method="GET")
    found.expect(told.status == 200, f"the feed is not told: {told.status} {told.why}")
    found.expect(near.known["number"] not in told.body.decode(), "the feed tells numbers")
    for after in (
        near.known["foreign_cursor"], good[:-2] + "AA", "A" * 22, "-1", "0", "1e9", "%00", "%ff", "9" * 400, "now%20", "..%2f", "%F0%9F%80%84", good + good,
    ):  # fmt: skip
        _refused(found, near.ask(f"{feed}?after={after}", b"", method="GET"), f"after={after[:30]}", "wrong_cursor")
    many = near.ask(f"{feed}?" + "&".join(f"after={number}" for number in range(300)), b"", method="GET")
    _refused(found, many, "after= 300 times")
    other = SigningKey(near.other_key_id, near.other_key)
    _refused(
        found,
        near.ask(f"{feed}?after=", b"", method="GET", client=f"{OTHERS}/gate", key=other),
        "without a grant",
        "no_feed_grant",
    )


def _slow(near: Neighbour, found: Findings) -> None:
    """Who falls silent within a body is cut off, and holds up nobody meanwhile."""
    where, call = urlsplit(near.address), near.signed(POPULATION, near.question())
    head = "".join(f"{name}: {value}\r\n" for name, value in call.fields)
    lines = []
    for _ in range(40):
        line = socket.create_connection((where.hostname or "", where.port or 0), timeout=SLOWEST + 10)
        line.sendall(f"POST {POPULATION} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 500\r\n\r\n{{".encode())
        lines.append(line)
    began = time.monotonic()
    found.expect(near.ask().status == 200, "forty silent senders keep everybody else out")
    found.expect(
        time.monotonic() - began < 5, f"forty silent senders hold others up for {time.monotonic() - began:.0f} s"
    )
    began = time.monotonic()
    try:
        lines[0].recv(1)
        cut = True
    except TimeoutError:
        cut = False
    found.expect(cut, f"a silent sender is not cut off within {time.monotonic() - began:.0f} s")
    for line in lines:
        line.close()


def _rate(near: Neighbour, found: Findings) -> None:
    """More than the grant's rate is told to wait, by whichever process answers."""
    for number in range(RATE * TWICE + 20):
        told = near.ask(purpose="slow_purpose")
        found.tried += 1
        if told.status == 429:
            found.expect(RATE <= number <= RATE * TWICE + 2, f"the {number + 1}th of {RATE} a minute waits")
            found.notes.append(f"of {RATE} a minute the {number + 1}th waits")
            return
    found.expect(holds=False, words=f"a grant of {RATE} a minute was used {RATE * TWICE + 20} times")


def _anything(near: Neighbour, bounds: Bounds, found: Findings) -> None:
    """Any JSON, rightly signed: an answer or a refusal with its code, never a fault."""
    texts = st.text(max_size=40) | st.sampled_from(NASTY)
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    )
    names = st.sampled_from(("subject", "fields", "valid_on", "known_at", "secrecy", "more"))
    subject = st.dictionaries(st.sampled_from(("kind", "number", "identity_kind", "reference")), values, max_size=4)

    @seed(bounds.seed)
    @settings(
        max_examples=bounds.examples * 8, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(changed=st.dictionaries(names, values | subject, min_size=1, max_size=3))
    def play(changed: dict[str, Any]) -> None:
        body = json.dumps(json.loads(near.question()) | changed).encode()
        told = near.ask(body=body)
        found.expect(told.status in {200, 403, 404, 409, 422}, f"{body[:200]!r}: {told.status} {told.why}")

    play()


def _reached(provider: Provider, found: Findings) -> None:
    """The service behind was asked for nothing but what is allowed."""
    strange = [one for one in provider.seen if one != "GET /places/a"]
    found.expect(not strange, f"the service was asked for {strange[:3]}")
