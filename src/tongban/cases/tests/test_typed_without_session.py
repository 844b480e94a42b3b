"""What is typed on the pages of cases after the session has expired comes back, and does nothing by itself."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tongban.accounts.tests.running_out import let_session_run_out
from tongban.cases import actions
from tongban.cases.kinds import FeeTerm, Terms
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import NOW, City, Resident, Staff, client_of, open_task


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask for the time; the tests' Monday is the day on which they do."""
    for door in ("desk", "office", "resident", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW)


def act(case: Case, task: Task, step: str) -> str:
    return reverse("cases:act", args=[case.number, task.id, step])


def typed_without_a_session(who: Staff | Resident, address: str, sent: Mapping[str, object]) -> str:
    """Post as somebody whose session has expired; return where signing in leads to."""
    browser = client_of(who.username)
    let_session_run_out(browser)
    answer = browser.post(address, sent)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


STEPS = {
    "accept": {"word": "材料已核对"},
    "supplement": {"word": "请补齐", "words-material:lease": "请上传合同"},
    "refuse-acceptance": {"reason": "不属于本局职权", "legal_basis": "第三十二条", "what_else": "请到住建局"},
    "pass-on": {"word": "属卫健职权"},
    "hand-over": {"word": "下午出差"},
    "review": {"choice": "agree", "opinion": "现场看了半小时，符合规定"},
    "decide": {"outcome": "granted", "reasons": "理由写了很久", "legal_basis": "第三十八条"},
}


@pytest.mark.parametrize("step", STEPS)
def test_what_an_official_typed_without_a_session_comes_back_on_the_case(city: City, step: str) -> None:
    who = {"review": city.reviewer, "decide": city.head}.get(step, city.desk)
    case = {"review": city.accepted, "decide": city.reviewed}.get(step, city.case)()
    task = case.tasks.get(state="open")
    before = Case.objects.get(id=case.id).revision
    back = typed_without_a_session(who, act(case, task, step), STEPS[step] | {"revision": 1})
    assert client_of(city.lin.username).get(back).status_code == 403
    assert client_of(city.health.staff("acceptance").username).get(back).status_code == 404
    shown = client_of(who.username).get(back)
    assert shown.status_code == 200
    for words in STEPS[step].values():
        assert words in shown.content.decode()
    revisions = re.findall(rf'name="revision" value="([^"]*)" id="{step}-{task.id}', shown.content.decode())
    assert revisions in ([], [str(before)])
    assert revisions or step == "hand-over"
    assert Case.objects.get(id=case.id).revision == before


def test_what_was_typed_for_a_task_that_is_done_meanwhile_is_there_to_copy(city: City) -> None:
    case = city.reviewed()
    task = open_task(case, "decision")
    back = typed_without_a_session(city.head, act(case, task, "decide"), {"reasons": "我的理由很长", "revision": 3})
    other = city.market.staff("approval", "钱决定")
    actions.decide(actor=other.actor, task=task, outcome="granted", reasons="好", now=NOW)
    shown = client_of(city.head.username).get(back).content.decode()
    assert "我的理由很长" in shown
    assert "同事已经" in shown
    assert Case.objects.get(id=case.id).decision.reasons == "好"


def test_other_words_typed_without_a_session_come_back(city: City) -> None:
    case = city.case(terms=Terms(item_type="01", fees=(FeeTerm(name="工本费", amount_fen=500),)))
    root = f"/office/cases/{case.number}"
    aside = typed_without_a_session(city.desk, f"{root}/stand-aside", {"reason": "申请人是我妹妹"})
    assert "申请人是我妹妹" in client_of(city.desk.username).get(aside).content.decode()
    assert not case.recusals.exists()
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    fee, cashier = case.fees.get(), city.market.staff("fees")
    clerk = client_of(cashier.username)
    for how, sent in (("paid", {"receipt_number": "湘财 0001"}), ("waive", {"waive_reason": "低保家庭"})):
        shown = clerk.get(typed_without_a_session(cashier, reverse("cases:settle", args=[fee.id, how]), sent))
        assert next(iter(sent.values())) in shown.content.decode()
        assert shown.status_code == 200
    fee.refresh_from_db()
    assert fee.state == "due"
    lin = client_of(city.lin.username)
    withdrawn = typed_without_a_session(city.lin, reverse("cases:withdraw", args=[case.number]), {"reason": "搬家了"})
    assert "搬家了" in lin.get(withdrawn).content.decode()
    rated = typed_without_a_session(city.lin, reverse("cases:rate", args=[case.number]), {"level": "5", "words": "快"})
    assert lin.get(rated).status_code == 200
    assert Case.objects.get(id=case.id).state == "review"
