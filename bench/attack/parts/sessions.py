"""Sessions, tokens, addresses and headers: what a thief, another site and a made-up request can do."""

import http.client
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.people import OFFICIAL, RESIDENT

EVIL = "evil.example"
AWAY = (
    f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}/", f"\\\\{EVIL}", f"https:{EVIL}", f"http:///{EVIL}", "javascript:alert(1)",
    "data:text/html,x", f"/%0d%0aLocation:%20https://{EVIL}/", f"\t//{EVIL}", f"https://127.0.0.1@{EVIL}/", f"/\t/{EVIL}",
    f"///{EVIL}", f"////{EVIL}/%2e%2e", "/\r\nSet-Cookie: stolen=1",
)  # fmt: skip
PERSONAL = ("/my", "/profile", "/my/cases", "/my/messages", "/api/v1/me", "/api/v1/cases")
WITHOUT_TOKEN = ("/type", "/language")
TRAVERSALS = (
    "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd", "/static/%2e%2e/%2e%2e/secrets/secret-key",
    "/static//etc/passwd", "/files/..%2f..%2fsecrets", "/.git/config", "/.env", "/var/secrets/secret-key", "/static/",
    "/papers/../../secrets.pdf", "/static/built/..%5c..%5csecrets", "/server-status", "/admin/", "/__debug__/", "/metrics",
)  # fmt: skip


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Try everything once."""
    del bounds
    for attack in (
        _theft, _fixation, _cookies, _forgery, _redirects, _injection, _hosts, _methods, _traversal, _headers, _smuggling,
    ):  # fmt: skip
        attack(city, found)


def _copy(browser: Browser) -> Browser:
    thief = Browser(browser.base)
    thief.session.cookies.update(browser.session.cookies)
    return thief


def _theft(city: City, found: Findings) -> None:
    """A session that was ended is worth nothing, and no made-up one is."""
    owner = city.browser(RESIDENT.username)
    thief = _copy(owner)
    found.expect(thief.get("/my").ok, "a copy of a session does not even work; the rest of this proves nothing")
    owner.post("/sign-out")
    closed = [one["path"] for one in city.pages if one["plain"] and one["access"] not in {"", "anybody"}]
    for path in (*PERSONAL, *closed):
        answer = thief.get(path)
        found.expect(
            answer.status_code in {302, 401, 405},
            f"after signing out a copied session opens {path}: {answer.status_code}",
        )
    for made_up in ("0" * 32, "a" * 32, "../../etc/passwd", "'; --", "x" * 4000):
        forger = city.browser()
        forger.session.cookies.set("sessionid", made_up)
        answer = forger.get("/my")
        found.expect(
            answer.status_code == HTTPStatus.FOUND, f"the made-up session {made_up[:20]!r}: {answer.status_code}"
        )


def _fixation(city: City, found: Findings) -> None:
    """A key that somebody was given is not the key they sign in under; signing in again gives another."""
    victim = city.browser()
    victim.get("/recover")
    victim.post("/recover", {"address": "13999999999"})
    before = victim.session.cookies.get("sessionid")
    given = "g" * 32
    if before is None:
        victim.session.cookies.set("sessionid", given)
    victim.username = RESIDENT.username
    victim.sign_in()
    after = victim.session.cookies.get_dict().get("sessionid")
    found.expect(after not in {before, given, None}, "signing in keeps the key of before")
    thief = city.browser()
    thief.session.cookies.set("sessionid", before or given)
    found.expect(thief.get("/my").status_code == HTTPStatus.FOUND, "the key of before signing in opens the account")
    token = victim.token
    victim.sign_in()
    found.expect(victim.token != token, "the CSRF token outlives signing in")


def _cookies(city: City, found: Findings) -> None:
    browser = city.browser()
    browser.get("/sign-in")
    answer = browser.post("/demo/sign-in", {"username": RESIDENT.username})
    for written in answer.raw.headers.getlist("Set-Cookie"):
        name = written.partition("=")[0]
        found.expect("httponly" in written.lower(), f"the cookie {name} can be read by scripts")
        found.expect("samesite=" in written.lower(), f"the cookie {name} is sent to us from everywhere")
        found.expect("domain=" not in written.lower(), f"the cookie {name} goes to other hosts")
    found.expect(answer.headers.get("Cache-Control") == "no-store", "the answer to signing in may be kept")


def _forgery(city: City, found: Findings) -> None:
    """Without the token, with another's, or from another site, nothing is done."""
    victim, other = city.browser(RESIDENT.username), city.browser(OFFICIAL.username)
    for path in (
        "/profile/username",
        "/profile/password",
        "/profile/consents",
        "/sign-out",
        "/my/messages/read",
    ):
        plain = victim.session.post(
            victim.address(path), data={"username": "stolen-name"}, timeout=30, allow_redirects=False
        )
        found.expect(plain.status_code == HTTPStatus.FORBIDDEN, f"POST {path} without a token: {plain.status_code}")
        foreign = victim.post(path, {"username": "stolen-name"}, headers={"X-CSRFToken": other.token})
        found.expect(
            foreign.status_code == HTTPStatus.FORBIDDEN, f"POST {path} with another's token: {foreign.status_code}"
        )
        elsewhere = victim.post(path, {"username": "stolen-name"}, headers={"Origin": f"https://{EVIL}"})
        found.expect(
            elsewhere.status_code == HTTPStatus.FORBIDDEN, f"POST {path} from another site: {elsewhere.status_code}"
        )
    for page in city.pages:  # every page of the house, read from the house: a new one is tried by itself
        if not page["access"] or page["path"] in WITHOUT_TOKEN:
            continue
        plain = victim.session.post(victim.address(page["path"]), data={}, timeout=30, allow_redirects=False)
        found.expect(
            plain.status_code == HTTPStatus.FORBIDDEN and not page["exempt"],
            f"POST /{page['route']} without a token: {plain.status_code}",
        )
    for name, value in (
        ("Origin", f"https://{EVIL}"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ):
        for path in WITHOUT_TOKEN:  # these take no token, but nothing that another site sends
            answer = victim.post(path, {"type": "large", "language": "en"}, headers={name: value})
            found.expect(
                answer.status_code == HTTPStatus.FORBIDDEN, f"POST {path} with {name} {value}: {answer.status_code}"
            )
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        body, headers = '{"name":"demo-limei","password":"x"}', {"Content-Type": kind}
        answer = requests.post(f"{city.base}/api/v1/session", data=body, headers=headers, timeout=30)
        found.expect(
            answer.status_code in {400, 415},
            f"POST /api/v1/session as {kind}, which needs no leave: {answer.status_code}",
        )
    answer = victim.session.delete(victim.address("/api/v1/session"), timeout=30)
    found.expect(
        answer.status_code == HTTPStatus.FORBIDDEN, f"DELETE /api/v1/session without a token: {answer.status_code}"
    )
    for path in ("/profile", "/api/v1/me"):
        answer = victim.get(path, headers={"Origin": f"https://{EVIL}"})
        found.expect("Access-Control-Allow-Origin" not in answer.headers, f"{path} may be read by other sites")
    for path in ("/sign-out", "/my/messages/read"):
        found.expect(victim.get(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED, f"GET {path} changes something")


def _redirects(city: City, found: Findings) -> None:
    """No way leads off this site."""
    for target in AWAY:
        browser = city.browser()
        browser.get("/sign-in")
        for path, data in (
            ("/demo/sign-in", {"username": RESIDENT.username, "next": target}),
            ("/type", {"type": "large", "next": target}),
            ("/language", {"language": "en", "next": target}),
            ("/profile/consents", {"matter": "electronic_service", "next": target}),
        ):
            answer = browser.post(path, data)
            _stays(answer, found, f"{path} next={target!r}")
        _stays(browser.get("/sign-in", params={"next": target}), found, f"/sign-in?next={target!r}")
    for path in (f"//{EVIL}/my", f"/%2f{EVIL}/", f"/\\{EVIL}/my", f"/my/../..//{EVIL}", f"//{EVIL}/%2e%2e"):
        status, headers, _ = _raw(city, "GET", path)
        location = headers.get("Location", "")
        found.expect(
            EVIL not in urlsplit(location).netloc and not location.startswith(("//", "/\\")),
            f"{path} leads to {location}",
        )
        found.expect(status < HTTPStatus.INTERNAL_SERVER_ERROR, f"{path}: {status}")


def _stays(answer: requests.Response, found: Findings, words: str) -> None:
    home = "{0.scheme}://{0.netloc}/".format(urlsplit(answer.url))
    location = answer.headers.get("Location", "").removeprefix(home.removesuffix("/"))
    target = urlsplit(location.replace("\\", "/").strip())
    here = not target.scheme and not target.netloc and not location.replace("\\", "/").lstrip("\t ").startswith("//")
    found.expect(not location or here, f"{words} leads to {location!r}")
    found.expect("stolen" not in answer.headers.get("Set-Cookie", ""), f"{words} sets a cookie")
    found.expect(answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, f"{words}: {answer.status_code}")


def _raw(
    city: City, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Send exactly this, and return status, headers, body; status 0 when the line was cut."""
    where = urlsplit(city.base)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        line.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            line.putheader(name, value)
        if body and "Transfer-Encoding" not in (headers or {}) and "Content-Length" not in (headers or {}):
            line.putheader("Content-Length", str(len(body)))
        line.endheaders(body or None)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    except (OSError, ValueError, http.client.HTTPException):
        return 0, {}, b""
    finally:
        line.close()


def _injection(city: City, found: Findings) -> None:
    """Line ends in what is sent never become header lines of the answer."""
    for path in (
        "/search?q=%0d%0aX-Stolen:%201", "/sign-in?next=/%0d%0aX-Stolen:%201", "/themes/%0d%0aX-Stolen:1", "/my%0d%0aX-Stolen:1",
        "/departments/named/%0d%0aX-Stolen:%201", "/api/v1/items?q=%0aX-Stolen:1", "/x%00y", "/items/%ff%fe", "/search?q=%ed%a0%80",
        "/search?page=%00", "/%c0%ae%c0%ae/", "/search?q=" + "%25" * 2000,
    ):  # fmt: skip
        status, headers, _ = _raw(city, "GET", path)
        found.expect("X-Stolen" not in headers, f"{path[:80]} writes a header")
        found.expect(status < HTTPStatus.INTERNAL_SERVER_ERROR, f"{path[:80]}: {status}")
    for name in ("X-Request-Id", "Referer", "User-Agent", "Accept-Language", "Cookie", "X-Forwarded-For", "Accept"):
        for value in ("x\u00ff\u00fe", "a" * 6000, '";<script>', "=;=;\\", "*/*;q=x,,", "\x80\x81"):
            status, headers, content = _raw(city, "GET", "/about", {name: value.encode("latin-1").decode("latin-1")})
            found.expect(status < HTTPStatus.INTERNAL_SERVER_ERROR, f"{name}: {value[:20]!r}: {status}")
            found.expect(b"<script>" not in content or b'";<script>' not in content, f"{name} is written into the page")


def _hosts(city: City, found: Findings) -> None:
    """A host that is not ours is refused, and none is believed from headers of a proxy that is not there."""
    for host in (EVIL, f"{EVIL}:80", f"127.0.0.1.{EVIL}", "127.0.0.1@evil.example", "", "a b", "x" * 300):
        status, _, content = _raw(city, "GET", "/", {"Host": host})
        found.expect(status in {0, 400, 404}, f"the host {host[:30]!r}: {status}")
        found.expect(EVIL.encode() not in content, f"the host {host[:30]!r} stands on the page")
    for name in (
        "X-Forwarded-Host",
        "X-Host",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Proto",
        "X-HTTP-Method-Override",
    ):
        status, headers, content = _raw(city, "GET", "/recover", {name: EVIL})
        found.expect(EVIL not in headers.get("Location", "") and EVIL.encode() not in content, f"{name} is believed")
        found.expect(status == HTTPStatus.OK, f"{name}: {status}")


def _methods(city: City, found: Findings) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"):
        for path in ("/", "/sign-in", "/api/v1/session", "/static/base/mark.svg"):
            status, headers, content = _raw(city, method, path, {"X-Probe": "echoed-back"})
            found.expect(
                b"echoed-back" not in content and "echoed-back" not in str(headers),
                f"{method} {path} sends back what it got",
            )
            found.expect(status < HTTPStatus.INTERNAL_SERVER_ERROR or status == 501, f"{method} {path}: {status}")


def _traversal(city: City, found: Findings) -> None:
    for path in TRAVERSALS:
        status, _, content = _raw(city, "GET", path)
        found.expect(status in {0, 301, 302, 400, 404}, f"{path}: {status}")
        found.expect(b"root:" not in content and b"[core]" not in content, f"{path} shows a file of the machine")


def _headers(city: City, found: Findings) -> None:
    """Every answer carries what browsers need; what is personal is kept nowhere; nothing tells of what runs here."""
    owner = city.browser(RESIDENT.username)
    everybodys = {one["path"] for one in city.pages if one["access"] == "anybody"} - {"/", "/about", "/sign-in"}
    for path in (
        "/",
        "/about",
        "/sign-in",
        "/my",
        "/profile",
        "/nothing-here",
        "/api/v1/me",
        "/api/v1/nothing",
        "/healthz",
        "/static/base/mark.svg",
        "/api/v1/openapi.json",
        *city.plain_pages(),
    ):
        headers = owner.get(path).headers
        policy = headers.get("Content-Security-Policy", "")
        found.expect(
            "object-src 'none'" in policy and "base-uri 'none'" in policy, f"{path}: no strict policy of content"
        )
        found.expect("unsafe" not in policy and "*" not in policy, f"{path}: a loose policy of content: {policy}")
        found.expect("frame-ancestors" in policy, f"{path}: may be framed")
        found.expect(headers.get("X-Content-Type-Options") == "nosniff", f"{path}: may be sniffed")
        found.expect(
            headers.get("Referrer-Policy") in {"same-origin", "no-referrer"}, f"{path}: tells other sites where one was"
        )
        found.expect(
            "text/" not in headers.get("Content-Type", "") or "charset=" in headers["Content-Type"],
            f"{path}: no character set",
        )
        server = headers.get("Server", "") + headers.get("X-Powered-By", "")
        found.expect(not any(char.isdigit() for char in server), f"{path}: tells what runs here: {server}")
        kept = headers.get("Cache-Control", "")
        public = path in everybodys and any(word in kept for word in ("no-cache", "private"))
        if not path.startswith("/static/"):
            found.expect("no-store" in kept or public, f"{path}: a personal page may be kept: {kept}")


def _smuggling(city: City, found: Findings) -> None:
    """What says its length twice is refused, or read in one way only: the next answer is to the next question."""
    for headers, body in (
        ({"Content-Length": "6", "Transfer-Encoding": "chunked"}, b"0\r\n\r\nGET /stolen HTTP/1.1\r\n\r\n"),
        ({"Transfer-Encoding": "chunked, identity"}, b"0\r\n\r\n"),
        ({"Content-Length": "5, 6"}, b"hello"),
        ({"Content-Length": "-1"}, b""),
        ({"Transfer-Encoding": " chunked"}, b"zz\r\n"),
    ):
        status, _, content = _raw(city, "POST", "/sign-in", headers, body)
        found.expect(status in {0, 400, 403, 405, 411, 413, 501}, f"{headers}: {status}")
        found.expect(b"stolen" not in content, f"{headers}: a second request was read")
    found.expect(city.browser().get("/healthz").ok, "the site does not answer afterwards")
