"""Any text in any field of every form that can be reached: a message or a success, never a fault."""

import time
from http import HTTPStatus
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bench.attack.bounds import Bounds
from bench.attack.city import OFFICIAL, OTHER_RESIDENT, RESIDENT, WINDOW, Browser, City
from bench.attack.found import Findings
from bench.attack.walking import Form, forms

BEGIN = {
    "": ("/", "/sign-in", "/sign-up", "/recover"),
    RESIDENT: ("/my", "/my/cases", "/my/drafts/", "/profile", "/profile/mandates", "/apply/{code}/"),
    OTHER_RESIDENT: ("/my", "/profile/wards/add", "/profile/enterprises/add", "/profile/second-factor"),
    OFFICIAL: ("/office/", "/office/cases", "/office/leave", "/profile"),
    WINDOW: ("/office/", "/office/window/", "/office/accounts", "/office/fees", "/office/deliveries"),
}
NASTY = (
    "", "0", "-1", "1e309", "NaN", "None", "null", "true", "[]", "{}", "\x00", "a\x00b", "\ud800", "\u202e\u2066", "'", '"',
    "' OR '1'='1", "'; DROP TABLE x; --", "%s %(x)s {0} {{7*7}} {% debug %} ${7*7}", "../../etc/passwd", "//evil.example",
    "javascript:1", "<script>1</script>", "\r\nSet-Cookie: x=y", "9" * 400, "é" * 3000, "🀄️" * 500, "99999-99-99",
    "0000-00-00", "2026-02-30", "00000000-0000-0000-0000-000000000000", "١٢٣", "１２３", "𝟙𝟚", "ﷺ" * 200, "\ufffe\uffff",
)  # fmt: skip
LONGEST_ADDRESS = 6000
ANYTHING = (
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from(NASTY).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=60)
)
GENTLE = ("submit", "withdraw", "discard", "remove", "revoke", "release", "password", "second-factor", "username")
"""Forms whose action holds one of these are sent last: after them the city is another."""


def run(city: City, bounds: Bounds) -> Findings:
    """Fuzz every form of everybody."""
    found, kinds = Findings("forms"), set[str]()
    for username, begin in BEGIN.items():
        browser = city.browser(username)
        places = tuple(place.replace("{code}", _item(browser)) for place in begin)
        known = [one for one in forms(browser, places, most=bounds.pages) if one.kind not in kinds]
        known.sort(key=lambda form: any(word in form.action for word in GENTLE))
        until, played = time.monotonic() + bounds.seconds, 0
        for form in known:
            if time.monotonic() > until:
                break
            kinds.add(form.kind)
            played += 1
            _fuzz(browser, form, bounds, found, city)
        found.notes.append(f"{username or 'nobody'}: {played} of {len(known)} forms")
    return found


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
