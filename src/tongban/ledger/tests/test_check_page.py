"""The page on which a proof is checked: in the browser, without network, and as the stand-alone checker judges."""

import copy
import json
import re
import subprocess
from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Request, Route
from tools.htmlcheck import NODE, ROOT, validate_html

from tongban.base.web.middleware import CONTENT_SECURITY_POLICY
from tongban.ledger import log_of_ours
from tongban.ledger.static.ledger import check_proof
from tongban.ledger.tests.test_checker import (
    CHAIN_BREAKS,
    EVENT_BREAKS,
    REFUSALS,
    WITNESS,
    Bundle,
    chain,
    check,
    event,
)

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["chain", "event"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCRIPT = ROOT / "src" / "tongban" / "base" / "assets" / "scripts" / "proofs.js"
JUDGE = """
import { readFileSync } from "node:fs";
import { check, NotProven } from "./proofs.js";
const verdicts = JSON.parse(readFileSync(0, "utf8")).map((bundle) => {
  try { check(bundle, []); return "proven"; } catch (fault) { return fault instanceof NotProven ? "not" : "none"; }
});
console.log(JSON.stringify(verdicts));
"""


def judged(bundle: Bundle) -> str:
    try:
        check(bundle)
    except check_proof.NotProven:
        return "not"
    except REFUSALS:
        return "none"
    return "proven"


def test_script_and_program_judge_alike(chain: Bundle, event: Bundle) -> None:
    bundles = [chain, event, event | {"event": None, "salt": None}]
    for whole, breaks in ((chain, CHAIN_BREAKS), (event, EVENT_BREAKS)):
        for one in breaks:
            broken = copy.deepcopy(whole)
            one(broken)
            bundles.append(broken)
    ended = subprocess.run(
        [str(NODE), "--input-type=module", "-e", JUDGE.replace("./proofs.js", SCRIPT.as_uri())],
        input=json.dumps(bundles),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    verdicts = json.loads(ended.stdout)
    assert verdicts[:3] == ["proven"] * 3
    assert verdicts == [judged(bundle) for bundle in bundles]
    assert "proven" not in verdicts[3:]


@pytest.fixture
def page(browser: Browser, event: Bundle) -> Iterator[Page]:
    """The page as it is answered, its policy with it, on a telephone; afterwards the network is gone."""
    answer = Client().get("/ledger/check")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()

    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/ledger/check":
            headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=answer.content, headers=headers)
            return
        found = finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("/static/")))
        kind = guess_type(path)[0] or "application/octet-stream"
        route.fulfill(path=found, content_type=kind) if isinstance(found, str) else route.fulfill(status=404)

    page.route("**/*", serve)
    page.goto("http://city.test/ledger/check")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    asked: list[str] = []

    def remember(request: Request) -> None:
        asked.append(request.url)

    page.on("request", remember)
    yield page
    assert asked == []
    context.close()


def outcome(page: Page, bundle: Bundle, folder: Path, keys: str = "") -> str:
    proof = folder / "proof.json"
    proof.write_text(json.dumps(bundle), encoding="utf-8")
    page.set_input_files("#proof-file", str(proof))
    page.fill("#proof-keys", keys)
    page.click("[data-submit]")
    page.locator("[data-outcome] p").first.wait_for()
    told = page.inner_text("[data-outcome]")
    page.evaluate("document.querySelector('[data-outcome]').replaceChildren()")
    return told


def test_a_proof_is_checked_without_network(page: Page, event: Bundle, tmp_path: Path) -> None:
    told = outcome(page, event, tmp_path, keys=f"{log_of_ours.key()}\n {WITNESS.key}\n")
    assert told.startswith("证明成立。")
    assert "台账第 5 条与当时所记一致" in told
    assert "tests.room_bright" in told
    assert "见证方 archive.example 已于 2027-01-15T08:00:00.000Z 签名。" in told
    assert "公钥取自文件本身" in outcome(page, event, tmp_path)
    told = outcome(page, event | {"position": 6}, tmp_path)
    assert told == "证明不成立。\n\n第 6 条不在台账的这个位置。"
    assert "公钥须完整复制" in outcome(page, event, tmp_path, keys="key")
    markup = event | {"event": '{"kind":"<img src=x onerror=alert(1)>"}'}
    assert "不一致" in outcome(page, markup, tmp_path)


def test_a_chain_is_checked_without_network(page: Page, chain: Bundle, tmp_path: Path) -> None:
    told = outcome(page, chain, tmp_path)
    assert "共 8 条，位置和次序都无误。" in told
    assert "截至 2026-03-02 共 6 条，无一遗漏。" in told


def test_axe_and_the_validator_find_nothing(browser: Browser, event: Bundle, tmp_path: Path) -> None:
    shown = Client().get("/ledger/check").content.decode()
    file = tmp_path / "check.html"
    file.write_text(shown, encoding="utf-8")
    assert validate_html([file]) == []
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True, locale="zh-CN")
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
    page.goto("http://city.test/ledger/check")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")["violations"]
    context.close()
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found] == []
