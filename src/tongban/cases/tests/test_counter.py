"""Fees and papers at the counter: who may take the money, who hands out, what the pages say meanwhile."""

from datetime import date

import pytest

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions, queries
from tongban.cases.kinds import DeliveryWish, FeeTerm, Terms, Way
from tongban.cases.models import Case, FeeDemand, Task
from tongban.cases.tests.people import NOW, City, Office, Staff, client_of, given, office, open_case, open_task
from tongban.organisations import actions as organisations

FEE = Terms(item_type="01", fees=(FeeTerm(name="工本费", amount_fen=4000),))


@pytest.fixture
def police(city: City) -> Office:
    """A department without a cashier; whoever accepts there also sits at its window."""
    made = office("云澜市公安局", "police", roles=("review", "approval"))
    made.posts["desk"] = organisations.create_post(
        actor=SYSTEM,
        organisation_id=made.organisation.id,
        name="户政受理岗",
        roles=["acceptance", "window"],
        now=NOW,
    )
    return made


def decided(city: City, at: Office, **changes: object) -> tuple[Case, Staff]:
    """Bring a case of an office with a fee to its decision."""
    desk, reviewer, head = (at.staff(role) for role in ("desk", "review", "approval"))
    case = open_case(at, city.lin, terms=FEE, **changes)
    actions.accept(actor=desk.actor, task=open_task(case, "acceptance"), now=NOW)
    actions.complete_review(actor=reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    actions.decide(actor=head.actor, task=open_task(case, "decision"), outcome="granted", reasons="好", now=NOW)
    return case, desk


@pytest.mark.parametrize("by", ["window that took it in", "cashier of the centre", "window of the office"])
def test_who_may_take_a_fee(city: City, police: Office, by: str) -> None:
    window, cashier = city.market.staff("window"), city.market.staff("fees")
    case, desk = decided(city, police, channel="window", taken_in_by_id=window.post.id)
    fee = case.fees.get()
    assert fee.post == window.post
    clerk = {"window that took it in": window, "cashier of the centre": cashier, "window of the office": desk}[by]
    browser = client_of(clerk.username)
    assert case.number in browser.get("/office/fees").content.decode()
    page = client_of(desk.username).get(f"/office/cases/{case.number}").content.decode()
    for words in ("待缴费", "工本费", city.market.organisation.name, 'href="/office/fees"'):
        assert words in page
    assert "目前没有机关需要办理本件" not in page
    assert browser.post(f"/office/fees/{fee.id}/paid", {"receipt_number": "云财 1"}).status_code == 302
    assert FeeDemand.objects.get(id=fee.id).state == "paid"


def test_nobody_else_takes_it_and_nothing_changes(city: City, police: Office) -> None:
    case, desk = decided(city, police)
    fee = case.fees.get()
    others = [city.health.staff("fees"), city.market.staff("review"), police.staff("review")]
    for other in others:
        browser = client_of(other.username)
        assert browser.get("/office/fees").status_code in {200, 403}
        assert case.number not in browser.get("/office/fees").content.decode()
        assert browser.post(f"/office/fees/{fee.id}/paid", {"receipt_number": "1"}).status_code in {403, 404}
        with pytest.raises(NotFound):
            actions.settle_fee(actor=other.actor, fee=fee, receipt_number="1", now=NOW)
    assert FeeDemand.objects.get(id=fee.id).state == "due"
    actions.stand_aside(actor=desk.actor, case=case, reason="近亲属", now=NOW)
    with pytest.raises(NotFound):
        actions.settle_fee(actor=desk.actor, fee=fee, receipt_number="1", now=NOW)


def test_the_resident_reads_that_a_fee_is_waited_for_and_where(city: City, police: Office) -> None:
    case, _desk = decided(city, police)
    browser = client_of(city.lin.username)
    for address in ("/my/cases", f"/my/cases/{case.number}", "/my"):
        assert "待缴费" in browser.get(address).content.decode(), address
    page = browser.get(f"/my/cases/{case.number}").content.decode()
    assert "请先缴费" in page
    assert case.fees.get().post.organisation.name in page
    assert case.fees.get().post == city.market.posts["fees"]


@pytest.mark.parametrize(
    ("way", "by"),
    [("window", "taken in"), ("window", "window of the office"), ("post", "delivery of the centre")],
)
def test_papers_go_to_a_counter_that_hands_them_out(city: City, police: Office, way: Way, by: str) -> None:
    posts = {
        "taken in": (city.market, "window"),
        "window of the office": (police, "desk"),
        "delivery of the centre": (city.market, "delivery"),
    }
    at, role = posts[by]
    taken_in_by = at.posts[role].id if by == "taken in" else None
    case, _desk = decided(city, police, delivery=DeliveryWish(way=way), taken_in_by_id=taken_in_by)
    actions.waive_fee(actor=city.market.staff("fees").actor, fee=case.fees.get(), reason="减免", now=NOW)
    actions.issue_result(
        actor=SYSTEM, case_id=case.id, name="证", valid_from=date(2026, 3, 2), valid_to=None, content=None, now=NOW
    )
    assert open_task(case, "delivery").post == at.posts[role]
    assert case.number in client_of(at.staff(role).username).get("/office/deliveries").content.decode()
    assert queries.collected_at(case) == at.organisation
    if way == "window":
        given(city.lin)
        shown = client_of(city.lin.username).get(f"/my/cases/{case.number}").content.decode()
        assert f"{at.organisation.name}，云澜市和平路 1 号" in shown


def test_the_navigation_shows_what_one_may_open(city: City) -> None:
    for role in ("window", "fees", "delivery", "review", "approval", "supervisor"):
        browser = client_of(city.market.staff(role).username)
        page = browser.get("/office/").content.decode()
        shown = page[page.index("tb-nav--office") : page.index("</nav>", page.index("tb-nav--office"))]
        for address in ("/office/fees", "/office/deliveries", "/office/window/", "/office/leave", "/office/cases"):
            assert (f'href="{address}"' in shown) is (browser.get(address).status_code == 200), (role, address)


def test_open_tasks_and_fees_stay_with_who_handles_them(city: City) -> None:
    """A cashier's sight is the fee, not the case of another office."""
    case = open_case(city.health, city.lin, terms=FEE)
    actions.accept(actor=city.health.staff("acceptance").actor, task=open_task(case, "acceptance"), now=NOW)
    cashier = city.market.staff("fees")
    assert list(queries.fees_due(cashier.actor).values_list("case_id", flat=True)) == [case.id]
    with pytest.raises(NotFound):
        queries.case_for(cashier.actor, case.number)
    assert not Task.objects.filter(post=cashier.post).exists()
