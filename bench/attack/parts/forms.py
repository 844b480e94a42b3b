"""Any text in any field of every form that can be reached: a message or a success, never a fault."""

import re
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice, product
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.people import PLAYERS, RESIDENT, WINDOW
from bench.attack.steps import draft_with_materials, enterprise_to_hand_over
from bench.attack.walking import LEFT_ALONE, Field, Form, Walk, forms, forms_on, kind_of

NO_STATE = (
    "the demo city has nothing in the state that leads there: `tests/access` walks it, its room's tests try bad input"
)
NOT_REACHED = {
    "healthz": "no page", "readyz": "no page", "metrics": "no page", "favicon.ico": "no page", "language": "left alone: `sessions`",
    "sign-out": "ends the session: `sessions`", "ledger/checkpoint/witnessed": "for witnesses: `ledger/tests`",
    "ledger/tile/entries/<path:path>": "for witnesses: `ledger/tests`", "ledger/tile/<int:level>/<path:path>": "for witnesses: `ledger/tests`",
    "files/<uuid:file_id>": "no form: `uploads`", "departments/named/<path:name>": "no form: `scripts`",
    "office/cases/<str:number>/answer-rating": NO_STATE, "office/cases/<str:number>/registers/<slug:key>": NO_STATE,
    "profile/verify/<str:channel>": NO_STATE, "office/accounts/wards/<uuid:ward_id>/confirm": NO_STATE,
    "office/wordings/versions/<uuid:template_id>/<slug:how>": NO_STATE, "office/leave/<uuid:leave_id>/cancel": NO_STATE,
    "office/sharing/corrections/<str:number>": NO_STATE, "office/data/secrecy/<uuid:look_up_id>": NO_STATE,
    "office/sharing/grants/<uuid:grant_id>/renew": "a button alone, which reads nothing: `sharing/tests`",
    "office/cases/<str:number>/full-numbers": "a button alone, which reads nothing: `tests/access`",
    "drafts/<uuid:draft_id>/registers/<slug:part>/": "the draft made here asks no register: `applications/tests`",
    "drafts/<uuid:draft_id>/files/<uuid:row_id>/remove/": "a button alone, which reads nothing: `applications/tests`",
    "profile/sessions/<uuid:session_id>/end": "a button alone, which ends the session: `accounts/tests`",
    "my/cases/<str:number>/supplement/<slug:key>/files/": "files: `uploads` by the same code",
}  # fmt: skip
"""Addresses without a form of their own, or left alone, and what shows them instead."""
TRIED = 4
"""Real objects that are tried at an address to which no link has led."""
NASTY = (
    "", "0", "-1", "1e309", "NaN", "None", "null", "true", "[]", "{}", "\x00", "a\x00b", "\ud800", "\u202e\u2066", "'", '"',
    "' OR '1'='1", "'; DROP TABLE x; --", "%s %(x)s {0} {{7*7}} {% debug %} ${7*7}", "../../etc/passwd", "//evil.example",
    "javascript:1", "<script>1</script>", "\r\nSet-Cookie: x=y", "9" * 400, "é" * 3000, "🀄️" * 500, "99999-99-99",
    "0000-00-00", "2026-02-30", "00000000-0000-0000-0000-000000000000", "١٢٣", "１２３", "𝟙𝟚", "ﷺ" * 200, "\ufffe\uffff",
    "http://[", "http://a:99999/", "{" * 900, "[" * 900, "9999-12-31", "0001-01-01", "=1+1", "@SUM(1)", "p1." + "A" * 43, "9" * 20, "2147483648",
)  # fmt: skip
LONGEST_ADDRESS = 6000
ODD = (
    "%00",
    "%ed%a0%80",
    "9" * 40,
    "-1",
    "%27",
    "0001-01-01",
    "9999-12-31",
    "%F0%9F%80%84%E2%80%AE",
    "NaN",
    "00000000-0000-7000-8000-000000000000",
)
"""Values in addresses."""
POSTED = ("step", "reason", "word", "words", "key", "revision", "way", "next")
"""Names that buttons send which stand on no page of their own."""
ANYTHING = (
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from(NASTY).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=60)
)
GENTLE = ("submit", "withdraw", "discard", "remove", "revoke", "release", "password", "second-factor", "username")
"""Forms whose action holds one of these are sent last: after them the city is another."""


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Fuzz every form of everybody."""
    kinds, walk = set[str](), Walk()
    city.inside.call("strangers.resource", slug="attack-form", organisation="gaj")
    for player in PLAYERS:
        browser = city.browser(player.username)
        places = tuple(place.replace("{code}", _item(browser)) for place in city.begin(player))
        if player is RESIDENT:
            places = (draft_with_materials(browser)[0] or "/my", *places)
        if player is WINDOW:
            places = (enterprise_to_hand_over(browser, city) or "/office/accounts", *places)
        seen = [*forms(browser, places, most=bounds.pages, walk=walk), *_explored(city, browser, walk)]
        known = [one for one in seen if one.kind not in kinds]
        known.sort(key=lambda form: any(word in form.action for word in GENTLE))
        until, played = time.monotonic() + bounds.seconds, 0
        for form in known:
            if time.monotonic() > until:
                break
            kinds.add(form.kind)
            played += 1
            _fuzz(browser, form, bounds, found, city)
        found.expect(played == len(known), f"{player.kind}: {played} of {len(known)} forms within {bounds.seconds} s")
        found.notes.append(f"{player.kind}: {played} of {len(known)} forms")
    _asked(city, walk, found)
    for route in _left(city, walk):
        words = f"/{route} is reached by nobody: let the demo city have what leads there, or say why not"
        found.expect(holds=False, words=words)


def _asked(city: City, walk: Walk, found: Findings) -> None:
    """Ask each kind of page for nonsense, under every name that any page reads from its address."""
    names, kinds = city.inside.call("addresses.names_asked"), set[str]()
    for username, paths in walk.of.items():
        browser = city.browser(username)
        for path in sorted(paths):
            if kind_of(path) in kinds or path.startswith(LEFT_ALONE):
                continue
            kinds.add(kind_of(path))
            for nonsense in ODD:
                before = city.log_size()
                answer = browser.get(f"{path}?" + "&".join(f"{name}={nonsense}" for name in names))
                faults = "; ".join(city.faults(before)[:1]) if answer.status_code >= 500 else ""
                found.expect(
                    answer.status_code < 500, f"GET {path} with {nonsense[:12]}: {answer.status_code} {faults}"
                )
    found.notes.append(f"{len(kinds)} kinds of pages asked under {len(names)} names")


def _left(city: City, walk: Walk) -> list[str]:
    """Return the routes of pages that nobody has reached yet."""
    reached = set(city.inside.call("addresses.routes_of", paths=sorted(walk.paths)))
    return [page["route"] for page in city.pages if page["access"] and page["route"] not in {*reached, *NOT_REACHED}]


def _explored(city: City, browser: Browser, walk: Walk) -> list[Form]:
    """Return the forms at addresses to which no link has led: everybody tries what they know, their own numbers and ids.

    What answers to nothing but a button is given such names as buttons send.
    """
    known = city.inside.call("addresses.arguments_in", paths=sorted(walk.of.get(browser.username, ())))
    found: list[Form] = []
    for route in _left(city, walk):
        for path in _filled_in(route, known):
            answer = browser.get(path)
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                walk.note(browser.username, path)
                found.append(Form(path, path, [Field(name, "text") for name in POSTED]))
                break
            there = forms_on(browser, path) if answer.status_code == HTTPStatus.OK else None
            if there is not None:
                walk.note(browser.username, path)
                found += there
                break
    return found


def _filled_in(route: str, known: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield a route with real objects in it, a few; nothing, when there are none."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    few = [known.get(name, [])[:TRIED] for name in names]
    for values in islice(product(*few), TRIED * TRIED):
        left = iter(values)
        yield "/" + re.sub(r"<[^>]+>", lambda _place, left=left: next(left), route)  # type: ignore[misc]


def _item(browser: Browser) -> str:
    items = browser.get("/api/v1/items?page_size=1").json()
    return str(items["results"][0]["code"]) if items.get("results") else ""


def _fuzz(browser: Browser, form: Form, bounds: Bounds, found: Findings, city: City) -> None:
    names = [one.name for one in form.fields if one.kind != "file"]
    if not names:
        return

    @seed(bounds.seed)
    @settings(
        max_examples=bounds.examples, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        changed=st.dictionaries(st.sampled_from(names), st.lists(ANYTHING, min_size=1, max_size=2), min_size=1),
        left_out=st.sets(st.sampled_from(names), max_size=1),
    )
    def play(changed: dict[str, list[bytes]], left_out: set[str]) -> None:
        values = {
            name: [one.encode() for one in known] for name, known in form.filled().items() if name not in left_out
        } | changed
        _send(browser, form, values, found, city)

    play()


def _send(browser: Browser, form: Form, values: dict[str, list[bytes]], found: Findings, city: City) -> None:
    body = "&".join(
        f"{quote_from_bytes(name.encode('utf-8', 'surrogatepass'), safe='')}={quote_from_bytes(one, safe='')}"
        for name, several in values.items()
        for one in several
    )
    before = city.log_size()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    if form.method == "post":
        answer = browser.post(form.action, body.encode("ascii"), headers=kind)
    else:
        answer = browser.get(f"{form.action.partition('?')[0]}?{body[:LONGEST_ADDRESS]}")
    faults = "; ".join(city.faults(before)[:1]) if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    sent = body if len(body) < 300 else body[:300] + "…"
    found.expect(
        answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR,
        f"{form.method.upper()} {form.action} answers {answer.status_code} to {sent} {faults}",
    )
    if answer.status_code == HTTPStatus.FOUND and "/sign-in" in answer.headers.get("Location", "") and browser.username:
        browser.session.cookies.clear()
        browser.sign_in()
