"""Every component and page frame: valid HTML, no finding of axe, light, complete without script."""

import gzip
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from playwright.sync_api import Browser, Page
from tools.htmlcheck import validate_html

from tongban.base.errors import (
    Conflict,
    DatabaseAway,
    Forbidden,
    Gone,
    NotFound,
    Refusal,
    TooLarge,
    TooMany,
    Unavailable,
)
from tongban.base.web.away import page_without_database
from tongban.base.web.middleware import CONTENT_SECURITY_POLICY
from tongban.base.web.style_guide import sample_context
from tongban.portal.tests.rendering import home_context, rendered

ROOT = Path(__file__).resolve().parents[4]
BASE = ROOT / "src" / "tongban" / "base"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
REFUSALS = (NotFound(), Forbidden(), Conflict(), Gone(), TooLarge(), TooMany(30), Unavailable(), Refusal())


def away_page(method: str) -> str:
    """Return the page while the database is away; what was posted holds text, a password and a file."""
    typed = {"words": "望江面馆", "password": "", "photo": SimpleUploadedFile("a.pdf", b"%PDF")}
    request = getattr(RequestFactory(), method)("/drafts/", typed if method == "post" else None)
    return page_without_database(request, DatabaseAway()).content.decode()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "style-guide": rendered("base/style-guide.html", sample_context(), path="/style-guide"),
        "style-guide-en": rendered("base/style-guide.html", sample_context(), path="/style-guide", language="en"),
        "home": rendered("portal/home.html", home_context()),
        "home-large": rendered("portal/home.html", home_context(), large=True),
    } | {f"refusal-{number}": rendered("base/error.html", {"refusal": one}) for number, one in enumerate(REFUSALS)}
    made |= {f"fault-{code}": rendered(f"{code}.html") for code in ("400", "403", "403_csrf", "404", "500")}
    made |= {f"away-{method}": away_page(method) for method in ("get", "post")}
    paths = {}
    for name, html in made.items():
        paths[name] = folder / f"{name}.html"
        # names of built files carry a digest when they are served for real
        paths[name].write_text(re.sub(r"(/static/[\w/-]+?)\.[0-9a-f]{12}\.", r"\1.", html), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def address(pages: dict[str, Path]) -> Iterator[str]:
    folder = next(iter(pages.values())).parent

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            asked = urlsplit(path).path
            return str(BASE / asked.lstrip("/")) if asked.startswith("/static/") else str(folder / asked.lstrip("/"))

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            super().end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    yield context.new_page()
    context.close()


def findings(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found: dict[str, Any] = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def test_html_is_valid(pages: dict[str, Path]) -> None:
    assert validate_html(pages.values()) == []


def test_no_inline_script_or_style(pages: dict[str, Path]) -> None:
    for path in pages.values():
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|<style|\son\w+=", html), path.name


def test_home_page_is_light(pages: dict[str, Path]) -> None:
    parts = [
        pages["home"],
        *(
            BASE / "static" / name
            for name in ("built/tongban.css", "built/tongban.js", "base/hills.svg", "base/mark.svg")
        ),
    ]
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) < 60_000


@pytest.mark.parametrize(
    ("name", "width"),
    [("style-guide", 390), ("style-guide-en", 1280), ("home", 390), ("home-large", 1280), ("refusal-0", 390)],
)
def test_axe_finds_nothing(page: Page, address: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}.html")
    assert findings(page) == []


@pytest.mark.parametrize("name", ["style-guide", "home", "home-large"])
def test_nothing_is_cut_off_at_four_hundred_per_cent(page: Page, address: str, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    page.goto(f"{address}/{name}.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_policy_of_content_is_kept(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/style-guide.html")
    page.wait_for_selector("body.js-enabled")
    context.close()
    assert said == []


def test_upload_tells_progress_success_and_refusal(page: Page, address: str) -> None:
    page.goto(f"{address}/style-guide.html")
    page.route("**/demo/upload", lambda route: route.fulfill(
        status=201, json={"id": "1", "name": "card.pdf", "size": 5, "view_url": "/files/1", "remove_url": "/files/1/remove"}
    ))  # fmt: skip
    picker = page.locator("[data-upload-input]")
    picker.set_input_files({"name": "card.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    page.get_by_role("link", name="card.pdf").wait_for()
    page.unroute("**/demo/upload")
    page.route("**/demo/upload", lambda route: route.fulfill(
        status=422, content_type="application/problem+json", json={"title": "no", "fields": {"material": ["这不是 PDF 文件。"]}}
    ))  # fmt: skip
    picker.set_input_files({"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    page.get_by_text("这不是 PDF 文件。", exact=True).wait_for()
    page.route("**/files/1/remove", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="删除 card.pdf").click()
    page.get_by_role("link", name="card.pdf").wait_for(state="detached")


def test_search_suggests_by_keyboard(page: Page, address: str) -> None:
    page.route("**/search/suggest?*", lambda route: route.fulfill(
        json={"suggestions": [{"text": "食品经营许可", "url": "/items/food", "hint": "市场监管局"}, {"text": "食品小作坊登记", "url": "/items/x"}]}
    ))  # fmt: skip
    page.goto(f"{address}/home.html")
    field = page.get_by_role("combobox")
    field.fill("开饭店")
    page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    assert page.get_by_role("option").first.get_attribute("aria-selected") == "true"
    assert findings(page) == []
    field.press("Escape")
    assert page.get_by_role("listbox").count() == 0
