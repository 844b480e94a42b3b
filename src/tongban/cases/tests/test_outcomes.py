"""What people read: a refusal is called one, clocks are shown once, wording says what is wanted; who oversees."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions, queries
from tongban.cases.kinds import DeliveryWish, Terms
from tongban.cases.models import Case, Recusal
from tongban.cases.tests.people import NOW, City, client_of, office, open_case, open_task, resident
from tongban.ledger import actions as ledger
from tongban.notifications import queries as notifications


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    for door in ("desk", "office", "resident", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW)


def refused(city: City, **changes: object) -> Case:
    case = city.reviewed(**changes)
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="无场所",
        legal_basis="《中华人民共和国行政许可法》第三十八条",
        now=NOW,
    )
    return case


@pytest.mark.parametrize(("item_type", "words"), [("01", "不予许可"), ("07", "未获准予")])
def test_a_refusal_is_called_one_everywhere(city: City, item_type: str, words: str) -> None:
    case = refused(city, terms=Terms(item_type=item_type))
    browser = client_of(city.lin.username)
    for address in ("/my", "/my/cases", f"/my/cases/{case.number}"):
        page = browser.get(address).content.decode()
        assert words in page, address
        assert "已送达</strong>" not in page, address
        assert "已经办好" not in page, address
    page = browser.get(f"/my/cases/{case.number}").content.decode()
    assert f"作出决定：{words}" in page
    assert f'<strong class="tb-tag tb-tag--red">{words}</strong>' in page.replace("govuk-tag ", "")
    assert words in client_of(city.head.username).get("/office/cases").content.decode()
    ledger.drain(NOW)
    subjects = list(notifications.box_of(city.lin.actor).values_list("subject", flat=True))
    assert not [subject for subject in subjects if "办好" in subject]
    assert "未获准予：食品经营许可" in subjects
    assert "决定书已送达：食品经营许可" in subjects


def test_in_english_too(city: City) -> None:
    ann = resident("Ann Lee", language="en")
    case = refused(city.__class__(**{**city.__dict__, "lin": ann}), delivery=DeliveryWish(way="window"))
    browser = client_of(ann.username)
    browser.cookies["language"] = "en"
    page = browser.get(f"/my/cases/{case.number}", headers={"accept-language": "en"}).content.decode()
    assert "Permit refused" in page
    assert "Please collect the decision" in page
    ledger.drain(NOW)
    subjects = list(notifications.box_of(ann.actor).values_list("subject", flat=True))
    assert {"Not granted: Food licence", "Decision ready: Food licence"} <= set(subjects)


def test_after_a_supplement_each_clock_is_shown_once(city: City) -> None:
    case = city.case(terms=Terms(item_type="07"))
    task = open_task(case, "acceptance")
    actions.ask_supplement(actor=city.desk.actor, task=task, points=[("material", "lease", "合同")], now=NOW)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    page = client_of(city.desk.username).get(f"/office/cases/{case.number}").content.decode()
    assert page.count('<p class="tb-clock__label">') == 1
    assert page.count("内部督办时限：") == 2  # how both were counted


def test_the_page_warns_that_the_notice_limit_has_passed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = city.case()
    browser, address = client_of(city.desk.username), f"/office/cases/{case.number}"
    assert "第三十二条：逾期" not in browser.get(address).content.decode()
    for door in ("desk", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW + timedelta(days=9))
    assert "第三十二条：逾期" in browser.get(address).content.decode()


def test_bulk_says_which(city: City) -> None:
    cases = [city.case() for _number in range(2)]
    browser = client_of(city.desk.username)
    ids = [str(open_task(case, "acceptance").id) for case in cases]
    page = browser.post("/office/bulk", {"task": ids, "action": "claim"}, follow=True).content.decode()
    assert any(f"已领取：{one.number}、{two.number}" in page for one, two in (cases, cases[::-1]))


def test_what_is_needed_is_not_marked_as_optional(city: City) -> None:
    case = city.accepted()
    page = client_of(city.reviewer.username).get(f"/office/cases/{case.number}").content.decode()
    assert "必须写明理由" in page
    assert "针对本项申请是否应当准予" in page
    second = city.reviewed()
    page = client_of(city.head.username).get(f"/office/cases/{second.number}").content.decode()
    label = page[page.index("法律依据") :][:200]
    assert "选填" not in label
    assert "不予时必填" in page


def test_a_lapsed_case_is_called_so(city: City) -> None:
    assert str(Case(state="lapsed").get_state_display()) in {"逾期未补正", "Ended: not supplemented in time"}


def test_a_supervisor_of_the_centre_oversees_the_whole_city_and_only_reads(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, elsewhere = city.case(), open_case(city.health, city.lin)
    supervisor = city.market.staff("supervisor", "鉴明")
    browser = client_of(supervisor.username)
    monkeypatch.setattr("tongban.cases.web.office.now", lambda: NOW + timedelta(days=9))
    for case in (late, elsewhere):
        assert case.number in browser.get("/office/cases").content.decode()
        page = browser.get(f"/office/cases/{case.number}")
        assert page.status_code == 200
        assert "/tasks/" not in page.content.decode()
        task = open_task(case, "acceptance")
        address = reverse("cases:act", args=[case.number, task.id, "accept"])
        assert browser.post(address, {"revision": 1}).status_code == 404
        with pytest.raises(NotFound):
            actions.accept(actor=supervisor.actor, task=task, now=NOW)
    assert set(Case.objects.values_list("state", flat=True)) == {"submitted"}
    Recusal.objects.create(case=late, official_id=supervisor.official_id, reason="近亲属", at=NOW)
    assert late.number not in browser.get("/office/cases").content.decode()


def test_other_supervisors_oversee_their_office_and_what_is_below_it(city: City) -> None:
    below = office("云澜市疾控中心", "cdc", roles=("acceptance",))
    parent = office("云澜市卫生健康委", "commission", roles=("supervisor",))
    type(below.organisation).objects.filter(id=below.organisation.id).update(parent=parent.organisation)
    within, outside = open_case(below, city.lin), city.case()
    actor = parent.staff("supervisor").actor
    assert set(queries.visible(actor)) == {within}
    assert outside not in queries.visible(actor)
    assert SYSTEM.official_id is None
