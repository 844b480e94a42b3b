"""What moves the clocks, from the pages of officials: asked for, refused with what was typed, done once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tongban.base.actor import SYSTEM
from tongban.cases import actions, queries
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Approval, Case, Clock, Suspension, Task
from tongban.cases.tests.people import NOW, City, Staff, client_of, open_task
from tongban.organisations import actions as organisations

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PROCEDURE = {"procedure": "expert_review", "ground": "需要专家评审", "expected": "１０", "unit": "working_day"}


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask for the time; the tests' Monday is the day on which they do."""
    for door in ("desk", "office", "resident", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW)


@pytest.fixture
def head(city: City) -> Staff:
    """The head of the office, who is asked."""
    city.market.posts["head"] = organisations.create_post(
        actor=SYSTEM,
        organisation_id=city.market.organisation.id,
        name="局长",
        roles=["supervisor"],
        is_head=True,
        now=NOW,
    )
    return city.market.staff("head", "钱局长")


def act(case: Case, task: Task, step: str) -> str:
    return reverse("cases:act", args=[case.number, task.id, step])


def shown(client: Client, case: Case) -> str:
    return client.get(reverse("cases:case", args=[case.number])).content.decode()


def test_a_special_procedure_is_begun_and_ended_from_the_page(city: City) -> None:
    case = city.accepted()
    task, client = open_task(case, "review"), client_of(city.reviewer.username)
    assert act(case, task, "procedure") in shown(client, case)
    asked = client.get(act(case, task, "procedure")).content.decode()
    assert 'name="expected"' in asked
    assert client.post(act(case, task, "procedure"), {"revision": 2, **PROCEDURE}).status_code == 302
    again = client.post(act(case, task, "procedure"), {"revision": 2, **PROCEDURE})
    assert again.status_code == 409
    assert "需要专家评审" in again.content.decode()
    suspension = Suspension.objects.get(case=case)
    assert (suspension.expected_value, suspension.expected_unit) == (10, "working_day")
    stands = shown(client, case)
    assert "2026年3月16日" in stands
    assert suspension.paper is not None
    assert suspension.paper.number in stands
    assert f'value="{suspension.id}"' in stands
    empty = client.post(act(case, task, "resumption"), {"suspension": str(suspension.id), "outcome": " "})
    assert empty.status_code == 422
    sent = {"suspension": str(suspension.id), "outcome": "专家同意"}
    assert client.post(act(case, task, "resumption"), sent).status_code == 302
    assert client.post(act(case, task, "resumption"), sent).status_code == 409
    suspension.refresh_from_db()
    assert suspension.outcome == "专家同意"
    assert Case.objects.get(id=case.id).state == "review"


def test_a_procedure_that_is_not_complete_comes_back_with_all_that_was_typed(city: City) -> None:
    case = city.accepted()
    task, client = open_task(case, "review"), client_of(city.reviewer.username)
    answer = client.post(act(case, task, "procedure"), {"ground": "现场<b>复杂", "expected": "许多", "unit": "month"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "现场&lt;b&gt;复杂" in page
    assert 'value="许多"' in page
    assert re.search(r'<option value="month"[^>]*selected', page)
    answer = client.post(act(case, task, "procedure"), {"ground": " ", "unit": "month"})
    assert answer.content.decode().count("govuk-error-message") == 3
    assert not Suspension.objects.filter(case=case).exists()


def test_a_law_suspends_and_nothing_is_decided_meanwhile(city: City) -> None:
    case = city.reviewed()
    task, client = open_task(case, "decision"), client_of(city.head.username)
    assert client.post(act(case, task, "suspension"), {"ground": "等待诉讼"}).status_code == 422
    sent = {"ground": "等待诉讼", "basis": "《某条例》第十条"}
    assert client.post(act(case, task, "suspension"), sent).status_code == 302
    page = shown(client, case)
    assert act(case, task, "decide") not in page
    assert "等待诉讼" in page


def test_what_a_table_does_not_know_is_not_offered(city: City) -> None:
    week = TermLimit(value=5, unit="working_day")
    case = city.accepted(terms=Terms(item_type="07", promised=week))
    page = shown(client_of(city.reviewer.username), case)
    task = open_task(case, "review")
    assert act(case, task, "suspension") in page
    assert act(case, task, "procedure") not in page
    assert act(case, task, "extension") not in page


def test_an_extension_is_asked_for_and_allowed(city: City, head: Staff) -> None:
    case = city.accepted()
    task, client = open_task(case, "review"), client_of(city.reviewer.username)
    assert client.post(act(case, task, "extension"), {"reasons": " "}).status_code == 422
    assert client.post(act(case, task, "extension"), {"reasons": "现场条件复杂"}).status_code == 302
    assert client.post(act(case, task, "extension"), {"reasons": "现场条件复杂"}).status_code == 409
    superior, asked = client_of(head.username), open_task(case, "approval")
    assert case.number in superior.get("/office/?kind=approval").content.decode()
    page = shown(superior, case)
    assert "现场条件复杂" in page
    assert "李审查" in page
    assert superior.post(act(case, asked, "answer"), {"word": "好"}).status_code == 422
    assert superior.post(act(case, asked, "answer"), {"answer": "refused"}).status_code == 422
    assert superior.post(act(case, asked, "answer"), {"answer": "granted"}).status_code == 302
    assert Clock.objects.get(case=case, kind="statutory").extensions.count() == 1


def test_a_refused_question_is_answered_on_the_page(city: City, head: Staff) -> None:
    case = city.accepted()
    task, client = open_task(case, "review"), client_of(city.reviewer.username)
    client.post(act(case, task, "extension"), {"reasons": "忙"})
    assert "李审查" in shown(client, case)
    answer = {"answer": "refused", "word": "理由不充分"}
    client_of(head.username).post(act(case, open_task(case, "approval"), "answer"), answer)
    assert "理由不充分" in shown(client, case)
    assert Approval.objects.get(case=case).granted is False


def test_a_late_point_is_said_before_and_asked_of_the_superior(city: City, head: Staff) -> None:
    case = city.case()
    first = [("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=first, now=NOW)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    page = shown(client, case)
    assert "经营场所（初次即可指出）" in page
    assert "租赁合同（初次即可指出）" not in page
    late = {"words-field:address": "请写明门牌"}
    refused = client.post(act(case, task, "supplement"), late)
    assert refused.status_code == 422
    assert "请写明门牌" in refused.content.decode()
    assert client.post(act(case, task, "supplement"), {**late, "reasons": "首次看漏"}).status_code == 302
    assert Case.objects.get(id=case.id).state == "submitted"
    superior, asked = client_of(head.username), open_task(case, "approval")
    page = shown(superior, case)
    for words in ("首次看漏", "经营场所", "请写明门牌"):
        assert words in page
    assert superior.post(act(case, asked, "answer"), {"answer": "granted"}).status_code == 302
    assert Case.objects.get(id=case.id).state == "supplement"


def test_what_was_asked_for_before_needs_no_superior(city: City, head: Staff) -> None:
    case = city.case()
    first = [("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=first, now=NOW)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    assert client.post(act(case, task, "supplement"), {"words-material:lease": "仍缺"}).status_code == 302
    assert Case.objects.get(id=case.id).state == "supplement"


@pytest.mark.parametrize(
    ("own", "days"),
    [
        (None, 45),
        ("", 45),
        ("《行政许可法》第四十二条", 45),
        ("行政许可法第四十二条", 45),
        ("《中华人民共和国食品安全法》第三十五条", 0),
        ("《行政许可法》第四十二条、《食品安全法》第三十五条", 0),
        ("某省条例第九条", 0),
    ],
)
def test_handling_together_takes_its_own_limit_unless_another_law_has_one(
    city: City, own: str | None, days: int
) -> None:
    """行政许可法 art. 42: a guide's fifteen days are for one office; only another law's limit goes before the 45."""
    limit = None if own is None else TermLimit(value=15, unit="working_day", basis=own)
    case = city.case(terms=Terms(item_type="01", statutory=limit))
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    assert ('name="joint"' in shown(client, case)) is bool(days)
    assert client.post(act(case, task, "accept"), {"joint": "on"}).status_code == 302
    assert Clock.objects.get(case=case, kind="statutory").limit_value == (days or 15)
    assert Case.objects.get(id=case.id).is_joint is bool(days)
    told = queries.clocks_of(Case.objects.get(id=case.id), today=NOW.date(), for_applicant=True)
    sentences = next(clock.sentences for clock in told if clock.kind == "statutory")
    assert any("45 个工作日" in said and "联合办理" in said for said in sentences) is bool(days), sentences
