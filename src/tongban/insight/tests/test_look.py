"""The figures as people see them, in both languages, on a telephone and on a desk."""

from pathlib import Path

from playwright.sync_api import Browser

from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import City, client_of
from tongban.insight.tests.lives import at, make_world, read_all, supervisor

SPRING = "from=2026-03-01&to=2026-04-30"
FIGURES = "/office/figures/"


def test_nothing_is_wrong_with_the_pages(browser: Browser, city: City, tmp_path: Path) -> None:
    make_world(city)
    read_all(at(4, 8))
    addresses = {
        "figures": f"{FIGURES}?{SPRING}",
        "by-item": f"{FIGURES}?{SPRING}&by=item",
        "nothing": f"{FIGURES}?from=2010-01-01&to=2010-01-02",
        "unread": f"{FIGURES}?from=yesterday&to=2026-04-30",
        "share": f"{FIGURES}on_time?{SPRING}&part=all",
        "days": f"{FIGURES}days_median?{SPRING}",
    }
    assert look(browser, shown(client_of(supervisor(city).username), addresses), tmp_path) == []
