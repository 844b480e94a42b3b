"""Makes the pictures of the documentation: chosen pages of the demo city, as its users see them.

Starts a demo city of its own and throws it away afterwards; with an address, looks at the one that runs there:
`python tools/pictures.py [http://127.0.0.1:8000]`.
"""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, sync_playwright

from tongban.site.demo.samples import sample_pdf

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
COLOURS = 128
MOST_BYTES = 3_000_000
ITEM = "/items/spjy-xinban"
SITUATION = "business=restaurant&premises=rented&cold_food=no"
ANSWERED = f"{ITEM}?{SITUATION}"
RESIDENT, OFFICIAL = "demo-limei", "demo-shouli"


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, the screen, who looks, and where."""

    name: str
    screen: str
    who: str
    address: str
    first: str = ""
    """selector of a link on that page which leads to the page meant"""


PICTURES = (
    Picture("home-phone", "phone", "", "/"),
    Picture("home-desktop", "desktop", "", "/"),
    Picture("search", "desktop", "", "/search?q=开饭店"),
    Picture("guide-phone", "phone", "", ITEM),
    Picture("guide-desktop", "desktop", "", ANSWERED),
    Picture("my-cases", "phone", RESIDENT, "/my/cases"),
    Picture("follow-phone", "phone", RESIDENT, "/my/cases", 'main a[href^="/my/cases/"]'),
    Picture("inbox", "desktop", OFFICIAL, "/office/"),
    Picture("case-official", "desktop", OFFICIAL, "/office/", 'main a[href^="/office/cases/"]'),
)
APPLYING = ("step-phone", "materials-phone", "receipt-phone")
"""Taken on the way through one application."""
STEPS: tuple[dict[str, str], ...] = (
    {"contact_phone": "13800138000"},
    {
        "shop_name": "榆味小馆",
        "shop_address_region": "云汀市汀南区",
        "shop_address_detail": "长桥路 8 号",
        "area": "80.5",
        "seats": "32",
        "staff_count": "6",
    },
    {
        "business_items": "hot",
        "online_sale": "no",
        "opening_day_year": "2027",
        "opening_day_month": "5",
        "opening_day_day": "1",
    },
    {"food_safety_officer": "林小满", "officer_phone": "13900139000", "self_check": "yes"},
)
"""What is typed into each step of the form, by the control's name."""
HANDED_IN = {"lease": "租赁合同", "layout": "布局图", "rules": "管理制度"}


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        _take_all(sys.argv[1].rstrip("/"))
    else:
        with _city() as address:
            _take_all(address)
    names = [*(picture.name for picture in PICTURES), *APPLYING]
    total = sum((FOLDER / f"{name}.png").stat().st_size for name in names)
    print(f"{len(names)} pictures, {total / 1000:.0f} kB, in {FOLDER.relative_to(ROOT)}")
    if total > MOST_BYTES:
        sys.exit(f"The pictures are too large: {total} bytes, at most {MOST_BYTES}.")


@contextmanager
def _city() -> Iterator[str]:
    """Start a demo city; gives its address, and stops it afterwards."""
    with tempfile.TemporaryDirectory(prefix="tongban-pictures-") as var:
        surroundings = os.environ | {"TONGBAN_VAR": var, "TONGBAN_LIMITS": "factor=100"}
        serving = subprocess.Popen(
            [sys.executable, "-m", "tongban", "serve", "--demo", "--port", "8700"],
            env=surroundings,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield _address_said(serving)
        finally:
            serving.terminate()
            serving.wait(timeout=40)


def _address_said(serving: subprocess.Popen[str]) -> str:
    for line in serving.stdout or ():
        if " answers at " in line:
            return line.split(" answers at ")[1].strip().rstrip("/")
    sys.exit("The demo city did not start.")


def _take_all(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        for picture in PICTURES:
            _take(browser, address, picture)
        _apply(_context(browser, address, "phone").new_page())
        browser.close()


def _take(browser: Browser, address: str, picture: Picture) -> None:
    context = _context(browser, address, picture.screen)
    page = context.new_page()
    if picture.who:
        _sign_in(page, picture.who)
    page.goto(picture.address)
    if picture.first:
        page.locator(picture.first).first.click()
        page.wait_for_load_state("load")
    _shoot(page, picture.name)
    context.close()


def _context(browser: Browser, address: str, screen: str) -> BrowserContext:
    width, height = SIZES[screen]
    return browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )


def _shoot(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    _keep(page.screenshot(), FOLDER / f"{name}.png")


def _apply(page: Page) -> None:
    """Apply for the food licence, with a picture of a step, of the materials and of the receipt."""
    _sign_in(page, RESIDENT)
    page.goto(f"/apply/{ITEM.rsplit('/', 1)[1]}/?{SITUATION}")
    page.get_by_role("radio").first.check()
    _press(page, "开始办理")
    for place, answers in enumerate(STEPS):
        for name, value in answers.items():
            _fill(page, name, value)
        if place == 1:
            _shoot(page, APPLYING[0])
        _press(page, "保存并继续")
    for key, name in HANDED_IN.items():
        section = page.locator(f"#material-{key}")
        paper = FilePayload(name=f"{name}.pdf", mimeType="application/pdf", buffer=sample_pdf(name))
        section.locator('input[type="file"]').set_input_files(paper)
        section.locator(".tb-file a", has_text=paper["name"]).wait_for()
    page.locator(f"#material-{next(iter(HANDED_IN))}").scroll_into_view_if_needed()
    _shoot(page, APPLYING[1])
    page.locator("#material-health").get_by_role("button", name="我稍后补交").click()
    _press(page, "保存并继续")
    _fill(page, "way", "online")
    _press(page, "保存并继续")
    page.locator('[name="declared"]').check()
    _press(page, "提交")
    _shoot(page, APPLYING[2])


def _press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).first.click()


def _fill(page: Page, name: str, value: str) -> None:
    control = page.locator(f'[name="{name}"]')
    match control.first.evaluate("control => control.tagName === 'INPUT' ? control.type : control.tagName"):
        case "radio" | "checkbox":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        case "SELECT":
            control.select_option(value)
        case _:
            control.fill(value)


def _sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.locator(f'button[name="username"][value="{username}"]').click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def _keep(screenshot: bytes, path: Path) -> None:
    """Write a picture with few colours, so that the documentation stays small."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
