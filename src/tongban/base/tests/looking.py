"""Look at pages as people see them: axe and html-validate find nothing, and nothing is cut off on a telephone."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route
from tools.htmlcheck import ROOT, validate_html

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
SHOTS = os.environ.get("TONGBAN_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
CITY = "http://city.test"


def shown(
    client: Client, addresses: Mapping[str, str], languages: tuple[str, ...] = ("zh-hans", "en")
) -> dict[str, str]:
    """Return the HTML of pages by name and language. The language is that of the browser's cookie."""
    made: dict[str, str] = {}
    for language in languages:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for name, address in addresses.items():
            answer = client.get(address, follow=True)
            assert answer.status_code == 200, (name, answer.status_code)
            made[f"{name}-{language}"] = answer.content.decode()
    return made


def look(browser: Browser, pages: Mapping[str, str], folder: Path) -> list[str]:
    """Look at pages, Chinese ones with axe on a desk, English ones on a telephone, where also all must be narrow enough.

    Returns one sentence for each thing that is wrong.
    """
    said = _of_html(pages, folder)
    for size, (width, height) in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        page = context.new_page()
        _serve(page, {f"/{name}": html for name, html in pages.items()})
        for name in pages:
            is_english = name.endswith("-en")
            if is_english and size == "desk":
                continue
            page.goto(f"{CITY}/{name}")
            said += [f"{name} ({size}): {one}" for one in _cut_off(page, width)]
            if is_english == (size == "phone"):
                said += [f"{name} ({size}): {one}" for one in _found(page)]
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{size}.png", full_page=True)
        context.close()
    return said


@contextmanager
def opened(browser: Browser, html: str, size: str, *, script: bool = True) -> Iterator[Page]:
    """Open one page in one of our sizes, where wanted as a browser without script does."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
    try:
        page = context.new_page()
        _serve(page, {"/page": html})
        page.goto(f"{CITY}/page")
        yield page
    finally:
        context.close()


def _of_html(pages: Mapping[str, str], folder: Path) -> list[str]:
    paths = []
    for name, html in pages.items():
        paths.append(folder / f"{name}.html")
        paths[-1].write_text(html, encoding="utf-8")
    return validate_html(paths)


def _found(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
    )
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def _cut_off(page: Page, width: int) -> list[str]:
    if not page.evaluate("document.styleSheets.length"):
        return ["has no look"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} wide"] if wide > width else []


def _serve(page: Page, pages: Mapping[str, str]) -> None:
    """Let the browser find the pages, and what they look like; names of built files carry a digest."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
            return
        found = finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("/static/")))
        kind = guess_type(path)[0] or "application/octet-stream"
        route.fulfill(path=found, content_type=kind) if isinstance(found, str) else route.fulfill(status=404)

    page.route("**/*", answer)
