"""The pages of the calendar as people see them, on a telephone and on a desk: no finding of axe, nothing cut off."""

import os
import re
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tongban.base.actor import SYSTEM
from tongban.calendar import actions
from tongban.calendar.kinds import FOLLOWERS, Follower, Recount
from tongban.calendar.rules import Policy
from tongban.calendar.rules.settling import LocalDay, SetPolicy
from tongban.calendar.tests.test_pages import ADDRESSES, LINES, official

AXE = Path(__file__).resolve().parents[4] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("TONGBAN_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
PHONE, DESK = (390, 844), (1400, 900)
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def pages(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the pages with something on each: a notice looked at, a local day, a policy, recounts of a large city."""
    keeper = official("item_manager")
    day = LocalDay(
        NOW.date().replace(month=12, day=3), "全市停电检修闭馆", is_working=False, basis="云政发〔2026〕12号"
    )
    actions.set_local_day(actor=SYSTEM, local=day, now=NOW)
    actions.set_policy(actor=SYSTEM, settled=SetPolicy(day.day, Policy(first_day=1), "云政发〔2026〕13号"), now=NOW)
    done = Recount(NOW, NOW, 1_000_000, 0, 957_000, 31_204)
    going = Recount(NOW, None, 1_000_000, 612_000, 371_320, 0)
    city = Follower("city", "大城市的办件", lambda _change: 1_000_000, lambda: [going, done])
    monkeypatch.setitem(FOLLOWERS._entries, "city", city)
    made = {address: shown(keeper, address) for address in ADDRESSES}
    typed = {"source": "国办发明电〔2026〕7号", "days": LINES, "step": "look"}
    return made | {"/looked": keeper.post("/office/calendar/2027/notice", typed).content.decode()}


def shown(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def serve(page: Page, pages: dict[str, str]) -> None:
    """Let the browser find the pages, and what they look like; names of built files carry a digest."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
            return
        name = re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("/static/"))
        found = finders.find(name)
        kind = guess_type(name)[0] or "application/octet-stream"
        route.fulfill(path=found, content_type=kind) if isinstance(found, str) else route.fulfill(status=404)

    page.route("**/*", answer)


def findings(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize(("width", "height"), [PHONE, DESK])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Browser, pages: dict[str, str], width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True, locale="zh-CN")
    page = context.new_page()
    serve(page, pages)
    said: dict[str, Any] = {}
    for address in pages:
        page.goto(f"http://city.test{address}")
        assert page.evaluate("document.styleSheets.length") > 0
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{width}{address.replace('/', '-')}.png", full_page=True)
        said[address] = findings(page) if width == PHONE[0] else []
        if page.evaluate("document.documentElement.scrollWidth") > width:
            said[address].append("wider than the screen")
    context.close()
    assert said == {address: [] for address in pages}
