"""The pages of "my data" on a phone and on a desk: nothing is cut off, axe and html-validate find nothing."""

from pathlib import Path

from playwright.sync_api import Browser

from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import client_of
from tongban.exchange.models import LookUp
from tongban.registers.tests.town import Town
from tongban.sharing.tests.seen import looked
from tongban.sharing.tests.test_asking import corrected_case


def test_axe_finds_nothing_and_nothing_is_cut_off(town: Town, browser: Browser, tmp_path: Path) -> None:
    looked(town, "name", "address")
    look_up = LookUp.objects.get()
    case = corrected_case(town)
    base = f"/my/data/look-ups/{look_up.id}"
    addresses = {
        "mine": "/my/data/",
        "held": "/my/data/held/population",
        "correct": "/my/data/held/population/address/correct",
        "looks": "/my/data/look-ups/",
        "look": base,
        "ask": f"{base}/ask",
        "secrecy": "/data/secrecy",
    }
    pages = shown(client_of(town.lin.username), addresses)
    pages |= shown(client_of(town.steward.username), {"settle": f"/office/sharing/corrections/{case.number}"})
    assert look(browser, pages, tmp_path) == []
