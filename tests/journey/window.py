"""A window of Chromium through which somebody looks at the city; each page seen is examined."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Response
from tools.htmlcheck import ROOT, validate_html

Screen = Literal["phone", "desktop"]
SIZES: dict[Screen, tuple[int, int]] = {"phone": (390, 844), "desktop": (1280, 900)}
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAIT_MILLISECONDS = 15_000
WEIGHED = frozenset({"Document", "Stylesheet", "Script", "Font", "Other"})
"""Kinds of answers that count; pictures and previews of files do not (issue 2, “Foundation”)."""
MOST_BYTES = {"resident": 120_000, "official": 300_000}


@dataclass
class Findings:
    """What was found on all pages of a test: one sentence each. Pages are validated together at the end."""

    folder: Path
    sentences: list[str] = field(default_factory=list)
    pages: dict[str, Path] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def keep(self, name: str, html: str) -> None:
        """Keep the server's HTML of a page for the validator."""
        path = self.folder / f"{len(self.pages):03d}-{name}.html"
        path.write_text(html, encoding="utf-8")
        self.pages[name] = path

    def all(self) -> list[str]:
        """Validate the pages kept; return everything that was found."""
        return self.sentences + validate_html(self.pages.values())


@dataclass
class Weight:
    """Counts the bytes on the wire of each page, as on a first view: the browser's cache is off."""

    session: CDPSession
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _received(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["loaderId"], event["type"])

    def _finished(self, event: dict[str, Any]) -> None:
        loader, kind = self.kinds.get(event["requestId"], ("", ""))
        if kind in WEIGHED:
            self.bytes[loader] += int(event["encodedDataLength"])

    def of_page(self) -> int:
        """Return the bytes of the page that is shown."""
        tree = self.session.send("Page.getFrameTree")
        return self.bytes[tree["frameTree"]["frame"]["loaderId"]]


class Window:
    """Somebody's browser: goes to pages, fills in, presses; remembers the server's last answer."""

    def __init__(
        self,
        browser: Browser,
        city: str,
        findings: Findings,
        *,
        who: Literal["resident", "official"],
        screen: Screen,
        script: bool = True,
    ) -> None:
        """Open a fresh window, with or without script."""
        width, height = SIZES[screen]
        self.context: BrowserContext = browser.new_context(
            base_url=city,
            locale="zh-CN",
            viewport={"width": width, "height": height},
            has_touch=screen == "phone",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(WAIT_MILLISECONDS)
        self.page: Page = self.context.new_page()
        self.reader = None if script else _reader(browser, city, SIZES[screen])
        self.who, self.screen, self.script, self.findings = who, screen, script, findings
        self.weight = Weight(self.context.new_cdp_session(self.page))
        self.answer: Response | None = None
        self.broken: list[str] = []
        self.page.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.broken.append(f"script: {error}"))
        self.page.on("console", lambda said: self.broken.append(said.text) if said.type == "error" else None)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.request.frame == self.page.main_frame:
            self.answer = response

    def close(self) -> None:
        """Close the window."""
        self.context.close()
        if self.reader is not None:
            self.reader.context.close()

    def go(self, address: str, name: str) -> None:
        """Open an address and look at the page."""
        self.page.goto(address)
        self.look(name)

    def press(self, words: str, name: str, *, within: str = "", exact: bool = False) -> None:
        """Press a button or link with these words, and look at the page that comes."""
        place = self.page.locator(within) if within else self.page.locator("body")
        target = place.get_by_role("button", name=words, exact=exact).or_(
            place.get_by_role("link", name=words, exact=exact)
        )
        with self.page.expect_navigation():
            target.first.click()
        self.look(name)

    def fill(self, values: Mapping[str, str | bool | list[str]], *, within: str = "") -> None:
        """Fill in controls by their names: text is typed, choices are made."""
        for name, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                self._fill(f'{within} [name="{name}"]', one)

    def _fill(self, selector: str, value: str | bool) -> None:  # noqa: FBT001 - a tick is a value here
        control = self.page.locator(selector)
        kind = control.first.evaluate("control => control.tagName === 'INPUT' ? control.type : control.tagName")
        if kind in {"radio", "checkbox"}:
            chosen = control if value is True else self.page.locator(f'{selector}[value="{value}"]')
            chosen.check()
        elif kind == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(str(value))

    def value(self, name: str) -> str:
        """Return what stands in a text field."""
        return self.page.locator(f'[name="{name}"]').input_value()

    def words(self) -> str:
        """Return the words on the page."""
        return self.page.locator("body").inner_text()

    def shows(self, *words: str) -> None:
        """Demand that the page says something."""
        said = self.words()
        for one in words:
            assert one in said, f"{self.page.url} does not say {one!r}: {said[:3000]}"

    def shows_error(self, field_id: str, words: str) -> None:
        """Demand a sentence both beside the field and in the summary above, which leads to the field."""
        beside = self.page.locator(f"#{field_id}-error").inner_text()
        assert words in beside, f"{field_id}: {beside}"
        summary = self.page.locator(f'.govuk-error-summary a[href="#{field_id}"]')
        assert words in summary.inner_text(), self.page.locator(".govuk-error-summary").inner_text()

    def look(self, name: str, status: int | None = None) -> None:
        """Examine the page that is shown: nothing broken, accessible, valid, light. Each kind of page once."""
        assert self.answer is not None
        assert self.answer.status < 500, f"{self.page.url}: {self.answer.status}"
        assert status is None or self.answer.status == status, f"{self.page.url}: {self.answer.status}"
        where = f"{name} ({self.screen}{'' if self.script else ', no script'})"
        self.findings.sentences += [f"{where}: {said}" for said in self.broken if "status of 4" not in said]
        self.broken.clear()
        if (name, where) in self.findings.seen:
            return
        self.findings.seen.add((name, where))
        if name not in self.findings.pages:
            self.findings.keep(name, self.answer.text())
        self._weigh(where)
        self._examine(where)

    def _weigh(self, where: str) -> None:
        self.page.wait_for_load_state("load")
        weight, most = self.weight.of_page(), MOST_BYTES[self.who]
        assert weight, f"{where}: nothing was weighed"
        if weight > most:
            self.findings.sentences.append(f"{where}: {weight} bytes on the wire, at most {most}")
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            self.findings.sentences.append(f"{where}: wider than the screen by {wider} pixels")

    def _examine(self, where: str) -> None:
        page = self.page if self.reader is None else self._read_again(self.reader)
        page.evaluate(AXE)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
        )
        self.findings.sentences += [
            f"{where}: axe {one['id']}: {one['help']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
            for one in found["violations"]
            for node in one["nodes"][:2]
        ]

    def _read_again(self, reader: Page) -> Page:
        """Show the page that stands here in the reader: axe waits by timers, which do not run where scripts do not."""
        shown = self.page.content()
        reader.route(self.page.url, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=shown))
        reader.goto(self.page.url)
        reader.unroute(self.page.url)
        return reader


def _reader(browser: Browser, city: str, size: tuple[int, int]) -> Page:
    """Open a page that runs no script of the city's, only what a test evaluates in it."""
    width, height = size
    context = browser.new_context(base_url=city, locale="zh-CN", viewport={"width": width, "height": height})
    context.route("**/*", lambda route: route.abort() if route.request.resource_type == "script" else route.continue_())
    return context.new_page()
