"""What a data steward may have our server ask: outside sources, dropped files, receivers of changes. SSRF and worse."""

import time
from urllib.parse import urlsplit

import requests
from lxml import html

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.listeners import Listener, listening
from bench.attack.people import OTHER_STEWARD, STEWARD

SLUG = "attack-source"
PAGE = f"/office/data/resources/{SLUG}/source"
ITEMS = ("name", "amount", "any", "day")
SLOWEST = 30.0
"""Seconds for one trial: 20 that a steward may declare, and some."""
DELIVERED_SECONDS = 40
BAD_ANSWERS = (
    "redirect", "moved", "refresh", "deep", "nan", "nul", "half", "huge", "script", "large", "packed", "liar", "many", "empty",
    "odd", "drip", "cut", "junk",
)  # fmt: skip


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Declare whatever is forbidden, then what is allowed and answers badly."""
    del bounds
    city.inside.call("strangers.resource", slug=SLUG, organisation="gaj")
    before = city.log_size()
    with listening(city.allowed, city.forbidden) as (allowed, never):
        steward = city.browser(STEWARD.username)
        _allowed(steward, city, allowed, found)
        _addresses(steward, city, found)
        _files(steward, city, found)
        _answers(steward, city, allowed, found)
        _secrets(steward, city, allowed, found)
        _receivers(city, allowed, found)
        found.expect(not never.seen, f"our server spoke to a place that is not allowed: {never.seen[:3]}")
        with requests.Session() as line:  # else a place that nobody can reach proves nothing
            line.trust_env = False
            line.get(f"{city.forbidden}/control", timeout=10)
        found.expect("/control" in never.seen, "nobody listens at the forbidden place: this part proves nothing")
    for fault in city.faults(before):
        found.expect(holds=False, words=f"the log: {fault}")


def _declare(steward: Browser, kind: str, **said: str) -> requests.Response:
    """Declare a source and, if it was taken, try it; return the last answer."""
    items = {f"item_{code}": code for code in ITEMS}
    values = {"kind": kind, "seconds": "2", "trial_number": "110103198506120005", **items, **said}
    values["trial_number"] = said.get("trial_number") or _number()
    answer = steward.post(PAGE, values)
    return steward.post(PAGE, {"kind": kind, "step": "try"}) if answer.status_code == 302 else answer


def _number() -> str:
    """An identity number that is in order and nobody's."""
    first = "11010319850612000"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


def _rest(steward: Browser, url: str, **more: str) -> requests.Response:
    return _declare(steward, "rest", url=url, method="GET", **more)


def _allowed(steward: Browser, city: City, allowed: Listener, found: Findings) -> None:
    """What is allowed works: else a refusal of the rest means nothing."""
    answer = _rest(steward, f"{city.allowed}/good/{{number}}")
    words = _words(answer)
    found.expect(
        answer.status_code == 200 and allowed.seen, f"an allowed source is not asked: {answer.status_code} {words}"
    )
    found.expect(_number() in (allowed.seen or [""])[-1], "an allowed source is not asked about the test subject")


def _words(answer: requests.Response) -> str:
    tree = html.fromstring(answer.content) if answer.content else None
    told = tree.xpath("//*[contains(@class,'error')]") if tree is not None else []
    return " ".join("".join(str(one.text_content()) for one in told).split())[:160]  # type: ignore[union-attr]  # elements


def _safe(answer: requests.Response, found: Findings, words: str, *, refused: bool = True) -> None:
    found.expect(answer.status_code < 500, f"{words}: {answer.status_code}")
    found.expect(
        b"root:" not in answer.content and b"/bin/" not in answer.content, f"{words}: shows a file of the machine"
    )
    found.expect(not refused or answer.status_code == 422, f"{words}: is taken ({answer.status_code})")
    tree = html.fromstring(answer.content) if answer.content.strip() else None
    found.expect(tree is None or not tree.xpath("//*[@data-probe]"), f"{words}: becomes markup")


def _addresses(steward: Browser, city: City, found: Findings) -> None:
    """Addresses that lead elsewhere than they seem to, or where the operator has allowed nothing."""
    allowed, never = urlsplit(city.allowed).netloc, urlsplit(city.forbidden)
    port = never.port
    for url in (
        f"{city.forbidden}/{{number}}", f"http://localhost:{port}/{{number}}", f"http://127.1:{port}/{{number}}", f"http://2130706433:{port}/{{number}}",
        f"http://0x7f000001:{port}/{{number}}", f"http://0177.0.0.1:{port}/{{number}}", f"http://[::1]:{port}/{{number}}", f"http://[::ffff:127.0.0.1]:{port}/{{number}}",
        f"http://0:{port}/{{number}}", f"http://{allowed}@127.0.0.1:{port}/{{number}}", f"http://127.0.0.1:{port}#@{allowed}/{{number}}", f"http://127.0.0.1:{port}\\@{allowed}/{{number}}",
        f"http://{allowed}.example:{port}/{{number}}", "http://169.254.169.254/latest/{number}", f"https://{allowed}/{{number}}", f"gopher://127.0.0.1:{port}/_{{number}}",
        "file:///etc/passwd?{number}", f"http://{{number}}:{port}/", f"http://127.0.0.1:{port}/{{number}}\r\nX: y", f"HTTP://127.0.0.1:{port}/{{number}}",
        f"http://{allowed}/../{{number}}", f"http://{allowed}:{port}/{{number}}", "http:///{number}", f"//127.0.0.1:{port}/{{number}}", f"http://127。0。0。1:{port}/{{number}}",
        f"http://127.0.0.1%2f:{port}/{{number}}", f"http://127.0.0.1:{port}?/{{number}}",
    ):  # fmt: skip
        _safe(_rest(steward, url), found, url)
    for address in (
        f"postgresql://a@127.0.0.1:{port}/x", f"mysql://a@127.0.0.1:{port}/x", f"postgresql://a@{allowed}/x?host=127.0.0.1&port={port}", f"postgresql://a@{allowed}/x?hostaddr=127.0.0.1",
        "sqlite:////etc/passwd", "sqlite:///:memory:", "sqlite:///", "sqlite:////proc/self/environ", f"sqlite:///{city.var}/secrets/../postgres", "sqlite:///file:/etc/passwd?mode=ro&uri=true",
        "postgresql:///x?host=/var/run/postgresql", "postgresql+psycopg://a@/x?service=y", "postgresql://a:b@127.0.0.1/x", f"mssql+pyodbc://a@127.0.0.1:{port}/x?driver=/tmp/evil.so",
        "oracle://a@127.0.0.1/x", "os.system:///x", "access+pyodbc://", "mysql://a@127.0.0.1:{port}/x?read_default_file=/etc/passwd", "postgresql://a@h1,127.0.0.1/x", "\x00://", "x" * 499,
    ):  # fmt: skip
        answer = _declare(
            steward,
            "sql",
            address=address,
            table="pg_shadow",
            number_column='x"; DROP TABLE y; --',
            secret_password="x",  # noqa: S106 - nobody's
        )
        _safe(answer, found, address)


def _files(steward: Browser, city: City, found: Findings) -> None:
    """Folders beside the allowed one, links that lead out of it, names that are ways."""
    drops = city.var.parent / "drops"
    drops.mkdir(exist_ok=True)
    (drops / "good.csv").write_text(f"n,name,amount,any,day\n{_number()},x,1,1,2026-01-01\n", encoding="utf-8")
    for name, target in (("way-out", "/etc"), ("file-out", "/etc/passwd"), ("round", str(drops / "round"))):
        if not (drops / name).is_symlink():
            (drops / name).symlink_to(target)
    good = _declare(
        steward,
        "csv",
        folder=str(drops),
        file="good.csv",
        encoding="utf-8",
        parted_by=",",
        number_heading="n",
        bad_rows="0",
        least_rows="1",
    )
    found.expect(good.status_code == 200, f"an allowed file is not taken: {good.status_code} {_words(good)}")
    for folder, file in (
        ("/etc", "passwd"), (f"{drops}/../../../etc", "passwd"), (f"{drops}/way-out", "passwd"), (str(drops), "file-out"), (str(drops), "round"),
        (str(drops), "../../../etc/passwd"), (str(drops), ".."), (str(drops), "..%2fpasswd"), (f"{drops}-beside", "x"), ("/proc/self", "environ"), ("/dev", "zero"),
        (str(city.var / "secrets"), "secret-key"), (f"{drops}//", "good.csv/../../x"), ("relative", "x"), (f"{drops}\x00/etc", "passwd"), ("/", "etc"),
    ):  # fmt: skip
        answer = _declare(
            steward,
            "csv",
            folder=folder,
            file=file,
            encoding="utf-8",
            parted_by=",",
            number_heading="x",
            bad_rows="0",
            least_rows="0",
        )
        _safe(answer, found, f"{folder} {file}", refused=False)


def _answers(steward: Browser, city: City, allowed: Listener, found: Findings) -> None:
    """A source that is allowed and answers badly: a sentence in time, and the site goes on."""
    for way in BAD_ANSWERS:
        began, before = time.monotonic(), len(allowed.seen)
        answer = _rest(steward, f"{city.allowed}/{way}/{{number}}", seconds="3")
        took = time.monotonic() - began
        found.expect(answer.status_code == 200, f"a source that answers {way}: {answer.status_code} {_words(answer)}")
        found.expect(
            len(allowed.seen) > before or way in {"redirect", "moved"}, f"a source that answers {way} was not asked"
        )
        found.expect(took < SLOWEST, f"a source that answers {way}: took {took:.0f} s")
        _safe(answer, found, f"a source that answers {way}", refused=False)
        found.expect(steward.get("/healthz").ok, f"after a source that answers {way} the site does not answer")


def _secrets(steward: Browser, city: City, allowed: Listener, found: Findings) -> None:
    """What is sealed goes nowhere else, and steers no header."""
    url = f"{city.allowed}/good/{{number}}"
    for secret in ("x\r\nX-Stolen: 1", "x\n\nGET /stolen", "é", "🀄", "x\x00y", "x" * 1999, "\x7f", " "):
        answer = _rest(steward, url, header="X-Secret", secret_password=secret)
        found.expect(answer.status_code < 500, f"the secret {secret[:12]!r}: {answer.status_code}")
    found.expect(not any("stolen" in one.lower() for one in allowed.seen), "a secret became a request of its own")
    for header in (
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "X\r\nY",
        "X Y",
        "é",
        "Content-Type",
        "Expect",
        "TE",
    ):
        answer = _rest(steward, url, header=header, secret_password="chunked")  # noqa: S106 - sent, and looked for
        found.expect(answer.status_code < 500, f"the header {header!r}: {answer.status_code}")
    for body in (
        '{"n": "{number}"}',
        "[" * 3000,
        '{"a":' * 600,
        '"x"',
        '{"n": "\\ud800{number}"}',
        '{"n": "\\u0000{number}"}',
        '{"n": NaN, "m": "{number}"}',
    ):
        answer = _declare(steward, "rest", url=f"{city.allowed}/good", method="POST", body=body)
        found.expect(answer.status_code < 500, f"the body {body[:20]!r}: {answer.status_code}")
    shown = steward.get(PAGE).text
    found.expect("chunked" not in shown.replace("Transfer", ""), "what is sealed stands on the page")


def _receivers(city: City, allowed: Listener, found: Findings) -> None:
    """Receivers of changes: only where the operator allows; nobody else's; along no redirection."""
    steward, other = city.browser(OTHER_STEWARD.username), city.browser(STEWARD.username)
    grant = city.inside.call("strangers.feed_grant", organisation="scjg")["grant"]
    port = urlsplit(city.forbidden).port
    for address in (
        f"{city.forbidden}/x", f"http://localhost:{port}/x", f"http://{urlsplit(city.allowed).netloc}@127.0.0.1:{port}/", f"{city.allowed}#/@127.0.0.1:{port}", f"http://[::1]:{port}/",
        f"http://2130706433:{port}/", "http://169.254.169.254/", "ftp://127.0.0.1/", "javascript:1//xx", f"{city.allowed}.example/x", f"{city.allowed}/\r\nX: y", "http://", "x" * 600,
        f"http://127。0。0。1:{port}/", f"{city.allowed}\\@127.0.0.1:{port}/", f"https://{urlsplit(city.allowed).netloc}/x",
    ):  # fmt: skip
        answer = steward.post("/api/v1/exchange/webhooks", json={"grant": grant, "address": address})
        found.expect(answer.status_code in {403, 409, 422}, f"a receiver at {address[:60]}: {answer.status_code}")
    made = steward.post("/api/v1/exchange/webhooks", json={"grant": grant, "address": f"{city.allowed}/redirect/hook"})
    if not found.expect(
        made.status_code == 201, f"an allowed receiver is refused: {made.status_code} {made.text[:200]}"
    ):
        return
    theirs = f"/api/v1/exchange/webhooks/{made.json()['id']}"
    for who, words in (
        (other, "the data steward of another department"),
        (city.browser("demo-shouli"), "an official without the post"),
        (city.browser("demo-limei"), "a resident"),
    ):
        for call in (
            who.post(f"{theirs}/secret", json={}), who.post(f"{theirs}/replay", json={"after": ""}), who.post(f"{theirs}/revive", json={}),
            who.session.delete(who.address(theirs), headers={"X-CSRFToken": who.token, "Referer": who.base}, timeout=30),
            who.post("/api/v1/exchange/webhooks", json={"grant": grant, "address": f"{city.allowed}/hook2"}),
        ):  # fmt: skip
            found.expect(
                call.status_code in {401, 403, 404},
                f"{words}: {call.request.method} {urlsplit(call.url).path[-40:]}: {call.status_code}",
            )
            found.expect("whsec_" not in call.text, f"{words} is told the secret")
    for after in ("A" * 22, "-1", "x", "9" * 40, "\x00", "é"):
        answer = steward.post(f"{theirs}/replay", json={"after": after})
        found.expect(answer.status_code in {409, 422}, f"sent again from {after[:10]!r}: {answer.status_code}")
    listed = steward.get("/api/v1/exchange/webhooks").text
    found.expect("whsec_" not in listed, "the list tells secrets")
    until = time.monotonic() + DELIVERED_SECONDS
    while time.monotonic() < until and not any("/redirect/hook" in one for one in allowed.seen):
        time.sleep(1)
    found.expect(
        any("/redirect/hook" in one for one in allowed.seen), "an allowed receiver is sent nothing: this proves nothing"
    )
