"""Markup in every field that takes text, then every page looked at with Chromium: nothing of it becomes markup or runs."""

from pathlib import Path

from lxml import html
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Dialog, sync_playwright

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.parts.forms import GENTLE
from bench.attack.people import PLAYERS, Player
from bench.attack.walking import Form, forms, pages

CHROMIUM = Path("/usr/bin/chromium")
PROBES = (
    '"><b data-probe=1>', "'><img src=x data-probe=1 onerror=window.probed=1>", "</textarea><script data-probe=1>window.probed=1</script>",
    "</title><svg data-probe=1 onload=window.probed=1>", '" autofocus data-probe=1 onfocus=window.probed=1 x="', "</script><b data-probe=1>",
    "<a data-probe=1 href=javascript:window.probed=1>x</a>", "{{constructor.constructor('window.probed=1')()}}",
)  # fmt: skip
EXAMINED = 80
"""Pages that Chromium opens for each person."""
INLINE = ("Content Security Policy", "Refused to")


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Write, then look."""
    if not CHROMIUM.exists():
        found.not_run = "Chromium is missing: sh tools/prepare.sh tests"
        return
    for player in PLAYERS:
        browser = city.browser(player.username)
        _reflected(city, browser, found)
        if player.username:
            _written(browser, city.begin(player), bounds, found)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), chromium_sandbox=False, args=["--disable-gpu"]
        )
        for player in PLAYERS:
            if player.username:
                _look(chromium, city, player, bounds, found)
        chromium.close()


def _reflected(city: City, browser: Browser, found: Findings) -> None:
    """Each page that needs no argument is asked with a probe under every name that some page reads."""
    names = city.inside.call("addresses.names_asked")
    for number, path in enumerate((*city.plain_pages(), "/departments/named/x", "/nothing")):
        for probe in (PROBES[number % len(PROBES)], PROBES[0]):
            answer = browser.get(path, params=dict.fromkeys(names, probe))
            _plain(answer.content, answer.headers.get("Content-Type", ""), found, f"GET {path} {probe!r}")


def _written(browser: Browser, begin: tuple[str, ...], bounds: Bounds, found: Findings) -> None:
    places = tuple(place for place in begin if "{" not in place)
    known = [one for one in forms(browser, places, most=bounds.pages) if one.method == "post"]
    known = [one for one in known if not any(word in one.action for word in (*GENTLE, "leave"))]
    for form in known:
        for probe in PROBES[: max(2, bounds.examples // 4)]:
            _write(browser, form, probe, found)


def _write(browser: Browser, form: Form, probe: str, found: Findings) -> None:
    texts = {one.name for one in form.fields if one.kind in {"text", "tel", "email"}}
    values = {name: [probe] if name in texts else value for name, value in form.filled().items()}
    answer = browser.post(form.action, values)
    _plain(answer.content, answer.headers.get("Content-Type", ""), found, f"POST {form.action} {probe!r}")


def _plain(content: bytes, kind: str, found: Findings, words: str) -> None:
    """No element of the answer came from what was sent."""
    tree = html.fromstring(content) if "html" in kind and content.strip() else None
    found.expect(tree is None or not tree.xpath("//*[@data-probe]"), f"{words} becomes markup")


def _look(chromium: Chromium, city: City, player: Player, bounds: Bounds, found: Findings) -> None:
    username = player.username
    walker = city.browser(username)
    context = chromium.new_context()
    context.add_cookies(
        [{"name": one.name, "value": one.value or "", "url": city.base} for one in walker.session.cookies]
    )
    page, told = context.new_page(), list[str]()
    page.on("console", lambda message: told.append(message.text))

    def shut(dialog: Dialog) -> None:
        told.append(f"Refused to: a dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", shut)
    begin = tuple(place for place in city.begin(player) if "{" not in place)
    for number, (address, _tree) in enumerate(pages(walker, begin, most=bounds.pages)):
        if number >= EXAMINED:
            break
        told.clear()
        page.goto(city.base + address, wait_until="load")
        found.expect(not page.evaluate("Boolean(window.probed)"), f"{username}: on {address} what was typed runs")
        found.expect(not page.query_selector("[data-probe]"), f"{username}: on {address} what was typed is markup")
        blocked = [line for line in told if any(word in line for word in INLINE)]
        found.expect(not blocked, f"{username}: {address}: {blocked[:1]}")
    context.close()
