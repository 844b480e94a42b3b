"""Every guide that imports can be applied for at once, and every case of it can be decided."""

from pathlib import Path

import pytest

from tests.browsing import Browser
from tests.officials import Desks
from tests.people import PHONE, Town, begun, fill
from tongban.accounts import actions as accounts
from tongban.accounts.tests.people import credit_code
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.models import Case
from tongban.catalogue import actions as catalogue
from tongban.catalogue import queries
from tongban.catalogue.models import HandlingItem
from tongban.ledger import actions as ledger

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
INVENTED = ROOT / "src" / "tongban" / "catalogue" / "tests" / "data"
SOURCES = [
    pytest.param([INVENTED], id="invented"),
    pytest.param(
        [SHARED / "service-guides", SHARED / "service-list-guangan.json"],
        id="shared",
        marks=pytest.mark.skipif(not SHARED.is_dir(), reason="the real guides of ../shared/data are not here"),
    ),
]


@pytest.mark.parametrize("paths", SOURCES)
def test_all_that_has_a_guide_is_applied_for_and_decided(town: Town, paths: list[Path]) -> None:
    first = catalogue.import_guides(actor=SYSTEM, paths=paths, now=now())
    assert first.broken == [] or paths == [INVENTED]  # the invented ones hold broken rows on purpose
    again = catalogue.import_guides(actor=SYSTEM, paths=paths, now=now())
    assert [again.added, again.changed, again.broken] == [[], [], first.broken]
    items = HandlingItem.objects.filter(code__in=[item.identity.code for item in first.added], applicable=True)
    assert items
    accounts.register_enterprise(actor=town.lin.actor, name="望江面馆有限公司", credit_code=credit_code(), now=now())
    browser, desks = town.lin.browser(), Desks(town)
    for place, item in enumerate(items.order_by("code")):
        _from_application_to_decision(browser, desks, item, outcome="refused" if place % 3 == 2 else "granted")


def _applicant(item: HandlingItem) -> str:
    """Return how the choice of the applicant begins: the last kind for whom the item is."""
    assert item.current_id is not None
    return "enterprise" if "enterprise" in queries.guide_of(item.current_id).audiences else "self"


def _from_application_to_decision(browser: Browser, desks: Desks, item: HandlingItem, *, outcome: str) -> None:
    page = fill(browser, begun(browser, item.code, applicant=_applicant(item)), {"contact_phone": PHONE})
    receipt = browser.send(page.form(), {"declared": "on"})
    assert receipt.status == 200, (item.code, receipt.words[:900])
    number = receipt.address.rstrip("/").split("/")[-2]
    assert number in receipt.words
    desks.decide(number, outcome=outcome)
    ledger.drain(now=now())
    case = Case.objects.get(number=number)
    assert case.decision.outcome == outcome, item.code
    assert browser.get(f"/my/cases/{number}").status == 200


def test_what_has_only_a_name_is_listed_and_never_applicable(town: Town) -> None:
    report = catalogue.import_guides(actor=SYSTEM, paths=[INVENTED / "list.json"], now=now())
    code = report.added[0].identity.code
    browser = town.lin.browser()
    assert browser.get(f"/items/{code}").status == 200
    refused = browser.get(f"/apply/{code}/")
    assert refused.status == 409
    assert "目前不能" in refused.words
