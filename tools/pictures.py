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
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
COLOURS = 128
MOST_BYTES = 3_000_000
ITEM = "/items/spjy-xinban"
ANSWERED = f"{ITEM}?business=restaurant&premises=rented&cold_food=no"
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
    Picture("sign-in", "desktop", "", "/sign-in"),
    Picture("begin", "phone", RESIDENT, "/apply/spjy-xinban/?business=restaurant&premises=rented&cold_food=no"),
    Picture("my-cases", "phone", RESIDENT, "/my/cases"),
    Picture("follow-phone", "phone", RESIDENT, "/my/cases", 'main a[href^="/my/cases/"]'),
    Picture("messages", "phone", RESIDENT, "/my/messages"),
    Picture("inbox", "desktop", OFFICIAL, "/office/"),
    Picture("case-official", "desktop", OFFICIAL, "/office/", 'main a[href^="/office/cases/"]'),
)


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        _take_all(sys.argv[1].rstrip("/"))
    else:
        with _city() as address:
            _take_all(address)
    total = sum((FOLDER / f"{picture.name}.png").stat().st_size for picture in PICTURES)
    print(f"{len(PICTURES)} pictures, {total / 1000:.0f} kB, in {FOLDER.relative_to(ROOT)}")
    if total > MOST_BYTES:
        sys.exit(f"The pictures are too large: {total} bytes, at most {MOST_BYTES}.")


@contextmanager
def _city() -> Iterator[str]:
    """Start a demo city; gives its address, and stops it afterwards."""
    with tempfile.TemporaryDirectory(prefix="tongban-pictures-") as var:
        surroundings = os.environ | {"TONGBAN_VAR": var}
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
        browser.close()


def _take(browser: Browser, address: str, picture: Picture) -> None:
    width, height = SIZES[picture.screen]
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        _sign_in(page, picture.who)
    page.goto(picture.address)
    if picture.first:
        page.locator(picture.first).first.click()
        page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    _keep(page.screenshot(), FOLDER / f"{picture.name}.png")
    context.close()


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
